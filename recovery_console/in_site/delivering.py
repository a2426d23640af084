"""Sending what is in the outbox: each notice is claimed by one process, sent, and told in the incident's timeline."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _

from recovery_console.core.notice_text import Message, incident_message, message_from, plain_message, safe
from recovery_console.core.notices import (
	DESK,
	LOST_AFTER,
	MAIL,
	QUICKEST_FIRST,
	Failure,
	Kind,
	State,
	after_failure,
	room_at,
)
from recovery_console.core.severity import ALIASES
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import channels, fallbacks, holding, notices, plain, timeline
from recovery_console.in_site.channels import mail
from recovery_console.in_site.notices import CHANNEL, DOCTYPE, stamp
from recovery_console.in_site.transactions import log_failure

#: A pass takes no longer, but for the call that it is in: the next one goes on.
BUDGET_SECONDS = 60.0
#: So many are looked at in one pass.
_MOST = 500
#: Where a channel failed, the others that wait for it are tried after so much time at the latest.
_LONGEST_BREAK = timedelta(minutes=5)
#: So often it is tried to keep what became of a notice while others write the same rows.
_WRITES = 5
_NOT_LIMITED = (Kind.COLLECTED.value, Kind.DIGEST.value, Kind.TEST.value)


def deliver(now: datetime, seconds: float = BUDGET_SECONDS) -> int:
	"""Send what is due, and return how many notices were sent. It commits.

	Args:
		now: The present moment, aware.
		seconds: After these nothing new is begun.
	"""
	with _in_the_sites_language():
		return _deliver(now, time.monotonic() + seconds)


@contextmanager
def _in_the_sites_language() -> Iterator[None]:
	"""Let notices speak the language of the site, whoever's request or job it is at the end of which they are sent."""
	before = frappe.local.lang
	frappe.local.lang = frappe.db.get_default("lang") or frappe.conf.lang or before
	try:
		yield
	finally:
		frappe.local.lang = before


def _deliver(now: datetime, ends: float) -> int:
	frappe.db.commit()  # what the caller wrote is kept; from here on each notice is a transaction of its own
	_take_over_lost(now)
	holding.release(now)
	broken: dict[tuple[str, str], tuple[str, str]] = {}
	sent = 0
	seen: set[str] = set()
	while time.monotonic() < ends and (due := [row for row in _due(now) if row.name not in seen]):
		for row in due:
			seen.add(row.name)
			if time.monotonic() < ends:
				sent += _tried(row, broken, now)
	return sent


def _tried(row: Any, broken: dict[tuple[str, str], tuple[str, str]], now: datetime) -> bool:
	"""Send one notice; what goes wrong beside its channel is logged, and keeps no other from being sent."""
	try:
		return _try(row, broken, now)
	except Exception as error:  # noqa: BLE001 (logged; where it was claimed it counts as lost, and is taken over)
		_log(error)
		return False


def _log(error: Exception) -> None:
	if is_collision(error):
		frappe.db.rollback()
	else:
		log_failure("a notice could not be sent")


def _due(now: datetime) -> list[Any]:
	rows = frappe.get_all(
		DOCTYPE,
		filters={
			"state": ("in", [State.WAITING.value, State.FAILED.value]),
			"next_attempt": ("<=", stamp(now)),
		},
		fields=[
			"name",
			"state",
			"kind",
			"incident",
			"severity",
			"channel_kind",
			"channel",
			"address",
			"creation",
		],
		order_by="creation asc",
		limit=_MOST,
	)
	return sorted(rows, key=lambda row: (QUICKEST_FIRST.index(row.channel_kind), row.severity or "S4"))


def _try(row: Any, broken: dict[tuple[str, str], tuple[str, str]], now: datetime) -> bool:
	"""Send one notice, unless it must wait; tell whether it was sent."""
	route = (row.channel_kind, "" if row.channel_kind == MAIL else row.channel)
	if route in broken:
		_wait_with_the_others(row, *broken[route], now)
		return False
	if _comes_after_another(row):
		return False
	room = _room(row, now)
	if room is not None:
		holding.hold(row.name, room)
		return False
	notice = claim(row.name, now)
	if notice is None:
		return False
	failure = send_claimed(notice, now)
	if failure is not None and failure.again:
		wait = frappe.db.get_value(DOCTYPE, notice.name, "next_attempt") or stamp(now)
		longest = stamp(now + _LONGEST_BREAK)
		broken[route] = (wait if failure.wait else min(wait, longest), failure.reason)
	return failure is None


def _wait_with_the_others(row: Any, until: str, reason: str, now: datetime) -> None:
	"""Leave a notice for later whose channel has just failed: it has not been tried, so it loses no attempt."""
	frappe.db.set_value(
		DOCTYPE,
		{"name": row.name, "state": ("in", [State.WAITING.value, State.FAILED.value])},
		{"next_attempt": until, "error": plain(reason)},
		update_modified=False,
	)
	if row.channel_kind == MAIL:
		fallbacks.write(frappe.get_doc(DOCTYPE, row.name), now)
	frappe.db.commit()


