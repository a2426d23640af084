"""Which mandates end soon?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import tally, today
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MandateExpiring(Check):
	"""Which active mandates reach their date of expiry within the next weeks?

	Cost: one count over the mandates.
	"""

	title = _("Mandates that end soon")

	ahead: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, "mandate.expires_on", "mandate.status"):
			mandate = profile["mandate"].source("m")
			day = today(site)
			query = mandate.start(site.db).where(
				mandate.is_("active")
				& (mandate["expires_on"] >= day)
				& (mandate["expires_on"] <= day + self.ahead)
			)
			count, named = tally(site, mandate, query)
			yield self.measure(mandates_expiring=count)
			if count:
				yield self.info(
					_("Mandates that end within {days} days: {count}."),
					cause=_("From the day after, nothing may be collected with them."),
					remedy=_(
						"Ask each payer for a new mandate now: it needs the payer's consent, and the bank its days of notice."
					),
					subject=profile.id,
					subjects=named,
					count=count,
					days=self.ahead.days,
				)
