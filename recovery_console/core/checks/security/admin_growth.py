"""Did more people become administrators lately?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names
from recovery_console.core.checks.security._admins import admins, given_by_hand, younger_than
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class AdminGrowth(Check):
	"""Which accounts became System Manager lately?

	Users whose roles come from a Role Profile count only when they are new themselves: Frappe writes their roles
	anew at every save. A site that is itself younger than the window has no growth to tell.

	Cost: one walk through the holders of one role.
	"""

	title = _("New System Managers")
	needs = ("User", "Has Role")

	window: timedelta = timedelta(days=7)
	many: int = 3

	def run(self, site: Site) -> Answer:
		since = site.ago(self.window)
		if younger_than(site, since):
			return
		user, has_role = table("User"), table("Has Role")
		query, by_hand = given_by_hand(site, admins(site, user, has_role), user)
		query = query.where(
			(has_role.creation >= since) & (has_role.modified >= since) & (by_hand | (user.creation >= since))
		)
		count, names = count_and_names(site, query, user["name"])
		yield self.measure(new_system_managers=count)
		if count:
			yield (self.warning if count >= self.many else self.info)(
				_("Accounts that became System Manager in {window}: {count}."),
				cause=_(
					"System Managers see and change everything, and may give themselves any other role. Somebody who"
					" breaks into a site makes one more of them."
				),
				remedy=_(
					"Ask who gave them the role and why: the User's timeline shows it. Take System Manager away where"
					" a smaller role will do, and disable accounts that nobody knows."
				),
				subjects=[("User", name) for name in names],
				count=count,
				window=in_words(self.window),
			)
