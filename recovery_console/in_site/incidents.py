"""Incidents as documents: what a diagnosis changes is worked out in core and written here."""

import random
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.synchronization import filelock

from recovery_console.core.acting import BY_HAND
from recovery_console.core.incident import (
	REOPEN_WITHIN,
	Change,
	IncidentStatus,
	Known,
	Look,
	Sighting,
	newcomers,
)
from recovery_console.core.incident import follow as work_out
from recovery_console.core.registry import all_checks
from recovery_console.core.storm import STORM_FROM, arrange
from recovery_console.core.suspicion import LOOK_EVERY, Confirmation, to_look_again
from recovery_console.core.times import UTC
from recovery_console.in_site import (
	clocks,
	diagnose,
	incident_again,
	local,
	silences,
	suspects,
	timeline,
	utc,
)
from recovery_console.in_site.incident_record import (
	DOCTYPE,
	begin_review,
	move,
	read,
	save,
	tell,
)
from recovery_console.in_site.transactions import back_to

LOCK = "recovery_console_incidents"
#: Seconds that a look waits for another one to be written: that of a storm takes its time.
PATIENCE = 90
#: So often a look is written anew that met other writers.
_ATTEMPTS = 5
#: After a repair its checks look again every few minutes, for so long at most.
_AFTER_REPAIR = timedelta(hours=24)
#: So many checks are asked again between two diagnoses.
_MOST_CHECKS = 20


def follow(report: Mapping[str, Any], snapshot: str, *, settings: Document | None = None) -> None:
	"""Open, update, resolve and reopen incidents after a report.

	A new problem opens one when it is confirmed, and no silence covers it. An incident that cannot be written is
	logged, and does not keep the others from being written.

	It begins with what is committed: where it meets other writers it is taken back whole, and tried again.

	Args:
		report: The report, version 1.
		snapshot: Name of the Health Snapshot that keeps it; empty where none does.
		settings: Recovery Settings, where they are at hand.

	Raises:
		frappe.QueryDeadlockError: It met other writers again and again; nothing was changed.
	"""
	for attempt in range(1, _ATTEMPTS + 1):
		try:
			_follow(report, snapshot, settings or frappe.get_cached_doc("Recovery Settings"))
			break
		except (frappe.QueryDeadlockError, frappe.UniqueValidationError):
			# Databases end a transaction that meets another one: nothing of it is left, and all of it is done again.
			# So does a look that suspected the same problem in this moment.
			frappe.db.rollback()
			frappe.clear_messages()
			if attempt == _ATTEMPTS:
				raise
			time.sleep(random.uniform(0.05, 0.3) * attempt)  # noqa: S311 (so that two do not meet again)


def _follow(report: Mapping[str, Any], snapshot: str, settings: Document) -> None:
	when = datetime.fromisoformat(report["started"])
	rules = _Rules(settings)
	look = Look.of(report)
	with filelock(LOCK, timeout=PATIENCE):
		known = _known(rules.reopen)
		silent = silences.holding(when)
		covered = _covered(silent, known, look, when)
		fresh = newcomers(known, look, when, rules.reopen) - covered.keys()
		if not snapshot:
			fresh -= _explained_elsewhere(fresh, known, look)
		confirmed = suspects.look(
			{name: look.seen[name] for name in look.roots if name in fresh},
			look.looked,
			when,
			rules.confirmation,
		)
		changes = work_out(
			known, look, when, may_open=confirmed, silenced=covered.keys(), reopen=rules.reopen
		)
		_write_all(arrange(changes, known, look, when, rules.storm_from), known, when, snapshot)
		silences.cover_open(silent, when)


def _explained_elsewhere(fresh: set[str], known: list[Known], look: Look) -> set[str]:
	"""Return the new problems of a look between two diagnoses that an open incident may explain.

	Such a look asks a few checks only, so it finds no causes: the next diagnosis says which of them stand by themselves.
	"""
	not_asked = {incident.check for incident in known if incident.status.is_open} - look.looked
	checks = all_checks()
	return {
		fingerprint
		for fingerprint in fresh
		if (check := checks.get(look.seen[fingerprint].check)) and not_asked.intersection(check.explained_by)
	}


