"""The console's own snapshots, as its checks on itself read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

DOCTYPE = "Health Snapshot"
SETTINGS = "Recovery Settings"
#: So many of the latest reports are read, none older than this.
MOST_REPORTS = 12
NEWEST = timedelta(days=2)
#: A check is "often" unknown or slow in this many of them; fewer reports say nothing.
LEAST_REPORTS = 6
#: What holds a snapshot back, for ``explained_by``.
HELD_BACK_BY = (
	*(
		"scheduler.alive",
		"scheduler.enabled",
		"scheduler.switches",
		"scheduler.maintenance",
		"scheduler.dormant",
	),
	*(
		"scheduler.overdue",
		"scheduler.stopped",
		"scheduler.never_run",
		"scheduler.failing",
		"scheduler.stuck_runs",
	),
	*(
		"scheduler.gone_method",
		"jobs.workers",
		"jobs.unserved_queues",
		"jobs.backlog",
		"jobs.redis",
		"console.jobs",
	),
)


@dataclass(frozen=True)
class Said:
	"""What a check said in one of the latest reports."""

	check: str
	title: str
	status: str
	reason: str
	milliseconds: float


def enabled(site: Site) -> bool:
	"""Tell whether the site wants a snapshot every hour."""
	return bool(site.single_int(SETTINGS, "snapshots_enabled", 1))


def days(site: Site, field: str, default: int) -> timedelta:
	"""Return a number of days from Recovery Settings."""
	return timedelta(days=site.single_int(SETTINGS, field, default))


def within(site: Site, t: DocTable, window: timedelta) -> Any:
	"""Return the condition that a snapshot lies in the window."""
	since = site.ago(window)
	return (t.creation >= since) & (t.modified >= since)


def latest(site: Site) -> list[list[Said]]:
	"""Return what the checks said in the latest reports, newest first, read once for all checks.

	Raises:
		NotApplicable: There are too few to call anything "often".
	"""
	found = site.remember("console.latest", lambda: list(_read(site)))
	if len(found) < LEAST_REPORTS:
		raise NotApplicable(_("There are fewer than {0} recent reports to look at.").format(LEAST_REPORTS))
	return found


def _read(site: Site) -> Iterator[list[Said]]:
	t = table(DOCTYPE)
	query = site.db.from_(t).select(t.report)
	query = query.where(within(site, t, NEWEST) & t.status.notin(["Running", "Failed"]))
	for row in site.db.run(query.orderby(t.creation, order=Order.desc).limit(MOST_REPORTS)):
		try:
			checks = json.loads(row["report"] or "{}").get("checks") or []
			yield [
				Said(
					str(check["id"]),
					str(check.get("title") or check["id"]),
					str(check["status"]),
					str(check.get("reason") or ""),
					float(check.get("duration_ms") or 0),
				)
				for check in checks
			]
		except (ValueError, KeyError, TypeError, AttributeError):
			continue  # a report of another version, or one that was cut off
