"""Is there somebody left who can administer the site?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import ADMINISTRATOR, people, role_of
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SystemManagers(Check):
	"""Is there an enabled user with the role System Manager, besides Administrator?

	Frappe 15 adds the role to a user when none is left, but only when a user is saved; Frappe 16 does not.

	Cost: two counts over the holders of one role.
	"""

	title = _("System Managers")
	needs = ("User", "Has Role")

	def run(self, site: Site) -> Answer:
		user, has_role = table("User"), table("Has Role")
		managers = (
			people(site, user)
			.join(has_role)
			.on(role_of(has_role, user))
			.where((has_role.role == "System Manager") & (user.user_type != "Website User"))
		)
		count = site.db.count(managers)
		yield self.measure(system_managers=count)
		if count or not site.single_int("System Settings", "setup_complete"):
			return
		administrator = site.db.count(
			site.db.from_(user).where((user["name"] == ADMINISTRATOR) & (user.enabled == 1))
		)
		build = self.warning if administrator else self.critical
		yield build(
			_("No person is System Manager any more.")
			if administrator
			else _("Nobody can administer this site: no System Manager is enabled, nor is Administrator."),
			cause=_(
				"The last one was disabled, deleted, or lost the role. Only who knows Administrator's password can"
				" change users and settings."
			)
			if administrator
			else _("All were disabled, deleted, or lost the role, and Administrator itself is disabled."),
			remedy=_(
				"On the server: `bench --site {site} add-system-manager EMAIL --password PASSWORD`, or log in as"
				" Administrator and give the role to a user."
			),
			subjects=[("Role", "System Manager")],
			site=site.name,
		)
