"""Do batches add up?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import LIVE, in_batches, money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site


@dataclass(frozen=True)
class BatchTotals(Check):
	"""Do the total and the number of entries of each batch agree with its collections?

	Cost: one grouped sum over the collections of the batches within the window.
	"""

	title = _("Totals of batches")

	#: Batches that were collected before are not looked at.
	window: timedelta = timedelta(days=90)
	#: Differences up to this amount are rounding.
	tolerance: float = 0.005

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "batch.total", "batch.count", "batch.date", "batch.status", "line.parent", "line.amount"
		):
			wrong = [row for row in self._sums(site, profile) if self._differs(row)]
			if wrong:
				yield self.warning(
					_("Batches whose total or number of entries disagrees with their collections: {count}."),
					cause=_(
						"Collections were added, changed or removed after the total was made. {first} says {total} for"
						" {entries} entries and holds {summed} in {lines}. Banks refuse a file that does not add up (AM10)."
					),
					remedy=_(
						"Save the batch again while it is a draft. If its file was made, make the batch anew; never edit the file."
					),
					subject=profile.id,
					subjects=subjects(profile["batch"].doctype, [row["id"] for row in wrong]),
					count=len(wrong),
					first=wrong[0]["id"],
					total=money(wrong[0]["total"]),
					entries=int(wrong[0]["count"] or 0),
					summed=money(wrong[0]["summed"]),
					lines=int(wrong[0]["n"]),
				)

	def _sums(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		batch, line = profile["batch"].source("b"), profile["line"].source("l")
		since = site.ago(self.window).date()
		query = line.join(batch.start(site.db), line["parent"] == batch["id"], optional=True)
		columns = batch.pick("id", "total", "count")
		return site.db.run(
			query.select(*columns, fn.Count(line["parent"]).as_("n"), fn.Sum(line["amount"]).as_("summed"))
			.where(in_batches(batch, (*LIVE, "done"), since))
			.groupby(batch["id"], batch["total"], batch["count"])
			.orderby(batch["id"])
		)

	def _differs(self, row: dict[str, Any]) -> bool:
		gap = abs(float(row["total"] or 0) - float(row["summed"] or 0))
		return gap > self.tolerance or int(row["count"] or 0) != int(row["n"])