class _Rules:
	"""What Recovery Settings say of incidents. 0 and nothing mean what the console does by itself."""

	def __init__(self, settings: Document) -> None:
		default = Confirmation()
		looks = settings.confirm_looks or default.looks
		self.confirmation = Confirmation(looks, max(looks, settings.confirm_of or default.of))
		self.storm_from = settings.storm_from or STORM_FROM
		self.reopen = timedelta(days=settings.reopen_days) if settings.reopen_days else REOPEN_WITHIN


def _covered(
	silent: list[silences.Silence], known: list[Known], look: Look, when: datetime
) -> dict[str, str]:
	"""Return which problems without an open incident are silenced, by which silence, and count them there."""
	is_open = {incident.fingerprint for incident in known if incident.status.is_open}
	new = [look.seen[name] for name in look.roots if name not in is_open]
	covered = silences.covered(silent, new, when)
	silences.count(covered, look.seen, when)
	return covered


_FIELDS = [
	"name", "fingerprint", "check_id", "status", "severity", "gravity", "count", "healthy_checks", "resolved_at", "lines",
	"proposed_severity", "first_seen", "parent_incident", "mitigated_by",
]  # fmt: skip


def _known(reopen: timedelta) -> list[Known]:
	over = [IncidentStatus.RESOLVED.value, IncidentStatus.CLOSED.value]
	rows = frappe.get_all(DOCTYPE, filters={"status": ("not in", over)}, fields=_FIELDS, limit_page_length=0)
	rows += frappe.get_all(
		DOCTYPE,
		filters={
			"status": IncidentStatus.RESOLVED.value,
			"resolved_at": (">", now_datetime() - reopen - timedelta(days=1)),
		},
		fields=_FIELDS,
		limit_page_length=0,
	)
	merged: dict[str, list[str]] = {}
	for row in frappe.get_all(
		DOCTYPE,
		filters={"merged_into": ("in", [row.name for row in rows] or [""])},
		fields=["merged_into", "fingerprint"],
		limit_page_length=0,
	):
		if not row.fingerprint.startswith(BY_HAND):
			merged.setdefault(row.merged_into, []).append(row.fingerprint)
	return [_known_incident(row, tuple(merged.get(row.name, ()))) for row in rows]


def _known_incident(row: Any, also: tuple[str, ...]) -> Known:
	return Known(
		name=row.name,
		fingerprint=row.fingerprint,
		check=row.check_id,
		status=IncidentStatus(row.status),
		severity=row.severity,
		gravity=row.gravity,
		count=row["count"] or 0,
		healthy_checks=row.healthy_checks or 0,
		resolved=utc(row.resolved_at) if row.resolved_at else None,
		events=row.lines or 0,
		proposed=row.proposed_severity or "",
		first_seen=utc(row.first_seen) if row.first_seen else None,
		parent=row.parent_incident or "",
		also=also,
		by_hand=row.fingerprint.startswith(BY_HAND),
		repaired=(row.mitigated_by or "").startswith(REPAIRED_BY),
	)


#: What stands before the name of a run in the field Mitigated By.
REPAIRED_BY = "Run "


def _write_all(changes: Iterable[Change], known: Iterable[Known], when: datetime, snapshot: str) -> None:
	names = {incident.fingerprint: incident.name for incident in known if incident.status.is_open}
	opened = []
	changes = list(changes)
	rows = incident_again.findings_of([change.incident for change in changes if change.incident])
	for change in changes:
		if incident_again.is_only_seen_again(change, rows):
			incident_again.write(change, rows, when, snapshot)
			continue
		name = _write(change, names, when, snapshot)
		if name:
			names[change.fingerprint] = name
			if change.incident is None:
				opened.append((change.fingerprint, name))
	suspects.opened(opened)


