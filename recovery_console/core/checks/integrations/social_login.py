"""Can people log in with their accounts of other services?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import secret
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SocialLogin(Check):
	"""Is every Social Login Key that is switched on complete, and can what it keeps be opened?

	Frappe opens the Client Secret of each of them whenever it shows the login page.

	Cost: a handful of rows, each with one lookup by primary key.
	"""

	title = _("Social logins")
	needs = ("Social Login Key",)
	explained_by = ("config.encryption_key",)

	def run(self, site: Site) -> Answer:
		t = table("Social Login Key")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.client_id, t.base_url)
			.where(t.enable_social_login == 1)
			.orderby(t["name"])
		)
		states = {
			str(row["name"]): secret(site, "Social Login Key", str(row["name"]), "client_secret").state
			for row in rows
		}
		closed = [name for name, state in states.items() if state != "ok"]
		if closed:
			yield self.critical(
				_(
					"The login page ends in an error: Social Login Keys without a usable Client Secret: {count}."
				),
				cause=_(
					"Nothing is stored for them, or it cannot be opened with this site's encryption_key. Frappe needs it"
					" to show the login page, and gives up where it is missing: nobody can log in."
				),
				remedy=_(
					"Who is still logged in opens the Social Login Key and enters the Client Secret again, or unticks"
					" Enable Social Login. When nobody is, `bench --site {site} browse --user Administrator` gives a"
					" way in without the login page."
				),
				subject="closed",
				subjects=[("Social Login Key", name) for name in closed],
				site=site.name,
			)
		gaps = [
			str(row["name"])
			for row in rows
			if not (row["client_id"] and row["base_url"]) and str(row["name"]) not in closed
		]
		if gaps:
			yield self.warning(
				_("Social Login Keys that are switched on and do not appear on the login page: {count}."),
				cause=_("Client ID or Base URL is empty; Frappe leaves out such a key without a word."),
				remedy=_("Open each Social Login Key named and fill in Client ID and Base URL."),
				subject="incomplete",
				subjects=[("Social Login Key", name) for name in gaps],
			)
