"""Is anything collected twice?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.sepa._query import LIVE, OPEN, in_batches, lines_of, money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import Profile, profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LineTwice(Check):
	"""Does an invoice stand twice in one batch, or in two batches that are under way?

	A collection that came back may be presented again, so failed ones do not count.

	Cost: one grouped count over the collections of batches under way, those collected within the window.
	"""

	title = _("Double collections")

	#: Batches under way whose collection date is older are left to the check of stuck batches.
	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "line.invoice", "line.parent", "line.amount", "batch.status", "batch.date"
		):
			rows = self._doubles(site, profile)
			if rows:
				yield self.critical(
					_("Invoices that are about to be collected twice: {count}."),
					cause=_(
						"The payer has two active mandates, or two batches were made at the same time. Payers would be"
						" debited {surplus} too much."
					),
					remedy=_(
						"Take one of each pair out before the file goes to the bank ({batches}). If both were sent, ask"
						" your bank for a reversal before the money is booked."
					),
					subject=profile.id,
					subjects=subjects(
						profile["invoice"].doctype if profile.has("invoice") else _("Invoice"),
						[row["invoice"] for row in rows],
					),
					count=len(rows),
					surplus=money(
						sum(float(row["summed"] or 0) - float(row["largest"] or 0) for row in rows)
					),
					batches=", ".join(
						sorted({str(row[end]) for row in rows for end in ("first", "last")})[:20]
					),
				)

	def _doubles(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		since = site.ago(self.window).date()
		lines = lines_of(site, profile, LIVE)
		line, batch = lines.line, lines.batch
		recent = in_batches(batch, OPEN) | (batch["date"] >= since)
		return site.db.run(
			lines.query.select(
				*line.pick("invoice"),
				fn.Sum(line["amount"]).as_("summed"),
				fn.Max(line["amount"]).as_("largest"),
				fn.Min(batch["id"]).as_("first"),
				fn.Max(batch["id"]).as_("last"),
			)
			.where(recent)
			.where(~line.is_("failed") if line.role.has("status") else batch["id"].notnull())
			.groupby(line["invoice"])
			.having(fn.Count("*") > 1)
			.orderby(line["invoice"])
		)
