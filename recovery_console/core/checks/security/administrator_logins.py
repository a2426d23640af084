"""Does somebody use Administrator from the internet?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import ADMINISTRATOR
from recovery_console.core.checks.security._activity import ADMINISTRATOR_CAME, happened
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.window import lately


@dataclass(frozen=True)
class AdministratorLogins(Check):
	"""Did Administrator log in from outside, from public addresses, lately?

	Cost: the Activity Log of the window, once for several checks, and once more where Administrator came.
	"""

	title = _("Log-ins of Administrator")
	needs = ("Activity Log",)

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		rows = self._addresses(site) if happened(site, self.window, ADMINISTRATOR_CAME) else []
		yield self.measure(administrator_logins=sum(int(row["logins"]) for row in rows))
		outside = [row for row in rows if _is_public(str(row["ip_address"] or ""))]
		if outside:
			yield self.info(
				_("Public addresses from which Administrator logged in during {window}: {count}."),
				cause=_(
					"Administrator belongs to nobody, is never asked for a second factor, and cannot be refused"
					" anything. What it does cannot be told to a person."
				),
				remedy=_(
					"Work as a user of one's own with the role System Manager. If you do not know the addresses, change"
					" the password: `bench --site {site} set-admin-password --logout-all-sessions`."
				),
				subjects=[("IP address", str(row["ip_address"])) for row in outside],
				logins=sum(int(row["logins"]) for row in outside),
				last=_latest(site.moment(row["last"]) for row in outside),
				window=in_words(self.window),
				site=site.name,
			)

	def _addresses(self, site: Site) -> list[dict[str, Any]]:
		log = table("Activity Log")
		return site.db.run(
			site.db.from_(log)
			.select(
				log.ip_address, Fn("COUNT", log["name"]).as_("logins"), Fn("MAX", log.creation).as_("last")
			)
			.where(lately(site, log, self.window) & (log["user"] == ADMINISTRATOR))
			.where((log.operation == "Login") & (log.status == "Success"))
			.groupby(log.ip_address)
			.orderby(log.ip_address)
		)


def _latest(moments: Iterable[object]) -> object:
	return max((moment for moment in moments if moment is not None), key=str, default=None)


def _is_public(text: str) -> bool:
	try:
		return ip_address(text.strip()).is_global
	except ValueError:
		return False
