"""Do the log-in hours of users leave them an hour?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names, people
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LoginHours(Check):
	"""Are there users whose Login After and Login Before leave no hour of the day?

	Frappe refuses before the one and from the other on, so that a night shift (after 22, before 6) never gets
	in. It logs nothing of it.

	Cost: one walk through the users.
	"""

	title = _("Log-in hours")
	needs = ("User",)

	def run(self, site: Site) -> Answer:
		user = table("User")
		after, before = user.login_after, user.login_before
		never = (after >= 24) | ((after > 0) & (before > 0) & (after >= before)) | (before < 0)
		count, names = count_and_names(site, people(site, user).where(never), user["name"])
		if count:
			yield self.warning(
				_("Users whose log-in hours never let them in: {count}."),
				cause=_(
					"Login After is at or beyond Login Before, or beyond 23. Frappe cannot express hours across"
					" midnight: it refuses before the one and again from the other on."
				),
				remedy=_(
					"Open these users and mend Login After and Login Before; for hours across midnight set both to 0."
				),
				subjects=[("User", name) for name in names],
				count=count,
			)
