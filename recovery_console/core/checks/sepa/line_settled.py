"""Is anything collected that nobody owes any more?"""

from __future__ import annotations

from recovery_console.core.backends.sql import Fn
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import OPEN, lines_of, money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LineSettled(Check):
	"""Do open batches collect more than the invoice still has outstanding, or from one that is cancelled?

	Cost: the collections of open batches joined to their invoices by primary key.
	"""

	title = _("Collections of what is not owed")

	#: Differences up to this amount are rounding.
	tolerance: float = 0.005

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "line.invoice", "line.parent", "line.amount", "batch.status", "invoice.outstanding"
		):
			lines = lines_of(site, profile, OPEN)
			line, invoice = lines.line, profile["invoice"].source("i")
			query = invoice.join(lines.query, invoice["id"] == line["invoice"], optional=True)
			owed = Fn("COALESCE", invoice["outstanding"], 0)
			rows = site.db.run(
				query.select(
					*line.pick("invoice", "amount"), owed.as_("owed"), lines.batch["id"].as_("batch")
				)
				.where(line["amount"] - owed > self.tolerance)
				.orderby(line["invoice"])
			)
			if rows:
				yield self.critical(
					_("Collections in open batches of more than is owed: {count}."),
					cause=_(
						"The invoices were paid, credited or cancelled after the batch was made. Payers would be"
						" debited {surplus} too much."
					),
					remedy=_(
						"Take these collections out, or correct the amount, before the file goes to the bank; if it"
						" was made, make the batch anew."
					),
					subject=profile.id,
					subjects=subjects(profile["invoice"].doctype, [row["invoice"] for row in rows]),
					count=len(rows),
					surplus=money(sum(float(row["amount"] or 0) - float(row["owed"] or 0) for row in rows)),
					batches=sorted({str(row["batch"]) for row in rows})[:20],
				)