def _write(change: Change, names: Mapping[str, str], when: datetime, snapshot: str) -> str:
	"""Write a change and return the name of its incident; empty where it could not be written."""
	frappe.db.savepoint("recovery_console_incident")
	try:
		doc = read(change.incident) if change.incident else frappe.new_doc(DOCTYPE)
		_fill(doc, change, names, when, snapshot)
		save(doc)
		for event in change.events:
			timeline.add(doc.name, event.kind, event.detail, at=when, snapshot=snapshot)
		if change.tells:
			tell(change.tells, doc.name, change.detail, when)
		if change.status is IncidentStatus.RESOLVED:
			begin_review(doc)
	except frappe.UniqueValidationError:
		# Another worker has opened it in this moment: its next diagnosis will find it open.
		back_to("recovery_console_incident")
		frappe.clear_messages()
	except frappe.QueryDeadlockError:
		raise
	except Exception:  # noqa: BLE001 (logged; the other incidents go on)
		back_to("recovery_console_incident")
		frappe.log_error(
			title="Recovery Console: incident not updated",
			message=f"{change.fingerprint}\n{frappe.get_traceback()}",
		)
	else:
		return doc.name
	return ""


def _fill(doc: Document, change: Change, names: Mapping[str, str], when: datetime, snapshot: str) -> None:
	graver_or_not = not doc.is_new() and doc.severity != change.severity
	doc.update(
		{
			"fingerprint": change.fingerprint,
			"severity": change.severity,
			"proposed_severity": change.proposed or doc.proposed_severity,
			"healthy_checks": change.healthy_checks,
			"last_looked": when.astimezone(UTC).isoformat(timespec="seconds"),
		}
	)
	if change.parent is not None:
		doc.parent_incident = names.get(change.parent) if change.parent else None
	if change.reason and change.reason != doc.severity_reason:
		doc.severity_reason = change.reason
	if change.sighting is not None:
		_fill_sighting(doc, change.sighting, local(when), snapshot)
	if doc.is_new():
		doc.update({"status": change.status.value, "category": change.category})
		clocks.started(doc, when)
		return
	before = move(doc, change.status.value, when)
	if graver_or_not and before == doc.status:
		clocks.severity_changed(doc, when)
	if doc.snoozed_until and change.tells == "Worse":
		clocks.snoozed(doc, None, when)
		doc.snooze_reason = None
	if change.parent is not None:
		clocks.arranged(doc)


def _fill_sighting(doc: Document, sighting: Sighting, when: datetime, snapshot: str) -> None:
	doc.update(incident_again.fields_of(sighting, when, snapshot or doc.last_snapshot))
	doc.occurrences = (doc.occurrences or 0) + 1
	doc.first_seen = doc.first_seen or when
	doc.first_snapshot = doc.first_snapshot or snapshot
	doc.set("findings", [incident_again.row_of(item) for item in (sighting.finding, *sighting.explained)])


def recheck(now: datetime) -> None:
	"""Ask again the checks of suspected problems, and those of incidents that a repair should have ended. It commits.

	Nothing is asked that was asked less than a few minutes ago, or that the next diagnosis will ask soon enough.
	"""
	wanted = sorted(to_look_again(suspects.suspected(), now) | _after_repair(now))[:_MOST_CHECKS]
	if wanted:
		follow({**diagnose(checks=wanted).as_dict(), "started": now.isoformat()}, "")
	else:
		with filelock(LOCK, timeout=PATIENCE):
			silences.cover_open(silences.holding(now), now)
	suspects.thin(now)
	frappe.db.commit()


def _after_repair(now: datetime) -> set[str]:
	"""Return the checks of mitigated incidents whose next look is due."""
	return {
		row.check_id
		for row in frappe.get_all(
			DOCTYPE,
			filters={
				"status": IncidentStatus.MITIGATED.value,
				"mitigated_at": (">", local(now - _AFTER_REPAIR)),
				"check_id": ("!=", ""),
			},
			fields=["check_id", "last_looked"],
			limit_page_length=0,
		)
		if not row.last_looked or now - datetime.fromisoformat(row.last_looked) >= LOOK_EVERY
	}
