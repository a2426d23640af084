"""What the console writes into timelines by itself: steps of runs, snapshots that differ, mails, changes on the site."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime

from recovery_console.core.changes import Change
from recovery_console.core.errors import ConsoleError
from recovery_console.core.incident_run import found_before
from recovery_console.core.journal import Journal
from recovery_console.core.redact import redact_text
from recovery_console.core.run import Run
from recovery_console.core.run_story import Told, story
from recovery_console.core.snapshot import count
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import plain, timeline, utc

DOCTYPE = "Incident"
_RUN = "Runbook Run"
_OVER = ["Resolved", "Closed"]
#: So many of the newest runs, incidents of each, and mails of an incident are looked at.
_MOST_RUNS = 20
_MOST_MAILS = 50
#: So many of the latest changes before an incident are told.
_MOST_CHANGES = 10
#: Of a run whose journal is longer only its beginning and its end are told.
_LONGEST_JOURNAL = 2000


def tell_of_runs(journal: Journal) -> None:
	"""Write into timelines who asked for the latest runs, who agreed, and what each step did. Each once; it commits."""
	since = add_to_date(now_datetime(), days=-2, as_datetime=True)
	names = frappe.get_all(
		_RUN, filters={"modified": (">", since)}, pluck="name", order_by="modified desc", limit=_MOST_RUNS
	)
	for name in reversed(names):
		try:
			tell_of_run(journal.load(name), journal)
		except ConsoleError:  # a damaged journal is told by a check of its own
			continue
	frappe.db.commit()


def tell_of_run(run: Run, journal: Journal) -> None:
	"""Write into the timelines of a run's incidents what they do not tell yet. What was done before is committed."""
	if not found_before(run) or run.entries > _LONGEST_JOURNAL:
		return
	missing = [
		(incident, line) for incident in _incidents_of(run) for line in _untold(incident, run, journal)
	]
	if missing:
		frappe.db.commit()  # writing begins anew: SQLite lets nobody write who has read something older
	for incident, line in missing:
		timeline.add(
			incident,
			EventKind.REPAIRED,
			line.detail,
			at=line.at,
			actor=line.actor,
			reference=(_RUN, run.id),
		)


def _untold(incident: str, run: Run, journal: Journal) -> list[Told]:
	"""Return what a run's journal tells and the timeline does not."""
	there = Counter(
		frappe.get_all(
			timeline.DOCTYPE,
			filters={"incident": incident, "reference_doctype": _RUN, "reference_name": run.id},
			pluck="detail",
		)
	)
	found = []
	for line in story(run, journal.entries(run.id)):
		detail = plain(redact_text(line.detail)).strip()
		there[detail] -= 1
		if there[detail] < 0:
			found.append(line)
	return found


def _incidents_of(run: Run) -> list[str]:
	"""Return the incidents that were open when a run was made for their findings."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"fingerprint": ("in", sorted(found_before(run)))},
		fields=["name", "first_seen", "resolved_at", "merged_into"],
		order_by="creation desc",
		limit=_MOST_RUNS,
	)
	ended = run.last or run.created
	return [
		row.name
		for row in rows
		if not row.merged_into
		and (not row.first_seen or utc(row.first_seen) <= ended)
		and (not row.resolved_at or utc(row.resolved_at) >= run.created)
	]


def tell_of_snapshot(report: Mapping[str, Any], snapshot: str, now: datetime) -> None:
	"""Write into the timelines of open incidents that the site's status is another one than they last told.

	Those that stand beneath another need not say it, too: a storm has hundreds of them.
	"""
	counts = count(report)
	status = _("The site as a whole is {0}").format(_(str(report["status"])))
	numbers = _("critical: {0}, warnings: {1}, could not look: {2}").format(
		counts.critical, counts.warning, counts.unknown
	)
	alone = {"status": ("not in", _OVER), "parent_incident": ("is", "not set")}
	for incident in frappe.get_all(DOCTYPE, filters=alone, pluck="name", limit_page_length=0):
		last = frappe.get_all(
			timeline.DOCTYPE,
			filters={"incident": incident, "event": EventKind.SNAPSHOT.value},
			pluck="detail",
			order_by="number desc",
			limit_page_length=1,
		)
		if not last or last[0].partition(" (")[0] != status:
			timeline.add(incident, EventKind.SNAPSHOT, f"{status} ({numbers}).", at=now, snapshot=snapshot)


def tell_of_mails(incident: str) -> None:
	"""Write into a timeline the mails that people sent or got about the incident, by their subjects. Each once."""
	told = set(
		frappe.get_all(
			timeline.DOCTYPE,
			filters={"incident": incident, "event": EventKind.MAIL.value},
			pluck="reference_name",
		)
	)
	for mail in frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": DOCTYPE,
			"reference_name": incident,
			"communication_type": "Communication",
		},
		fields=["name", "subject", "sent_or_received", "creation", "owner"],
		order_by="creation asc",
		limit=_MOST_MAILS,
	):
		if mail.name in told:
			continue
		text = _("Mail received: {0}") if mail.sent_or_received == "Received" else _("Mail sent: {0}")
		timeline.add(
			incident,
			EventKind.MAIL,
			text.format(mail.subject or ""),
			at=utc(mail.creation),
			actor=mail.owner,
			reference=("Communication", mail.name),
		)


def tell_of_changes(incident: str, changes: Iterable[Change], opened: datetime) -> None:
	"""Write into a timeline what changed on the site shortly before the incident was seen, the oldest first."""
	before = [change for change in changes if change.when <= opened + timedelta(minutes=1)][:_MOST_CHANGES]
	for change in reversed(before):
		timeline.add(
			incident,
			EventKind.SITE_CHANGED,
			change.what,
			at=change.when.astimezone(UTC),
			reference=change.reference,
		)
