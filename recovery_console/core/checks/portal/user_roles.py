"""Do users have roles, and the user type that follows from them?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check
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

	Cost: three walks through users and their roles.
	"""

	title = _("Roles and user types")
	needs = ("User", "Role", "Has Role")
	explained_by = ("portal.roles_gone",)

	window: timedelta = timedelta(days=90)

	def run(self, site: Site) -> Answer:
		user = table("User")
		desk = self._desk_users(site)
		has_desk_role = user["name"].isin(desk)
		system = people(site, user).where(user.user_type == SYSTEM_USER)
		yield from self._no_desk_role(site, system.where(has_desk_role.negate()), user)
		website = people(site, user).where((user.user_type == WEBSITE_USER) & has_desk_role)
		yield from self._kept_out(site, website, user)
		yield from self._no_role(site, user)

	def _desk_users(self, site: Site) -> QueryBuilder:
		"""A query for everybody with a role that opens the Desk."""
		has_role, role = table("Has Role"), table("Role")
		return (
			site.db.from_(has_role)
			.join(role)
			.on(role["name"] == has_role.role)
			.where((has_role.parenttype == "User") & (role.desk_access == 1))
			.select(has_role.parent)
		)

	def _no_desk_role(self, site: Site, query: QueryBuilder, user: DocTable) -> Iterator[Finding]:
		count, names = count_and_names(site, query, user["name"])
		if count:
			yield self.warning(
				_("System Users without a role that opens the Desk: {count}."),
				cause=_(
					"Their roles were taken away, or a role lost Desk Access. They log in to an empty Desk; the next"
					" time their User is saved they become Website Users."
				),
				remedy=_("Open these users, give them the roles they need, and save; or disable them."),
				subject="no_desk_role",
				subjects=[("User", name) for name in names],
				count=count,
			)

	def _kept_out(self, site: Site, query: QueryBuilder, user: DocTable) -> Iterator[Finding]:
		count, names = count_and_names(site, query, user["name"])
		if count:
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
				count=count,
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
