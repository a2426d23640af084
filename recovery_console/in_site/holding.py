"""Notices that are held, for quiet hours or because they are too many, and told together."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from recovery_console.core.notice_text import Held, collected_message
from recovery_console.core.notices import Destination, Kind, State
from recovery_console.core.timeline import EventKind
from recovery_console.in_site import notices, timeline
from recovery_console.in_site.notices import DOCTYPE, stamp
from recovery_console.in_site.transactions import log_failure

_MOST = 1000


def hold(name: str, until: datetime) -> None:
	"""Keep a notice back until then. It commits."""
	frappe.db.set_value(
		DOCTYPE,
		{"name": name, "state": ("in", [State.WAITING.value, State.FAILED.value])},
		{"state": State.HELD.value, "next_attempt": stamp(until)},
		update_modified=False,
	)
	frappe.db.commit()


def release(now: datetime) -> None:
	"""Tell what was held until now: several for the same receiver in one notice. It commits."""
	rows = frappe.get_all(
		DOCTYPE,
		filters={"state": State.HELD.value, "next_attempt": ("<=", stamp(now))},
		fields=["name", "channel_kind", "channel", "address", "person"],
		order_by="creation asc",
		limit=_MOST,
	)
	together: dict[Destination, list[str]] = defaultdict(list)
	for row in rows:
		place = Destination(row.channel_kind, row.channel or "", row.address or "", row.person or "")
		together[place].append(row.name)
	for place, names in together.items():
		try:
			_release(place, names, now)
			frappe.db.commit()
		except Exception:  # noqa: BLE001 (logged; they stay held, and the other receivers are told)
			log_failure("held notices could not be told")


def _release(place: Destination, names: list[str], now: datetime) -> None:
	token = frappe.generate_hash(length=20)
	frappe.db.set_value(
		DOCTYPE,
		{"name": ("in", names), "state": State.HELD.value},
		{"state": State.COLLECTED.value, "claim": token},
		update_modified=False,
	)
	mine = frappe.get_all(
		DOCTYPE,
		filters={"claim": token, "state": State.COLLECTED.value},
		fields=["name", "kind", "title", "happened", "incident", "severity"],
		order_by="creation asc",
		limit_page_length=0,
	)
	if len(mine) == 1:
		waiting = {"state": State.WAITING.value, "next_attempt": stamp(now)}
		frappe.db.set_value(DOCTYPE, mine[0].name, waiting, update_modified=False)
	elif mine:
		_collect(place, mine, token, now)


def _collect(place: Destination, rows: list[Any], token: str, now: datetime) -> None:
	held = [
		Held(
			_(row.kind),
			row.title,
			datetime.fromisoformat(row.happened),
			get_url_to_form("Incident", row.incident) if row.incident else "",
		)
		for row in rows
	]
	message = collected_message(held, frappe.local.site, notices.site_zone(), say=_)
	name = notices.write(
		Kind.COLLECTED,
		place,
		message.subject,
		token,
		now=now,
		message=json.dumps(message.as_dict(), ensure_ascii=False),
	)
	frappe.db.set_value(
		DOCTYPE, {"name": ("in", [row.name for row in rows])}, {"collected_in": name}, update_modified=False
	)


def take_along(notice: Any) -> None:
	"""After a notice was sent: tell the timelines of those that it collected, and let go what it makes stale."""
	if notice.kind == Kind.COLLECTED:
		rows = frappe.get_all(
			DOCTYPE, filters={"collected_in": notice.name}, fields=["incident", "kind"], limit_page_length=0
		)
		for row in rows:
			if row.incident and frappe.db.exists("Incident", row.incident):
				text = _("Told {0} together with others: {1}.")
				who = notice.person or notice.address or notice.channel
				timeline.add(
					row.incident,
					EventKind.NOTIFIED,
					text.format(who, _(row.kind)),
					reference=(DOCTYPE, notice.name),
				)
	elif notice.incident:
		frappe.db.set_value(
			DOCTYPE,
			{
				"incident": notice.incident,
				"channel_kind": notice.channel_kind,
				"channel": notice.channel or ("is", "not set"),
				"address": notice.address or ("is", "not set"),
				"state": State.HELD.value,
				"creation": ("<", notice.creation),
			},
			{"state": State.COLLECTED.value, "collected_in": notice.name},
			update_modified=False,
		)
