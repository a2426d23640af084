"""Do users have roles, and the user type that follows from them?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import (
	SYSTEM_USER,
	WEBSITE_USER,
	count_and_names,
	people,
	recently_used,
	role_of,
)
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class UserRoles(Check):
	"""Do enabled users have roles, and the user type that follows from them?

	Frappe works the type out when a User is saved: System User where any role has Desk Access. Roles that were
	changed otherwise leave a user outside the Desk, or inside an empty one.

	Cost: two walks through users and their roles; it grows with their number.
	"""

	title = _("Roles and user types")
	needs = ("User", "Role", "Has Role")
	explained_by = ("portal.roles_gone",)
	budget = timedelta(seconds=4)

	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		desk = self._desk_users(site)
		user = table("User")
		rows = site.db.run(people(site, user).where(user.user_type == SYSTEM_USER).select(user["name"]))
		yield from self._no_desk_role(sorted({str(row["name"]) for row in rows} - desk.keys()))
		yield from self._kept_out(sorted(name for name, kind in desk.items() if kind == WEBSITE_USER))
		yield from self._no_role(site, user)

	def _desk_users(self, site: Site) -> dict[str, str]:
		"""Return the user type of everybody with a role that opens the Desk."""
		user, has_role, role = table("User"), table("Has Role"), table("Role")
		opening = site.db.run(site.db.from_(role).where(role.desk_access == 1).select(role["name"]))
		rows = site.db.run(
			people(site, user)
			.join(has_role)
			.on(role_of(has_role, user) & has_role.role.isin([row["name"] for row in opening] or [""]))
			.select(user["name"], user.user_type)
			.distinct()
		)
		return {str(row["name"]): str(row["user_type"]) for row in rows}

	def _no_desk_role(self, names: list[str]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("System Users without a role that opens the Desk: {count}."),
				cause=_(
					"Their roles were taken away, or a role lost Desk Access. They log in to an empty Desk; the next"
					" time their User is saved they become Website Users."
				),
				remedy=_("Open these users, give them the roles they need, and save; or disable them."),
				subject="no_desk_role",
				subjects=[("User", name) for name in names],
			)

	def _kept_out(self, names: list[str]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("Website Users whose roles open the Desk, but who are kept out of it: {count}."),
				cause=_(
					"They got a role with Desk Access without their User being saved, so that their user type was not"
					" worked out again. They are sent to the portal and refused at /app."
				),
				remedy=_(
					"Open these users and save them; take the role away first where it should not be theirs."
				),
				subject="kept_out",
				subjects=[("User", name) for name in names],
			)

	def _no_role(self, site: Site, user: DocTable) -> Iterator[Finding]:
		has_role = table("Has Role")
		query = (
			people(site, user)
			.left_join(has_role)
			.on(role_of(has_role, user))
			.where(
				(user.user_type == WEBSITE_USER)
				& has_role["name"].isnull()
				& recently_used(site, user, self.window)
			)
		)
		count, names = count_and_names(site, query, user["name"])
		if count:
			yield self.info(
				_("Website Users without any role: {count}."),
				cause=_("They can log in, and see what every visitor sees and their own account."),
				remedy=_(
					"If they are customers or members, give them that role; Default Role at Signup in Portal Settings"
					" does so for new ones."
				),
				subject="no_role",
				subjects=[("User", name) for name in names],
				count=count,
			)
