"""Did somebody act in another person's name?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.security._activity import SOMEBODY_ELSE, happened
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.window import lately


@dataclass(frozen=True)
class Impersonation(Check):
	"""Did Administrator act in the name of other users lately?

	Cost: the Activity Log of the window, once for several checks, and once more where it happened.
	"""

	title = _("Acting as another user")
	needs = ("Activity Log",)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		if not happened(site, self.window, SOMEBODY_ELSE):
			return
		log = table("Activity Log")
		number = Fn("COUNT", log["name"])
		rows = site.db.run(
			site.db.from_(log)
			.select(log["user"].as_("who"), number.as_("times"))
			.where(lately(site, log, self.window) & (log.operation == "Impersonate"))
			.groupby(log["user"])
			.orderby(log["user"])
		)
		if rows:
			yield self.info(
				_("Users in whose name Administrator acted in {window}: {count}."),
				cause=_(
					"What was done in that time stands under the other person's name. Frappe lets only Administrator do"
					" it, tells the person, and writes it to the Activity Log."
				),
				remedy=_(
					"Look at Activity Log with Operation Impersonate and ask whether each was agreed. If not, change"
					" Administrator's password: `bench --site {site} set-admin-password --logout-all-sessions`."
				),
				subjects=[("User", str(row["who"])) for row in rows],
				window=in_words(self.window),
				times=sum(int(row["times"]) for row in rows),
				site=site.name,
			)
