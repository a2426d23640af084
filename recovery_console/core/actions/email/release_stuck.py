"""Release mails that stayed behind in Sending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Edit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

SHOWN = 20


@dataclass(frozen=True)
class ReleaseStuck(Action):
	"""Put mails whose sender died back in the queue, for the recipients that have not had them.

	Frappe marks a recipient as sent only after the server took the mail. The one recipient that was being served
	when the sender died may have it already: a mail of which nothing shows that it was not taken is left alone
	unless ``include_unclear`` says otherwise.
	"""

	title = "Release mails stuck in Sending"
	risk = Risk.REVERSIBLE
	needs = ("Email Queue", "Email Queue Recipient")
	checks = ("email.stuck_sending",)

	older_than: timedelta = timedelta(minutes=30)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		stuck = self._stuck(site)
		sent = self._served(site, [row["name"] for row in stuck])
		batches = list(self._batches(site, stuck, sent))
		return self.planned(
			site,
			_("Put {count} mails back in the queue"),
			batches,
			most=self.most,
			warnings=self._warnings(sent),
			left_out=[
				LeftOut(
					Subject("Email Queue", name), _("Every recipient has had it; it is only marked as sent.")
				)
				for name, (waiting, _served) in list(sent.items())[:SHOWN]
				if not waiting
			],
		)

	def _stuck(self, site: Site) -> list[dict[str, Any]]:
		t = table("Email Queue")
		return site.db.run(
			site.db.from_(t)
			.select(t["name"], t["status"], t["modified"])
			.where((t["status"] == "Sending") & (t["modified"] < site.ago(self.older_than)))
			.orderby(t["modified"], t["name"])
			.limit(self.most + 1)
		)

	@staticmethod
	def _served(site: Site, names: list[str]) -> dict[str, tuple[int, int]]:
		"""Return per mail how many recipients wait and how many were served."""
		t = table("Email Queue Recipient")
		found = dict.fromkeys(names, (0, 0))
		if names:
			for row in site.db.run(
				site.db.from_(t).select(t["parent"], t["status"]).where(t["parent"].isin(names))
			):
				waiting, served = found[row["parent"]]
				done = row["status"] == "Sent"
				found[row["parent"]] = (waiting + (not done), served + done)
		return found

	@staticmethod
	def _batches(
		site: Site, stuck: list[dict[str, Any]], sent: dict[str, tuple[int, int]]
	) -> Iterator[Batch]:
		now = site.ago(timedelta(0))
		for row in stuck:
			waiting, served = sent[row["name"]]
			status = "Sent" if not waiting else "Partially Sent" if served else "Not Sent"
			edit: Edit = changed("Email Queue", row, status=status, modified=now)
			yield batch("Email Queue", row["name"], edit)

	@staticmethod
	def _warnings(sent: dict[str, tuple[int, int]]) -> list[str]:
		if not any(waiting for waiting, _served in sent.values()):
			return []
		return [
			_(
				"In each of these mails one recipient may have had it already: the one that was being served when"
				" the sender died. Frappe keeps no trace of that; it may get the mail twice."
			)
		]
