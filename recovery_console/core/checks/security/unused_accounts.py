"""Are there accounts that nobody uses and that still open?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import SYSTEM_USER, count_and_names, people
from recovery_console.core.checks.security._admins import is_admin
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class UnusedAccounts(Check):
	"""Which enabled desk users have not been here for half a year, or never came?

	Users with an API key are left out: programs leave no trace in the user's last activity.

	Cost: up to four walks through the enabled desk users.
	"""

	title = _("Accounts that nobody uses")
	needs = ("User", "Has Role")

	after: timedelta = timedelta(days=180)
	never_after: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		yield from self._powerful(site)
		yield from self._others(site)

	def _unused(self, site: Site, *, powerful: bool) -> tuple[int, list[str]]:
		user = table("User")
		never = user.last_active.isnull() & (user.creation < site.ago(self.never_after))
		query: QueryBuilder = people(site, user).where(
			(user.user_type == SYSTEM_USER)
			& (user.api_key.isnull() | (user.api_key == ""))
			& ((user.last_active < site.ago(self.after)) | never)
		)
		return count_and_names(site, is_admin(query, user, wanted=powerful), user["name"])

	def _powerful(self, site: Site) -> Iterator[Finding]:
		count, names = self._unused(site, powerful=True)
		if count:
			yield self.warning(
				_("System Managers whose accounts nobody has used for {after}: {count}."),
				cause=_(
					"An account that nobody watches can be taken over without anybody noticing, and these can change"
					" everything."
				),
				remedy=_(
					"Untick Enabled in the users named, or at least take the role System Manager away. Disabling loses"
					" no data."
				),
				subject="system managers",
				subjects=[("User", name) for name in names],
				count=count,
				after=in_words(self.after),
			)

	def _others(self, site: Site) -> Iterator[Finding]:
		count, names = self._unused(site, powerful=False)
		if count:
			yield self.info(
				_("Desk users who have not been here for {after}, or never came: {count}."),
				cause=_("People left or never began, and their accounts still open with the old password."),
				remedy=_("Ask whether they still work here; if not, untick Enabled in the users named."),
				subject="others",
				subjects=[("User", name) for name in names],
				count=count,
				after=in_words(self.after),
			)
