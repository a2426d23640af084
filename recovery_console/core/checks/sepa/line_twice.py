"""Is anything collected twice?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import LIVE, OPEN, Lines, in_batches, lines_of, money, subjects
from recovery_console.core.finding import _, most_subjects
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LineTwice(Check):
	"""Does an invoice stand twice in one batch, or in two batches that are under way?

	A collection that came back may be presented again, so failed ones do not count.

	Cost: one count of the collections in batches under way, and where it finds doubles one grouped count.
	"""

	title = _("Double collections")
	explained_by = ("sepa.mandate_duplicate",)

	#: Batches under way whose collection date is older are left to the check of stuck batches.
	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "line.invoice", "line.parent", "line.amount", "batch.status", "batch.date"
		):
			if not self._has_doubles(site, profile):
				continue
			rows = sorted(self._doubles(site, profile), key=lambda row: str(row["invoice"]))
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
					batches=self._batches(site, profile, [row["invoice"] for row in rows]),
				)

	def _under_way(self, site: Site, profile: Profile) -> Lines:
		since = site.ago(self.window).date()
		lines = lines_of(site, profile, LIVE)
		lines.query = lines.query.where(in_batches(lines.batch, OPEN) | (lines.batch["date"] >= since))
		if lines.line.role.has("status"):
			lines.query = lines.query.where(~lines.line.is_("failed"))
		return lines

	def _has_doubles(self, site: Site, profile: Profile) -> bool:
		"""Compare two numbers first: much cheaper than grouping by a long text."""
		lines = self._under_way(site, profile)
		invoice = lines.line["invoice"]
		different = fn.Count(invoice).distinct()  # type: ignore[no-untyped-call]
		(row,) = site.db.run(lines.query.select(fn.Count(invoice).as_("n"), different.as_("different")))
		return bool(row["n"] != row["different"])

	def _doubles(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		lines = self._under_way(site, profile)
		amount = lines.line["amount"]
		return site.db.run(
			lines.query.select(
				*lines.line.pick("invoice"), fn.Sum(amount).as_("summed"), fn.Max(amount).as_("largest")
			)
			.groupby(lines.line["invoice"])
			.having(fn.Count("*") > 1)
		)

	def _batches(self, site: Site, profile: Profile, invoices: list[Any]) -> str:
		lines = self._under_way(site, profile)
		query = lines.query.select(lines.batch["id"].as_("id")).distinct()
		rows = site.db.run(query.where(lines.line["invoice"].isin(invoices[: most_subjects()])))
		return ", ".join(sorted(str(row["id"]) for row in rows))
