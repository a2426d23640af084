"""Are mandates still active whose end has passed?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import tally, today
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateExpired(Check):
	"""Are there active mandates whose date of expiry has passed?

	Cost: one count over the mandates.
	"""

	title = _("Expired mandates")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.expires_on", "mandate.status"):
			mandate = profile["mandate"].source("m")
			query = mandate.start(site.db).where(
				mandate.is_("active") & (mandate["expires_on"] < today(site))
			)
			count, named = tally(site, mandate, query)
			if count:
				yield self.warning(
					_("Mandates that are active although they have expired: {count}."),
					cause=_(
						"The status changes only when somebody saves the mandate. Until then its holder is collected from"
						" without permission."
					),
					remedy=_(
						"Open and save each, which sets it to Expired; ask those who still owe something for a new mandate."
					),
					subject=profile.id,
					subjects=named,
					count=count,
				)
