"""Can people log in through the directory?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.email._accounts import secret
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SETTINGS = "LDAP Settings"
_NEEDED = {
	"ldap_server_url": "LDAP Server Url",
	"base_dn": "Base Distinguished Name (DN)",
	"ldap_search_string": "LDAP Search String",
	"ldap_search_path_user": "LDAP search path for Users",
	"ldap_email_field": "LDAP Email Field",
	"ldap_username_field": "LDAP Username Field",
	"ldap_first_name_field": "LDAP First Name Field",
}


@dataclass(frozen=True)
class Ldap(Check):
	"""Where LDAP is switched on: are its settings complete, and can its password be opened?

	Cost: some settings and one lookup by primary key. The directory itself is not asked.
	"""

	title = _("LDAP")
	explained_by = ("config.encryption_key",)

	def run(self, site: Site) -> Answer:
		if not site.single_int(_SETTINGS, "enabled"):
			raise NotApplicable(_("LDAP is not switched on."))
		gaps = [label for field, label in _NEEDED.items() if not site.single(_SETTINGS, field)]
		pattern = site.single(_SETTINGS, "ldap_search_string") or ""
		if pattern and "{0}" not in pattern:
			gaps.append(_("the place for the user's name in LDAP Search String"))
		if secret(site, _SETTINGS, _SETTINGS).state != "ok":
			gaps.append(_("the password of the Base DN, which is not stored or cannot be opened"))
		if gaps:
			yield self.critical(
				_("Nobody can log in through LDAP: settings missing or wrong: {count}."),
				cause=_("Missing or wrong in LDAP Settings: {gaps}."),
				remedy=_(
					"Open LDAP Settings, correct what is named here and save: Frappe then tries to connect. Log in with"
					" a password of this site meanwhile."
				),
				subjects=[(_SETTINGS, _SETTINGS)],
				count=len(gaps),
				gaps=", ".join(gaps),
			)