def _comes_after_another(row: Any) -> bool:
	"""Tell whether an earlier notice about the same incident is still on its way to the same receiver."""
	if not row.incident:
		return False
	earlier = {
		"incident": row.incident,
		"channel_kind": row.channel_kind,
		"channel": row.channel or ("is", "not set"),
		"address": row.address or ("is", "not set"),
		"state": ("in", [State.WAITING.value, State.SENDING.value, State.FAILED.value]),
		"creation": ("<", row.creation),
	}
	return bool(frappe.db.exists(DOCTYPE, earlier))


def _room(row: Any, now: datetime) -> datetime | None:
	"""Return when there is room for a notice; None when there is now."""
	if row.kind in _NOT_LIMITED:
		return None
	most = frappe.get_cached_value(CHANNEL, row.channel, "most_per_hour") if row.channel else 20
	to_same = {"channel": row.channel} if row.channel else {"address": row.address}
	stamps = frappe.get_all(
		DOCTYPE,
		filters={**to_same, "state": State.SENT.value, "sent": (">", stamp(now - timedelta(hours=1)))},
		pluck="sent",
		order_by="sent desc",
		limit=_MOST,
	)
	return room_at(row.severity or "", most or 0, [datetime.fromisoformat(at) for at in stamps], now)


def claim(name: str, now: datetime) -> Any | None:
	"""Take a notice to send it; None when another process has it. It commits."""
	token = frappe.generate_hash(length=20)
	frappe.db.rollback()  # what is written begins anew: SQLite lets nobody write who has read something older
	table = frappe.qb.DocType(DOCTYPE)
	try:
		(
			frappe.qb.update(table)
			.set(table.state, State.SENDING.value)
			.set(table.claim, token)
			.set(table.claimed, stamp(now))
			.set(table.attempts, table.attempts + 1)
			.where((table.name == name) & table.state.isin([State.WAITING.value, State.FAILED.value]))
		).run()
		frappe.db.commit()
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()
		return None
	return (
		frappe.get_doc(DOCTYPE, name) if frappe.db.exists(DOCTYPE, {"name": name, "claim": token}) else None
	)


def send_claimed(notice: Any, now: datetime) -> Failure | None:
	"""Send a notice that this process has claimed, and keep what became of it. It commits."""
	failure = _sent(notice)
	for attempt in range(_WRITES):
		try:
			if failure is None:
				_keep_sent(notice, now)
			else:
				_keep_failure(notice, failure, now)
			frappe.db.commit()
		except Exception as error:
			frappe.db.rollback()
			if attempt == _WRITES - 1 or not is_collision(error):
				raise
			if notice.channel_kind == DESK and failure is None:
				failure = _sent(notice)  # it was written in the transaction that came to nothing
		else:
			return failure
	return failure


def is_collision(error: Exception) -> bool:
	"""Tell whether something could not be written because another process wrote at the same moment."""
	collisions = (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.UniqueValidationError)
	return isinstance(error, collisions) or "database is locked" in str(error)


def _sent(notice: Any) -> Failure | None:
	"""Send a notice, and return why that failed. What Desk is told is not committed yet."""
	try:
		channel = _channel_of(notice)
		message = _message_on_record(notice)
		again = (
			_("It may have reached you before: an attempt ended without an answer.")
			if notice.uncertain
			else ""
		)
		failure = channels.send(channel, notice, message.with_notes(again))
	except _GoneError:
		return Failure(_("The channel was switched off or deleted."), again=False)
	except Exception as error:  # noqa: BLE001 (whatever it is, the notice is not lost, and the others go on)
		_log(error)
		return Failure(safe(f"{type(error).__name__}: {error}", 300), uncertain=notice.channel_kind != DESK)
	if notice.channel_kind != DESK:
		frappe.db.rollback()  # nothing was written: SQLite lets nobody write who has read something older
	return failure


def _message_on_record(notice: Any) -> Message:
	"""Return what a notice says, after it was kept: what is told is on the record before it is told."""
	message = message_of(notice)
	notice.message = json.dumps(message.as_dict(), ensure_ascii=False)
	for attempt in range(_WRITES):
		frappe.db.rollback()  # what was read is let go of: see ``claim``
		try:
			frappe.db.set_value(DOCTYPE, notice.name, "message", notice.message, update_modified=False)
			frappe.db.commit()
			break
		except frappe.QueryDeadlockError:
			if attempt == _WRITES - 1:
				raise
	return message


class _GoneError(Exception):
	"""The channel of a notice is there no more."""


