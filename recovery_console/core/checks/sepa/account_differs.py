"""Do mandate, payer and collection name the same account?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import OPEN, compact, is_blank, lines_of, tally
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AccountDiffers(Check):
	"""Do the active mandate, its payer and the collections in open batches name the same IBAN?

	Cost: the active mandates joined to their payers, the collections of open batches to their mandates.
	"""

	title = _("IBANs that contradict each other")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.iban", "mandate.umr", "mandate.status"):
			if profile.has("line.iban", "line.umr", "line.parent", "batch.status"):
				yield from self._collections(site, profile)
			if profile.has("party.iban", "mandate.party"):
				yield from self._payers(site, profile)

	def _collections(self, site: Site, profile: Profile) -> Iterator[Finding]:
		lines = lines_of(site, profile, OPEN)
		mandate = profile["mandate"].source("m")
		query = mandate.join(lines.query, mandate["umr"] == lines.line["umr"])
		query = query.where(compact(lines.line["iban"]) != compact(mandate["iban"]))
		count = site.db.count(query)
		if count:
			named = query.groupby(mandate["id"])
			yield self.critical(
				_("Collections that debit another account than their mandate allows: {count}."),
				cause=_(
					"The IBAN was taken from the payer, the reference from a mandate; one of them has changed since."
				),
				remedy=_(
					"Do not send the batch. Find out which account is right, amend the mandate, and build the batch anew."
				),
				subject=f"{profile.id}:collection",
				subjects=tally(site, mandate, named)[1],
				count=count,
			)

	def _payers(self, site: Site, profile: Profile) -> Iterator[Finding]:
		mandate, party = profile["mandate"].source("m"), profile["party"].source("p")
		query = party.join(mandate.start(site.db), party["id"] == mandate["party"])
		count, named = tally(
			site,
			mandate,
			query.where(mandate.is_("active"))
			.where(~is_blank(party["iban"]))
			.where(compact(mandate["iban"]) != compact(party["iban"])),
		)
		if count:
			yield self.warning(
				_("Active mandates with another IBAN than their payer's record: {count}."),
				cause=_(
					"Somebody changed the account in one place only; a debit may go to an account that is closed."
				),
				remedy=_(
					"Ask the payer. A new account of the same person is an amendment of the mandate: no new signature is needed."
				),
				subject=f"{profile.id}:payer",
				subjects=named,
				count=count,
			)
