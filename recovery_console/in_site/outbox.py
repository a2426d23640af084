"""What people do with notices: try a channel, send again what was given up, see how a channel works."""

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime

from recovery_console.core.notice_text import plain_message
from recovery_console.core.notices import PENDING, Kind, State, Way, destinations_of
from recovery_console.core.times import UTC
from recovery_console.in_site import delivering, notices
from recovery_console.in_site.notices import CHANNEL, DOCTYPE, stamp

_WEEK = timedelta(days=7)


def send_test(channel: str) -> dict[str, Any]:
	"""Send a test over a channel in this process; it is not tried again. It commits."""
	doc = frappe.get_doc(CHANNEL, channel)
	now = datetime.now(UTC)
	detail = _("Sent by {0}.").format(frappe.session.user)
	title = plain_message(Kind.TEST, frappe.local.site, channel, say=_).subject
	results = []
	for place in destinations_of(Way(doc.name, doc.kind, doc.address or "")):
		name = notices.write(Kind.TEST, place, title, frappe.generate_hash(), now=now, detail=detail)
		frappe.db.commit()
		results.append(_send_once(name, now))
	failed = [result for result in results if result["state"] != State.SENT.value]
	return (failed or results)[0]


def _send_once(name: str, now: datetime) -> dict[str, Any]:
	notice = delivering.claim(name, now)
	if notice is not None:
		delivering.send_claimed(notice, now)
		if notice.kind == Kind.TEST and notice.state == State.FAILED.value:
			frappe.db.set_value(DOCTYPE, name, {"state": State.GIVEN_UP.value, "next_attempt": ""})
			frappe.db.commit()
	row = frappe.db.get_value(DOCTYPE, name, ["state", "error"], as_dict=True)
	return {"notice": name, "state": row.state, "error": row.error or ""}


def send_again(name: str) -> dict[str, Any]:
	"""Send a notice again that was given up. It commits."""
	now = datetime.now(UTC)
	if frappe.db.get_value(DOCTYPE, name, "state", for_update=True) != State.GIVEN_UP.value:
		frappe.throw(_("This notice was not given up. Nothing was changed."))
	waiting = {"state": State.WAITING.value, "attempts": 0, "next_attempt": stamp(now), "error": ""}
	frappe.db.set_value(DOCTYPE, name, waiting)
	frappe.db.commit()
	return _send_once(name, now)


def state_of(channel: str) -> dict[str, Any]:
	"""Return how a channel works: numbers of the last seven days, and its last error."""
	since = add_to_date(now_datetime(), seconds=-_WEEK.total_seconds(), as_datetime=True)
	rows = frappe.get_all(
		DOCTYPE,
		filters={"channel": channel, "modified": (">", since)},
		fields=["state", "sent", "error"],
		order_by="modified desc",
		limit=2000,
	)
	waiting = {state.value for state in PENDING}
	return {
		"sent": sum(row.state == State.SENT.value for row in rows),
		"waiting": sum(row.state in waiting for row in rows),
		"given_up": sum(row.state == State.GIVEN_UP.value for row in rows),
		"last_sent": max((row.sent for row in rows if row.sent), default=""),
		"last_error": next((row.error for row in rows if row.error), ""),
	}
