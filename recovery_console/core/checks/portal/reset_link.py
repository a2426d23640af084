"""Do links to reset a password live long enough to be used?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ResetLink(Check):
	"""Does a link to reset or set a password live longer than its mail travels?

	The same link is in the welcome mail of a new user. No limit at all is not reported here.

	Cost: one setting.
	"""

	title = _("Password reset links")

	shortest: timedelta = timedelta(minutes=5)

	def run(self, site: Site) -> Answer:
		lives = site.single_int("System Settings", "reset_password_link_expiry_duration")
		if 0 < lives < self.shortest.total_seconds():
			yield self.warning(
				_("Links to reset a password expire after {seconds} s."),
				cause=_(
					"They are sent by mail, which often takes minutes: users find the link expired, new users too, since"
					" their welcome mail holds the same link."
				),
				remedy=_(
					"Set Reset Password Link Expiry Duration in System Settings to at least 20 minutes, its default."
				),
				subjects=[("System Settings", "reset_password_link_expiry_duration")],
				seconds=lives,
			)
