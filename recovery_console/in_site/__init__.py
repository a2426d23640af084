"""What needs Frappe. Diagnosis itself does not: it opens the site from outside here, too."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import get_bench_path, get_datetime, get_system_timezone

from recovery_console.core.extensions import checks_for
from recovery_console.core.registry import select_checks
from recovery_console.core.report import Report
from recovery_console.core.report import diagnose as run
from recovery_console.core.runner import DEADLINE, Progress
from recovery_console.core.site import Site
from recovery_console.core.site import open_site as open_from_outside
from recovery_console.core.times import UTC, zone
from recovery_console.rescue.command_base import Target
from recovery_console.rescue.explaining import as_dict, explain_for


def open_site(name: str | None = None) -> Site:
	"""Open a site of this bench, by default the one that Frappe is at, as break-glass would open it."""
	return open_from_outside(get_bench_path(), name or frappe.local.site)


def bench_folder() -> str:
	"""Return the folder of the bench that this Frappe belongs to."""
	return get_bench_path()


def diagnose(
	families: Iterable[str] = (), checks: Iterable[str] = (), on_progress: Progress | None = None
) -> Report:
	"""Diagnose the site that Frappe is at.

	Args:
		families: Only the checks of these families.
		checks: Only these checks.
		on_progress: Called after each check.

	Raises:
		UsageError: There is no such family or check.
	"""
	seconds = frappe.db.get_single_value("Recovery Settings", "deadline_seconds")
	with open_site() as site:
		selected = select_checks(families, checks, known=checks_for(site))
		deadline = timedelta(seconds=seconds) if seconds else DEADLINE
		return run(site, selected, deadline=deadline, on_progress=on_progress)


def explain(text: str) -> dict[str, Any]:
	"""Look for known errors in a text: those that come with the console, and the site's own."""
	return as_dict(*explain_for(Target(open_site, named=True), text, limit=5))


def explain_query(text: str) -> dict[str, Any]:
	"""Ask the site's database how it would carry out a query, and say what would help.

	Raises:
		ConsoleError: It is not one SELECT, or the database does not answer or understand it.
	"""
	from recovery_console.rescue.querying import explain_query  # which no diagnosis needs

	with open_site() as site:
		return explain_query(site, text)


def local(moment: datetime) -> datetime:
	"""Return a moment as Frappe stores it: naive, in the site's time zone."""
	return moment.astimezone(zone(get_system_timezone())).replace(tzinfo=None)


def utc(stored: datetime | str) -> datetime:
	"""Return a time that Frappe stored as an aware moment; from SQLite it comes as a text."""
	return get_datetime(stored).replace(tzinfo=zone(get_system_timezone())).astimezone(UTC)


#: MariaDB keeps 64 KiB in a field of type Text, refuses what is longer, and a letter takes up to four bytes.
_LONGEST_TEXT = 16_000


def clipped(text: str) -> str:
	"""Return as much of a text as every database keeps: a log that somebody pasted must not keep an incident from opening."""
	return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "\u2026"


def plain(text: str) -> str:
	"""Return a text for a field that Desk itself shows: it shows titles as HTML, so none may hold a tag."""
	return text.replace("<", "\u2039").replace(">", "\u203a")
