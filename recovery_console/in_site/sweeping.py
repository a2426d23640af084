"""The sweeper: what time brings about by itself. It may run twice at once, late, or after a long silence.

What it finds it writes with an update that only succeeds while the incident is as it was read; who comes second
changes nothing and tells nobody. Breaches are stamped with the moment at which they happened.
"""

import importlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe

from recovery_console.core import clocks as rules
from recovery_console.core.clocks import Swept
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import calls, clocks, local, notices, timeline
from recovery_console.in_site.transactions import log_failure

DOCTYPE = "Incident"
_FAILED = "a part of the sweep failed"
#: What is done, in this order: modules here, and the function that is called with the present moment.
PARTS = (
	("incidents", "recheck"),
	("evidence", "gather"),
	("sweeping", "due"),
	("notices", "digest"),
	("notices", "deliver"),
	("reviews", "sweep"),
	("duties", "sweep"),
)
#: An incident that cannot be swept is tried again after this time, and does not hold up the others.
_TRY_AGAIN = timedelta(hours=1)
#: While a silence covers an incident, it is seen this often whether somebody is to be called.
_SILENCED = timedelta(minutes=15)
#: So many incidents are looked at, each in a transaction of its own, the oldest due first.
_MOST = 200
#: Lines of a timeline that show that somebody is at work, when a person wrote them, or a run that one started.
_SIGNS_OF_LIFE = [
	EventKind.NOTE, EventKind.STATUS, EventKind.SEVERITY, EventKind.REPAIRED, EventKind.CONTINUED, EventKind.MERGED
]  # fmt: skip


def sweep(now: datetime | None = None) -> None:
	"""Do everything whose time has come. An error in one part is logged and keeps no other part from its work.

	Args:
		now: The present moment, aware.
	"""
	moment = now or datetime.now(UTC)
	for module, function in PARTS:
		_guarded(partial(_do, module, function), moment)


def due(now: datetime, only: Iterable[str] = ()) -> None:
	"""Find what has come to pass for incidents: clocks that ran out, calls that are due, snoozes that have ended.

	Args:
		now: The present moment, aware.
		only: Look at these incidents alone.
	"""
	for row in past_due(now, list(only)):
		try:
			sweep_one(row, now)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()  # somebody else writes just now: the next sweep finds it as it is then
		except Exception:  # noqa: BLE001 (logged; the other incidents go on)
			log_failure(_FAILED)
			again = rules.due_text(now + _TRY_AGAIN)
			calls.changed(DOCTYPE, row.name, {"next_due": row.next_due}, {"next_due": again})
			frappe.db.commit()


def past_due(now: datetime, only: list[str]) -> list[Any]:
	"""Return the incidents for which something has come to pass, as they are stored, the oldest due first."""
	filters = [["next_due", ">", "1"], ["next_due", "<=", rules.due_text(now)]]
	if only:
		filters.append(["name", "in", only])
	return frappe.get_all(
		DOCTYPE, filters=filters, fields=["*"], order_by="next_due asc", limit_page_length=_MOST
	)


def sweep_one(row: Any, now: datetime) -> None:
	"""Write and tell what has come to pass for an incident, unless it is not as it was read any more. It commits."""
	policy = clocks.policy()
	known = rules.from_json(row.clocks)
	life = _last_sign_of_life(row.name)
	known = rules.heard(policy, known, life) if life else known
	if row.silenced_by:
		known = rules.put_off(known, now + _SILENCED)
	swept = rules.sweep(policy, known, now)
	frappe.db.rollback()  # what is written begins anew: SQLite lets nobody write who has read something older
	if _claimed(row, swept, now):
		_tell(row, swept, now)
	frappe.db.commit()


def _last_sign_of_life(incident: str) -> datetime | None:
	found = frappe.get_all(
		timeline.DOCTYPE,
		filters={"incident": incident, "event": ("in", [kind.value for kind in _SIGNS_OF_LIFE])},
		or_filters=[["actor", "!=", ""], ["event", "=", EventKind.REPAIRED.value]],
		pluck="moment",
		order_by="number desc",
		limit_page_length=1,
	)
	return datetime.fromisoformat(found[0]) if found else None


def _claimed(row: Any, swept: Swept, now: datetime) -> bool:
	"""Write what was found, and tell whether it was this process that did."""
	fields = clocks.fields_of(swept.clocks, row)
	if swept.woken:
		fields["snooze_reason"] = None
	if swept.breaches or swept.call or swept.woken:
		fields["modified"] = local(
			now
		)  # who has it open in Desk is told, and does not save what it was before
	return calls.changed(DOCTYPE, row.name, {"next_due": row.next_due, "clocks": row.clocks}, fields)


def _tell(row: Any, swept: Swept, now: datetime) -> None:
	texts = []
	for clock, at in swept.breaches:
		texts.append(rules.breach_text(clock, row.severity))
		timeline.add(row.name, EventKind.BREACHED, texts[-1], at=at)
	if texts:
		notices.tell("Breached", row.name, " ".join(texts), now=now)
	if swept.woken:
		timeline.add(row.name, EventKind.CONTINUED, rules.WOKEN, at=now)
	if swept.call:
		calls.make(row, swept.call, now)


def _do(module: str, function: str, now: datetime) -> None:
	"""Do one part; a module that cannot be loaded keeps no other one from its work."""
	getattr(importlib.import_module(f"recovery_console.in_site.{module}"), function)(now)


def _guarded(part: Callable[[datetime], Any], now: datetime) -> None:
	"""Do one part. When it fails, what it did not commit is taken back, and the error is logged."""
	try:
		part(now)
	except Exception:  # noqa: BLE001 (logged; the other parts go on)
		log_failure(_FAILED)
