"""Queued mails as a repair needs them: with their recipients in the order in which Frappe serves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut
from recovery_console.core.record import dataclass
from recovery_console.core.rows import PAGE, rows_named
from recovery_console.core.site import Site

QUEUE = "Email Queue"
RECIPIENT = "Email Queue Recipient"
#: So many of what is left out are named.
SHOWN = 20
#: What the console writes where a mail may have been delivered without a trace of it.
UNCLEAR = "UnclearDeliveryError"
UNCLEAR_TEXT = (
	f"{UNCLEAR}: the sender ended while it served this recipient; the mail may have been delivered. Frappe keeps"
	" no trace of that. Ask the recipient, or look in the log of the mail server, before it is sent again.\n"
)


@dataclass(frozen=True)
class Recipients:
	"""The recipients of one mail, in the order in which Frappe serves them."""

	rows: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

	@property
	def waiting(self) -> list[Mapping[str, Any]]:
		return [row for row in self.rows if row["status"] != "Sent"]

	@property
	def served(self) -> int:
		return len(self.rows) - len(self.waiting)

	def open_status(self) -> str:
		"""The status with which Frappe sends the mail to those who still wait."""
		return "Partially Sent" if self.served else "Not Sent"


def recipients(site: Site, names: Iterable[str]) -> dict[str, Recipients]:
	"""Return the recipients of these mails, by mail; empty for a mail that has none."""
	wanted = list(dict.fromkeys(names))
	found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in wanted}
	t = table(RECIPIENT)
	for start in range(0, len(wanted), PAGE):
		for row in site.db.run(
			site.db.from_(t)
			.select(t["name"], t["parent"], t["status"], t["recipient"], t["idx"])
			.where(t["parent"].isin(wanted[start : start + PAGE]) & (t["parenttype"] == QUEUE))
			.orderby(t["parent"], t["idx"], t["name"])
		):
			found[str(row["parent"])].append(row)
	return {name: Recipients(tuple(rows)) for name, rows in found.items()}


def named(
	site: Site, names: Sequence[str], columns: Sequence[str], statuses: Sequence[str]
) -> list[dict[str, Any]]:
	"""Return mails by name, each with its status among those that may be touched.

	Raises:
		UsageError: One of them is not there, or stands otherwise.
	"""
	found = {str(row["name"]): row for row in rows_named(site, QUEUE, names, ("status", *columns))}
	missing = [name for name in names if name not in found]
	if missing:
		raise UsageError(
			f"This site has no mail {', '.join(map(repr, missing[:5]))} in its Email Queue.",
			remedy="Take the names from the Email Queue list.",
		)
	for name, row in found.items():
		if row["status"] not in statuses:
			raise UsageError(
				f"The mail {name!r} stands in {row['status']}, not in {' or '.join(statuses)}.",
				remedy="Leave it out; look at it in the Email Queue list.",
			)
	return [found[name] for name in names]


def why_held(site: Site) -> list[str]:
	"""Return the warnings that mails put in the queue will not go out for now, or go nowhere."""
	said = []
	if (site.default("suspend_email_queue") or "").strip() == "1":
		said.append(_("Sending is suspended on this site: they wait until it is resumed."))
	if site.config.flag("mute_emails"):
		said.append(_("All mail of this site is muted (mute_emails): they wait until it is not."))
	return said


def left(found: Iterable[tuple[str, str]]) -> list[LeftOut]:
	"""Return what is left out of a plan, for pairs of a mail and the reason; the first of them."""
	return [LeftOut(Subject(QUEUE, name), why) for name, why in list(found)[:SHOWN]]


def late(site: Site, rows: Iterable[Mapping[str, Any]], limit: timedelta = timedelta(days=2)) -> list[str]:
	"""Return the warning that mails are old, where some are."""
	old = [row for row in rows if (site.age(row["creation"]) or timedelta(0)) > limit]
	if not old:
		return []
	return [
		_("Mails older than {0} days: {1}. See whether what they say still holds.").format(
			limit.days, len(old)
		)
	]
