"""If passwords are refused, is there another way to log in?"""

from __future__ import annotations

from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import can_send_mail
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class PasswordLogin(Check):
	"""Where logging in with a password is disabled: is there another way that works?

	An app may bring a way of its own that is not known here.

	Cost: some settings and two small tables.
	"""

	title = _("A way to log in")
	needs = ("Email Account",)
	explained_by = ("email.outgoing_account",)

	def run(self, site: Site) -> Answer:
		if not site.single_int("System Settings", "disable_user_pass_login"):
			return
		links = bool(site.single_int("System Settings", "login_with_email_link"))
		if (
			site.single_int("LDAP Settings", "enabled")
			or (links and can_send_mail(site))
			or self._has_provider(site)
		):
			return
		yield self.critical(
			_("Nobody can log in: passwords are refused and no other way works."),
			cause=_(
				"Disable Username/Password Login is on in System Settings. LDAP is off, no Social Login Key is"
				" complete and enabled, and links by e-mail {links}."
			),
			remedy=_(
				"On the server: `bench --site {site} execute frappe.db.set_single_value --args \"['System Settings',"
				" 'disable_user_pass_login', 0]\"`, then `bench --site {site} clear-cache`."
			),
			subjects=[("System Settings", "disable_user_pass_login")],
			links=_("cannot be sent") if links else _("are off"),
			site=site.name,
		)

	def _has_provider(self, site: Site) -> bool:
		"""Tell whether the log-in page shows a provider: enabled, with its id and a secret."""
		if not site.has_doctype("Social Login Key"):
			return False
		key, auth = table("Social Login Key"), raw_table("__Auth")
		query = (
			site.db.from_(key)
			.join(auth)
			.on((auth["name"] == key["name"]) & (auth.doctype == "Social Login Key"))
			.where(
				(auth.fieldname == "client_secret") & (key.enable_social_login == 1) & (key.client_id != "")
			)
		)
		return site.db.count(query) > 0
