"""Have the mail accounts that log in with OAuth been authorised?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import Account, accounts, secret
from recovery_console.core.finding import _
from recovery_console.core.site import Site

CACHE = "Token Cache"
_CAUSES = {
	"no app": _("It names no Connected App, so Frappe does not know whom to ask for a token."),
	"no token": _("Nobody has authorised it yet, or the token was deleted. Frappe skips it without a word."),
	"closed": _(
		"Its token cannot be decrypted: the encryption_key in site_config.json is not the one it had."
	),
	"expired": _("Its token has expired, and there is no refresh token with which Frappe could renew it."),
}


@dataclass(frozen=True)
class Oauth(Check):
	"""Does every mail account that logs in with OAuth have a token that works or can be renewed?

	Cost: two lookups by primary key per OAuth account in use.
	"""

	title = _("OAuth of mail accounts")
	needs = ("Email Account", CACHE)

	def run(self, site: Site) -> Answer:
		for account in accounts(site):
			used = account.on("enable_outgoing") or account.on("enable_incoming")
			if not account.oauth or not used:
				continue
			problem = self._problem(site, account)
			if not problem:
				continue
			yield self.critical(
				_("The mail account {account} cannot log in with OAuth."),
				cause=_CAUSES[problem],
				remedy=_(
					"Open the Email Account {account}, choose its Connected App and Connected User, and press"
					" Authorize API Access."
				),
				subject=account.name,
				subjects=[account.subject],
				account=account.name,
				problem=problem,
				sends=account.on("enable_outgoing"),
				receives=account.on("enable_incoming"),
			)

	def _problem(self, site: Site, account: Account) -> str:
		app, user = account.text("connected_app"), account.text("connected_user")
		if not app:
			return "no app"
		if account.on("backend_app_flow"):
			return ""  # Frappe asks for a token by itself when it needs one
		name = f"{app}-{user}"
		token = secret(site, CACHE, name, "access_token")
		if token.state == "missing":
			return "no token"
		if token.state != "ok":
			return "closed"
		return "expired" if self._cannot_be_renewed(site, name) else ""

	def _cannot_be_renewed(self, site: Site, name: str) -> bool:
		t = table(CACHE)
		rows = site.db.run(
			site.db.from_(t).select(t.modified, t.expires_in).where(t["name"] == name).limit(1)
		)
		if not rows or not rows[0]["expires_in"]:
			return not rows
		age = site.age(rows[0]["modified"])
		expired = age is not None and age > timedelta(seconds=int(rows[0]["expires_in"]))
		return expired and secret(site, CACHE, name, "refresh_token").state == "missing"
