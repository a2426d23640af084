"""Which accounts are new?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import SYSTEM_USER, count_and_names, people
from recovery_console.core.checks.security._admins import younger_than
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class NewAccounts(Check):
	"""Which users who may open Desk were made within the last day?

	Portal users sign up by themselves and are not named. A site that is itself younger has none to tell.

	Cost: the users made within the window.
	"""

	title = _("New accounts")
	needs = ("User",)

	window: timedelta = timedelta(days=1)
	many: int = 10

	def run(self, site: Site) -> Answer:
		since = site.ago(self.window)
		if younger_than(site, since):
			return
		user = table("User")
		query = people(site, user).where(
			(user.creation >= since) & (user.modified >= since) & (user.user_type == SYSTEM_USER)
		)
		count, names = count_and_names(site, query, user["name"])
		yield self.measure(new_accounts=count)
		if count:
			yield (self.warning if count >= self.many else self.info)(
				_("Accounts with access to Desk that were made in {window}: {count}."),
				cause=_(
					"Somebody with the right to make users made them, or a program in that person's name."
				),
				remedy=_("See that each belongs to somebody you know; disable those that nobody knows."),
				subjects=[("User", name) for name in names],
				count=count,
				window=in_words(self.window),
			)
