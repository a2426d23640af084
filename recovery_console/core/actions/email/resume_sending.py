"""Resume sending that somebody suspended."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import dropped
from recovery_console.core.actions.email import _mails as mails
from recovery_console.core.actions.email._mails import QUEUE
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.email._failures import OPEN
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

KEY = "suspend_email_queue"


@dataclass(frozen=True)
class ResumeSending(Action):
	"""Undo Suspend Sending, so that the queue is emptied again."""

	title = _("Resume sending")
	risk = Risk.DISRUPTIVE
	needs = (QUEUE,)
	checks = ("email.switched_off",)

	def plan(self, site: Site) -> Plan:
		t = table("DefaultValue")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t["defvalue"])
			.where((t["parent"] == "__default") & (t["defkey"] == KEY))
		)
		edits = [
			changed("DefaultValue", row, defvalue="0")
			for row in rows
			if str(row["defvalue"] or "").strip() != "0"
		]
		waiting = self._waiting(site)
		# Frappe 15 keeps the defaults of all users in one hash, Frappe 16 each in a key of its own.
		kept = dropped(site, "defaults::__default" if site.frappe_major >= 16 else "defaults")
		return self.planned(
			site,
			_("Resume sending; mails waiting: {waiting}"),
			[batch("DefaultValue", KEY, *kept, *edits, *kept)] if edits else [],
			warnings=mails.late(site, waiting),
			waiting=sum(int(row["n"]) for row in waiting),
			waiting_by_doctype={str(row["reference_doctype"] or "-"): int(row["n"]) for row in waiting},
		)

	@staticmethod
	def _waiting(site: Site) -> list[dict[str, Any]]:
		"""Return what would go out, by the kind of document that it is about, with the oldest of each."""
		t = table(QUEUE)
		return site.db.run(
			site.db.from_(t)
			.select(t["reference_doctype"], fn.Count("*").as_("n"), fn.Min(t["creation"]).as_("creation"))
			.where(t["status"].isin(OPEN))
			.groupby(t["reference_doctype"])
			.orderby(t["reference_doctype"])
		)
