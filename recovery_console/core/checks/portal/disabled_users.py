"""Do disabled users keep trying to log in?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.security._activity import DISABLED_TRIED, happened
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import lately


@dataclass(frozen=True)
class DisabledUsers(Check):
	"""Which disabled users keep trying to log in?

	Users who are turned away for their hour or their address are not found here: Frappe logs nothing of it.

	Cost: the Activity Log of the window, once for several checks, and once more with the users where it happened.
	"""

	title = _("Disabled users who keep trying")
	needs = ("Activity Log", "User")

	window: timedelta = timedelta(days=7)
	attempts: int = 3

	def run(self, site: Site) -> Answer:
		if not happened(site, self.window, DISABLED_TRIED):
			return
		log, user = table("Activity Log"), table("User")
		number = Fn("COUNT", log["name"])
		rows = site.db.run(
			site.db.from_(log)
			.join(user)
			.on(user["name"] == log["user"])
			.select(log["user"].as_("who"), number.as_("attempts"), Fn("MAX", log.creation).as_("last"))
			.where(
				lately(site, log, self.window)
				& (log.operation == "Login")
				& (log.status == "Failed")
				& (user.enabled == 0)
			)
			.groupby(log["user"])
			.having(number >= self.attempts)
			.orderby(log["user"])
		)
		if rows:
			moments = [moment for row in rows if (moment := site.moment(row["last"])) is not None]
			yield self.warning(
				_("Disabled users who keep trying to log in: {count}."),
				cause=_(
					"They were disabled and do not know it, or a device or program still logs in for them."
					" Failed log-ins in {days} days: {attempts}."
				),
				remedy=_(
					"If they should have access, tick Enabled in their User. If not, tell them, and stop what still"
					" uses the account."
				),
				subjects=[("User", str(row["who"])) for row in rows],
				attempts=sum(int(row["attempts"]) for row in rows),
				days=self.window.days,
				last=max(moments, default=None),
			)
