"""Is every collection covered by a mandate?"""

from __future__ import annotations

from typing import Any

from pypika.terms import Criterion

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import OPEN, is_blank, lines_of, money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LineMandate(Check):
	"""Do open batches hold collections without a mandate, or with one that may not be used?

	Cost: the collections of open batches joined to their mandates by the mandate reference.
	"""

	title = _("Collections without a usable mandate")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "mandate.umr", "mandate.status", "line.umr", "line.parent", "line.invoice", "batch.status"
		):
			rows = self._uncovered(site, profile)
			if rows:
				yield self.critical(
					_("Collections in open batches that no usable mandate covers: {count}."),
					cause=_(
						"The mandate was cancelled, suspended or expired after the batch was made ({unusable}), or the"
						" reference names none ({unknown}). Such a debit is unauthorised: it can be claimed back for 13 months."
					),
					remedy=_(
						"Take these collections out before the file goes to the bank; if it was made, make the batch anew."
						" Never make up a mandate: only a signature counts."
					),
					subject=profile.id,
					subjects=subjects(
						profile["invoice"].doctype if profile.has("invoice") else _("Invoice"),
						[row["invoice"] for row in rows],
					),
					count=len(rows),
					unknown=sum(row["mandate"] is None for row in rows),
					unusable=sum(row["mandate"] is not None for row in rows),
					batches=sorted({str(row["batch"]) for row in rows})[:20],
					amount=money(sum(float(row.get("amount") or 0) for row in rows)),
				)

	def _uncovered(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		lines = lines_of(site, profile, OPEN)
		line, batch, mandate = lines.line, lines.batch, profile["mandate"].source("m")
		same = (mandate["umr"] == line["umr"]) & ~is_blank(line["umr"])
		query = mandate.join(lines.query, same, optional=True)
		reasons = [mandate["id"].isnull(), ~mandate.is_("active")]
		if profile.has("mandate.expires_on", "batch.date"):
			reasons.append(mandate["expires_on"] < batch["date"])
		fields = [name for name in ("invoice", "amount") if line.role.has(name)]
		return site.db.run(
			query.select(*line.pick(*fields), batch["id"].as_("batch"), mandate["id"].as_("mandate"))
			.where(Criterion.any(reasons))
			.orderby(line["invoice"])
		)
