"""Do mandates outlive their payers' membership?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import is_blank, tally
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateLeft(Check):
	"""Are there active mandates of payers who left, died, or are not on record?

	Cost: the active mandates joined to their payers by primary key.
	"""

	title = _("Mandates of those who left")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.party", "mandate.status", "party.status"):
			mandate, party = profile["mandate"].source("m"), profile["party"].source("p")
			query = party.join(mandate.start(site.db), party["id"] == mandate["party"], optional=True)
			active = query.where(mandate.is_("active"))
			left = party.is_("left")
			gone = party["id"].isnull() & ~is_blank(mandate["party"])
			if not site.db.run(active.select(mandate["id"]).where(left | gone).limit(1)):
				continue  # one walk instead of two
			count, named = tally(site, mandate, active.where(left))
			if count:
				yield self.warning(
					_("Active mandates of payers who left: {count}."),
					cause=_(
						"Ending the membership did not cancel the mandate, so the next batch takes it up again."
					),
					remedy=_(
						"Cancel them with a date and reason, and take their collections out of open batches."
					),
					subject=f"{profile.id}:left",
					subjects=named,
					count=count,
				)
			count, named = tally(site, mandate, active.where(gone))
			if count:
				yield self.warning(
					_("Active mandates whose payer is not on record: {count}."),
					cause=_("The payer was deleted, renamed or merged without its mandates."),
					remedy=_("Find out whose they are by holder and IBAN; link or cancel them."),
					subject=f"{profile.id}:lost",
					subjects=named,
					count=count,
				)
