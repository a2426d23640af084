"""Are those who can change everything asked for a second factor?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._users import another, count_and_names, role_of
from recovery_console.core.checks.security._admins import admins
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SecondFactor(Check):
	"""Which System Managers log in with a password alone?

	Where two-factor authentication is off, small sites are left in peace. Administrator is never asked for a
	code, as Frappe has it.

	Cost: some settings; one or two walks through the holders of one role.
	"""

	title = _("Second factor of System Managers")
	needs = ("User", "Role", "Has Role")

	from_managers: int = 5

	def run(self, site: Site) -> Answer:
		if site.single_int("System Settings", "disable_user_pass_login"):
			return
		asking = _two_factor.roles(site) if _two_factor.is_on(site) else None
		if asking is None:
			yield from self._off(site)
		elif asking and "All" not in asking:
			yield from self._not_asked(site, asking)

	def _off(self, site: Site) -> Iterator[Finding]:
		user, has_role = table("User"), table("Has Role")
		count, names = count_and_names(site, admins(site, user, has_role), user["name"])
		if count >= self.from_managers:
			yield self.info(
				_("System Managers who log in with a password alone: {count}."),
				cause=_(
					"Two-factor authentication is off: whoever gets one of these passwords gets everything."
				),
				remedy=_(
					"Tick Two Factor Authentication in the role System Manager, then Enable Two Factor Auth in System"
					" Settings. See first that the site can send mail: the code to scan comes by mail."
				),
				subject="off",
				subjects=[("User", name) for name in names],
				count=count,
			)

	def _not_asked(self, site: Site, asking: list[str]) -> Iterator[Finding]:
		user, has_role, other = table("User"), table("Has Role"), another("Has Role", "asking_role")
		given = role_of(other, user) & other.role.isin(asking)
		query = admins(site, user, has_role).left_join(other).on(given).where(other["name"].isnull())
		count, names = count_and_names(site, query, user["name"])
		if count:
			yield self.warning(
				_("System Managers who are not asked for a second factor, though others are: {count}."),
				cause=_(
					"Two-factor authentication is asked of these roles only, and they have none: {roles}."
				),
				remedy=_("Tick Two Factor Authentication in the role System Manager."),
				subject="not asked",
				subjects=[("User", name) for name in names],
				count=count,
				roles=", ".join(sorted(asking)[:10]),
			)
