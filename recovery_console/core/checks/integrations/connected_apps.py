"""Can the connections to other services still log in?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import accounts
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_CACHE = "Token Cache"


@dataclass(frozen=True)
class ConnectedApps(Check):
	"""Which authorisations of Connected Apps ran out, and cannot be renewed?

	Those with which mail accounts log in are looked at by email.oauth. How long one holds is counted from when
	it was last renewed, as Frappe does.

	Cost: the Token Cache, which has a row per user and app, and one lookup of what can be renewed.
	"""

	title = _("Connected Apps")
	needs = ("Connected App", _CACHE, "Email Account")

	grace: timedelta = timedelta(hours=1)
	most: int = 2000

	def run(self, site: Site) -> Answer:
		t = table(_CACHE)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.connected_app, t["user"], t.modified, t.expires_in)
			.where(t.expires_in > 0)
			.orderby(t["name"])
			.limit(self.most)
		)
		renewable, mail = self._renewable(site), self._of_mail(site)
		lost = [
			row
			for row in rows
			if row["name"] not in renewable and row["name"] not in mail and self._ran_out(site, row)
		]
		if lost:
			yield self.warning(
				_("Connections to other services whose authorisation ran out: {count}."),
				cause=_(
					"The service gave no way to renew it, so that everything which uses the connection fails until"
					" somebody authorises it again. Apps: {apps}."
				),
				remedy=_(
					"Let the user concerned open the Connected App and press Connect. If nobody uses the connection any"
					" more, delete its row in Token Cache."
				),
				subjects=[(_CACHE, str(row["name"])) for row in lost],
				apps=", ".join(sorted({str(row["connected_app"]) for row in lost})[:10]),
			)

	def _ran_out(self, site: Site, row: Row) -> bool:
		age = site.age(row["modified"])
		return age is not None and age > timedelta(seconds=int(row["expires_in"])) + self.grace

	def _renewable(self, site: Site) -> set[str]:
		t = raw_table("__Auth")
		kept = (t["doctype"] == _CACHE) & (t["fieldname"] == "refresh_token")
		return {str(row["name"]) for row in site.db.run(site.db.from_(t).select(t["name"]).where(kept))}

	def _of_mail(self, site: Site) -> set[str]:
		return {
			f"{account.text('connected_app')}-{account.text('connected_user')}"
			for account in accounts(site)
			if account.oauth
		}
