"""Runs in the timelines of incidents: which were made for them, how these ended, and what status that gives."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import frappe
from frappe.utils import add_to_date, now_datetime
from frappe.utils.synchronization import filelock

from recovery_console.core.errors import ConsoleError
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.incident_run import concerns, effect, found_before
from recovery_console.core.run import Run, RunState
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import timeline, utc
from recovery_console.in_site.incident_record import DOCTYPE, move, read, save, tell_status
from recovery_console.in_site.incidents import LOCK, PATIENCE, REPAIRED_BY
from recovery_console.in_site.transactions import log_failure

#: So many of the newest runs, and incidents of each, are looked at.
_MOST_RUNS = 20
#: In these states a run has changed nothing, and nobody has agreed to it.
_QUIET = [RunState.PLANNED.value, RunState.AWAITING_APPROVAL.value]


def tell_of_runs(load: Callable[[str], Run]) -> None:
	"""Write into the timelines of incidents which runs were made for them and how these ended. Each once; it commits.

	Also for runs of break-glass, once they are adopted.

	Args:
		load: Returns a run by its name.
	"""
	since = add_to_date(now_datetime(), days=-2, as_datetime=True)
	names = frappe.get_all(
		"Runbook Run",
		filters={"state": ("not in", _QUIET), "modified": (">", since)},
		pluck="name",
		order_by="modified desc",
		limit=_MOST_RUNS,
	)
	for name in names:
		try:
			with suppress(ConsoleError):  # a damaged journal is told where runs are shown
				tell_of_run(load(name))
		except Exception:  # noqa: BLE001 (logged; the other runs are told, and this one is tried again)
			log_failure("a run is not told to its incidents", name)


def tell_of_run(run: Run) -> None:
	"""Write into the timelines of its incidents how a run stands, and give them the status that follows. It commits."""
	found = found_before(run)
	if not found or not run.planned:
		return
	with filelock(LOCK, timeout=PATIENCE):
		rows = frappe.get_all(
			DOCTYPE,
			filters={"fingerprint": ("in", sorted(found)), "merged_into": ("in", ["", None])},
			fields=["name", "first_seen", "resolved_at"],
			order_by="creation desc",
			limit=_MOST_RUNS,
		)
		for row in rows:
			first, resolved = (utc(at) if at else None for at in (row.first_seen, row.resolved_at))
			if concerns(run, first, resolved):
				_tell(row.name, run)
		frappe.db.commit()


def _tell(name: str, run: Run) -> None:
	doc = read(name)
	after = effect(IncidentStatus(doc.status), run)
	if not after.detail or _is_told(name, run.id, after.detail):
		return
	when = (run.last or datetime.now(UTC)).astimezone(UTC)
	before = move(doc, after.status.value, when)
	if before != doc.status:
		if after.status is IncidentStatus.MITIGATED:
			doc.mitigated_by = REPAIRED_BY + run.id
		if not doc.responder and frappe.db.exists("User", run.requested_by):
			doc.responder = run.requested_by
		save(doc)
	timeline.add(
		name,
		EventKind.REPAIRED,
		after.detail,
		at=when,
		reference=("Runbook Run", run.id),
		actor=run.requested_by,
	)
	if before != doc.status:
		timeline.add(name, EventKind.STATUS, f"{before} → {doc.status}.", at=when, actor=run.requested_by)
		tell_status(doc, after.detail, when)


def _is_told(incident: str, run: str, detail: str) -> bool:
	"""Tell whether the timeline has this line: a state is told once, whatever is said of it later."""
	sign = detail.split(".")[0]
	said = frappe.get_all(
		timeline.DOCTYPE,
		filters={"incident": incident, "reference_doctype": "Runbook Run", "reference_name": run},
		pluck="detail",
	)
	return any(line.startswith(sign) for line in said)
