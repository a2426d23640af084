"""What came back from the bank, and what is to be done about it?"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from pypika.terms import ValueWrapper

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import LIVE, lines_of, money, subjects
from recovery_console.core.checks.sepa._reasons import Reason, reason_of
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Whether a collection may be presented again.
RETRY = {
	"later": _("It may be presented again as it is."),
	"fixed": _("It may be presented again once that is put right."),
	"never": _("It must not be presented again as it is."),
}


@dataclass(frozen=True)
class Returns(Check):
	"""Which collections came back and are still unpaid, for which reasons?

	Cost: the failed collections of batches within the window, with their invoices.
	"""

	title = _("Returned collections")

	#: Batches that were collected before are not looked at: after eight weeks nothing ordinary comes back.
	window: timedelta = timedelta(days=120)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "line.status", "line.parent", "batch.date", "batch.status"):
			groups: dict[Reason, list[dict[str, Any]]] = defaultdict(list)
			for row in self._failed(site, profile):
				groups[reason_of(row["code"] or row["text"] or "")].append(row)
			total = [row for rows in groups.values() for row in rows]
			yield self.measure(
				returned=len(total), returned_eur=money(sum(row["amount"] or 0 for row in total))
			)
			for reason, rows in sorted(groups.items(), key=lambda item: item[0].code):
				yield self.warning(
					_("Collections that came back unpaid with the reason {code} ({meaning}): {count}.")
					if reason.code
					else _("Collections that failed, for which no reason is recorded: {count}."),
					cause=RETRY[reason.retry],
					remedy=reason.advice,
					subject=f"{profile.id}:{reason.code or 'none'}",
					subjects=subjects(
						profile["invoice"].doctype if profile.has("invoice") else _("Invoice"),
						[row["invoice"] for row in rows],
					),
					count=len(rows),
					code=reason.code,
					meaning=reason.meaning,
					retry=reason.retry,
					amount=money(sum(row["amount"] or 0 for row in rows)),
				)

	def _failed(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		"""Return failed collections; those whose invoice was paid otherwise are settled."""
		since = site.ago(self.window).date()
		lines = lines_of(site, profile, (*LIVE, "done", "failed"), since)
		line, query = lines.line, lines.query.where(lines.line.is_("failed"))
		if profile.has("invoice.outstanding"):
			invoice = profile["invoice"].source("i")
			query = invoice.join(query, invoice["id"] == line["invoice"])
			query = query.where(invoice["outstanding"] > 0)
		fields = [
			line[name].as_(alias) if line.role.has(name) else ValueWrapper("").as_(alias)
			for name, alias in (("reason_code", "code"), ("reason_text", "text"))
		]
		return site.db.run(query.select(*line.pick("invoice", "amount"), *fields).orderby(line["invoice"]))
