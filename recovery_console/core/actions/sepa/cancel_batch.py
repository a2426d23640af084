"""Cancel batches that were never collected, so that their invoices are free."""

from __future__ import annotations

from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.checks.sepa._held import Held, held_by
from recovery_console.core.checks.sepa._query import money
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class CancelBatch(Action):
	"""Cancel named batches that failed or were never handed in; their unpaid invoices are free for another batch.

	Look at the bank account first: what was collected after all would be collected twice. Batches with a collection
	that is paid are left alone.
	"""

	title = _("Cancel batches that were never collected")
	risk = Risk.DISRUPTIVE
	checks = ("sepa.batch_failed", "sepa.batch_stuck")

	names: tuple[str, ...]
	most: int = 20

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		freed: list[Held] = []
		wanted = ("batch.date", "batch.status", "line.parent", "line.invoice", "line.amount", "line.status")
		for profile in profiles_with(site, *wanted):
			doctype, source = profile["batch"].doctype, profile["batch"].source("b")
			names = list(known_names(site, doctype, self.names))
			held = {one.name: one for one in held_by(site, profile, source, source["id"].isin(names))}
			for name, row in self._rows(site, profile, names).items():
				why = self._why_not(profile, row)
				if why:
					left_out.append(LeftOut(Subject(doctype, name), why))
				else:
					freed.append(held[name])
					batches.append(batch(doctype, name, DocumentEdit(doctype, name, "cancel")))
		return self.planned(
			site,
			_("Batches to cancel: {count}; unpaid invoices that are free afterwards: {unpaid} ({amount})"),
			batches,
			most=self.most,
			warnings=[
				_(
					"See in the bank account that nothing of them was collected, and that no file of them is with the bank."
				),
				_("Cancelling cannot be taken back; the batch would have to be made anew."),
			],
			left_out=left_out,
			unpaid=sum(one.unpaid for one in freed),
			amount=money(sum(one.amount for one in freed)),
		)

	@staticmethod
	def _rows(site: Site, profile: Profile, names: list[str]) -> dict[str, dict[str, Any]]:
		source, line = profile["batch"].source("b"), profile["line"].source("l")
		query = source.start(site.db).where(source["id"].isin(names))
		rows = {
			str(row["id"]): {**row, "paid": 0}
			for row in site.db.run(query.select(*source.pick("id", "status", "docstatus")))
		}
		for name in rows:
			paid = line.start(site.db).where((line["parent"] == name) & line.is_("paid"))
			rows[name]["paid"] = site.db.count(paid)
		return rows

	@staticmethod
	def _why_not(profile: Profile, row: dict[str, Any]) -> str:
		if int(row["docstatus"] or 0) == 0:
			return _("It is a draft: delete it, or set it right.")
		if int(row["docstatus"] or 0) == 2:
			return _("It is cancelled already.")
		if row["paid"]:
			return _("Collections of it are paid.")
		if profile["batch"].logical(row["status"]) not in ("file_made", "failed"):
			return _("It counts as sent or done.")
		return ""
