"""Do people log in from more places than a person can be at?"""

from __future__ import annotations

from datetime import timedelta

from pypika import Order

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import SYSTEM_USER, distinct_count
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class LoginAddresses(Check):
	"""Did a desk user log in from many addresses within one day?

	Frappe keeps no address with a session, so the log-ins are counted.

	Cost: the log-ins of one day in the Activity Log, once.
	"""

	title = _("Log-ins from many addresses")
	needs = ("Activity Log", "User")

	window: timedelta = timedelta(days=1)
	most: int = 5

	def run(self, site: Site) -> Answer:
		log, user, since = table("Activity Log"), table("User"), site.ago(self.window)
		addresses = distinct_count(log.ip_address)
		rows = site.db.run(
			site.db.from_(log)
			.join(user)
			.on(user["name"] == log["user"])
			.select(
				log["user"].as_("who"), addresses.as_("addresses"), Fn("COUNT", log["name"]).as_("logins")
			)
			.where((log.creation >= since) & (log.modified >= since) & (user.user_type == SYSTEM_USER))
			.where((log.operation == "Login") & (log.status == "Success"))
			.groupby(log["user"])
			.having(addresses > self.most)
			.orderby(addresses, order=Order.desc)
		)
		if rows:
			yield self.warning(
				_("Users who logged in from more than {limit} addresses in {window}: {count}."),
				cause=_(
					"The account is shared by several people, or its password is known to somebody else. The worst came"
					" from {most} addresses."
				),
				remedy=_(
					"Ask the users whether it was they: Activity Log shows the addresses. If not, give them a new"
					" password and end their sessions: `bench --site {site} set-password USER --logout-all-sessions`."
				),
				subjects=[("User", str(row["who"])) for row in rows],
				limit=self.most,
				most=int(rows[0]["addresses"]),
				logins=sum(int(row["logins"]) for row in rows),
				window=in_words(self.window),
				site=site.name,
			)
