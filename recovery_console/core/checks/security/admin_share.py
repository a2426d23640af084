"""Are there more administrators than the site needs?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import SYSTEM_USER, count_and_names, people
from recovery_console.core.checks.security._admins import admins
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AdminShare(Check):
	"""Is the role System Manager given to so many that it protects nothing?

	Cost: one walk through the holders of one role, one count of the enabled desk users.
	"""

	title = _("Share of System Managers")
	needs = ("User", "Has Role")

	at_least: int = 5
	share: float = 0.3

	def run(self, site: Site) -> Answer:
		user, has_role = table("User"), table("Has Role")
		count, names = count_and_names(site, admins(site, user, has_role), user["name"])
		everybody = site.db.count(people(site, user).where(user.user_type == SYSTEM_USER))
		yield self.measure(system_managers=count, desk_users=everybody)
		if count >= self.at_least and count > self.share * everybody:
			yield self.warning(
				_("System Managers: {count} of {desk_users} people who work in Desk."),
				cause=_(
					"Each of them sees and changes everything, salaries and bank accounts too. One stolen log-in among"
					" them is enough."
				),
				remedy=_(
					"Give those who do daily work the roles of their work instead, such as Accounts User, and leave"
					" System Manager to the few who administer the site."
				),
				subjects=[("User", name) for name in names],
				count=count,
				desk_users=everybody,
			)
