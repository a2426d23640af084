"""Are mandate references legal and unique?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import scan
from recovery_console.core.checks.sepa._query import folded, is_blank, own_ibans, subjects
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Code of a mistake -> what is wrong.
TEXTS = {
	"missing": _("Active mandates without a reference: {count}."),
	"length": _("Active mandates whose reference is longer than 35 characters: {count}."),
	"characters": _("Active mandates whose reference holds characters that banks refuse: {count}."),
}


@dataclass(frozen=True)
class MandateReference(Check):
	"""Is the reference of every active mandate within the SEPA character set, and used once, whatever its case?

	Cost: the pass over the active mandates that the check of IBANs makes, and one grouped count of all mandates.
	"""

	title = _("Mandate references")
	budget: ClassVar[timedelta] = timedelta(seconds=5)  # it shares the pass over all mandates

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.umr", "mandate.status"):
			role = profile["mandate"]
			for code, found in scan(site, role, own_ibans(site, profile)).of("umr").items():
				yield self.warning(
					TEXTS[code],
					cause=_(
						"Allowed are letters, digits and / - ? : ( ) . , ' + but no // and no / at an end."
					),
					remedy=_(
						"A reference may change without a new signature: announce it to the payer, and send the old one"
						" with the next collection as an amendment."
					),
					subject=f"{profile.id}:{code}",
					subjects=subjects(role.doctype, list(found.names)),
					count=found.count,
					code=code,
				)
			yield from self._duplicates(site, profile)

	def _duplicates(self, site: Site, profile: Profile) -> Iterator[Finding]:
		mandate = profile["mandate"].source("m")
		key = folded(site, mandate["umr"])
		groups = (
			mandate.start(site.db)
			.select(
				key.as_("reference"), fn.Min(mandate["id"]).as_("first"), fn.Max(mandate["id"]).as_("last")
			)
			.where(~is_blank(mandate["umr"]))
			.groupby(key)
			.having(fn.Count("*") > 1)
		)
		rows = site.db.run(groups)
		if rows:
			yield self.critical(
				_("Mandate references that are used more than once: {count}."),
				cause=_(
					"A reference names one mandate; banks do not tell capitals from small letters. A return cannot be"
					" booked to the right mandate, and a debit cannot be defended."
				),
				remedy=_("Give all but one mandate of each pair a new reference and amend them at the bank."),
				subject=f"{profile.id}:duplicate",
				subjects=subjects(
					profile["mandate"].doctype, [row[end] for row in rows for end in ("first", "last")]
				),
				count=len(rows),
			)