def _channel_of(notice: Any) -> Any | None:
	if not notice.channel:
		return None
	channel = frappe.get_doc(CHANNEL, notice.channel) if frappe.db.exists(CHANNEL, notice.channel) else None
	if channel is None or not (channel.enabled or notice.kind == Kind.TEST):
		raise _GoneError
	return channel


def message_of(notice: Any) -> Message:
	"""Return what a notice says: as it was said in the first attempt, else as things stand now."""
	if notice.message:
		return message_from(json.loads(notice.message))
	kind, zone = Kind(notice.kind), notices.site_zone()
	row = notices.incident_row(notice.incident) if notice.incident else None
	if row is not None:
		at = datetime.fromisoformat(notice.happened)
		message = incident_message(kind, notices.about(row), notice.detail or "", at, zone, _)
		message = message.with_notes(_alias(row.severity))
	else:
		message = plain_message(kind, frappe.local.site, notice.detail or notice.title, say=_)
	return message.with_notes(fallbacks.note(notice))


def _alias(severity: str) -> str:
	alias = ALIASES[severity]
	text = _("{0} {1} is {2} where scales begin with P1, and {3} where they begin with P0.")
	return text.format(severity, _(alias.name), alias.from_one, alias.from_zero)


def _keep_sent(notice: Any, now: datetime) -> None:
	at = max(now, datetime.now(UTC)) if abs((datetime.now(UTC) - now).total_seconds()) < 3600 else now
	values = {"state": State.SENT.value, "sent": stamp(at), "error": ""}
	_set(notice, values)
	holding.take_along(notice)
	told = _("Told {0}: {1}.").format(receiver(notice), _(notice.kind))
	_tell_timeline(notice, told, at)


def _keep_failure(notice: Any, failure: Failure, now: datetime) -> None:
	state, again = after_failure(notice.attempts, failure, now, random.random())  # noqa: S311 (no secret)
	values = {
		"state": state.value,
		"error": plain(safe(failure.reason, 500)),
		"uncertain": int(bool(notice.uncertain) or failure.uncertain),
		"next_attempt": stamp(again) if again else "",
	}
	_set(notice, values)
	if notice.channel_kind == MAIL or state is State.GIVEN_UP:
		fallbacks.write(notice, now)
	if state is State.GIVEN_UP:
		text = _("Not told {0}: {1} Given up after {2} attempts.")
		_tell_timeline(notice, text.format(receiver(notice), values["error"], notice.attempts), now)


def _set(notice: Any, values: dict[str, Any]) -> None:
	"""Write what became of a notice, unless another process has taken it over meanwhile."""
	notice.update(values)
	frappe.db.set_value(DOCTYPE, {"name": notice.name, "claim": notice.claim}, values)


def receiver(notice: Any) -> str:
	"""Say who is told by a notice, and over which channel."""
	who = notice.person or notice.address or notice.channel
	way = notice.channel_kind if not notice.channel else f"{notice.channel_kind}, {notice.channel}"
	return f"{who} ({way})" if who != notice.channel else f"{notice.channel} ({notice.channel_kind})"


def _tell_timeline(notice: Any, text: str, at: datetime) -> None:
	if notice.incident and frappe.db.exists("Incident", notice.incident):
		timeline.add(notice.incident, EventKind.NOTIFIED, text, at=at, reference=(DOCTYPE, notice.name))


def _take_over_lost(now: datetime) -> None:
	"""Go on with notices whose process ended while it sent them."""
	lost = frappe.get_all(
		DOCTYPE,
		filters={"state": State.SENDING.value, "claimed": ("<", stamp(now - LOST_AFTER))},
		fields=["name", "claim"],
		limit=_MOST,
	)
	for row in lost:
		notice = _taken_over(row, now)
		if notice is None:
			continue
		try:
			_recover(notice, now)
			frappe.db.commit()
		except Exception as error:  # noqa: BLE001 (logged; the other ones go on)
			_log(error)
			if not is_collision(error):  # it would fail at each pass
				said = plain(safe(f"{type(error).__name__}: {error}", 300))
				_set(notice, {"state": State.GIVEN_UP.value, "error": said, "next_attempt": ""})
				frappe.db.commit()


def _recover(notice: Any, now: datetime) -> None:
	if notice.channel_kind == MAIL:
		failure = mail.recovered(notice)
	else:
		failure = Failure(_("The process that sent it ended."), uncertain=True)
	if failure is None:
		_keep_sent(notice, now)
	else:
		_keep_failure(notice, failure, now)


def _taken_over(row: Any, now: datetime) -> Any | None:
	token = frappe.generate_hash(length=20)
	frappe.db.set_value(
		DOCTYPE,
		{"name": row.name, "state": State.SENDING.value, "claim": row.claim},
		{"claim": token, "claimed": stamp(now)},
	)
	frappe.db.commit()
	mine = frappe.db.exists(DOCTYPE, {"name": row.name, "claim": token})
	return frappe.get_doc(DOCTYPE, row.name) if mine else None
