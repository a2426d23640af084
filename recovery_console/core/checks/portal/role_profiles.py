"""Do users have the roles of their role profiles?"""

from __future__ import annotations

from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import another, distinct_count, people, role_of
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RoleProfiles(Check):
	"""Which users have other roles than their role profiles say?

	Frappe puts the profile's roles in place when the profile is saved (by a job, which may fail) and again each
	time the user is saved: roles that were added or removed by hand are then lost.

	Cost: two walks through the roles of the users who have a profile.
	"""

	title = _("Role profiles")
	needs = ("User", "Has Role", "Role Profile")

	def run(self, site: Site) -> Answer:
		wanted = {str(row["who"]): int(row["roles"]) for row in site.db.run(self._wanted(site))}
		rows = site.db.run(self._actual(site))
		differing = [row for row in rows if not self._agrees(row, wanted.get(str(row["who"]), 0))]
		if differing:
			yield self.warning(
				_("Users whose roles are not those of their role profile: {count}."),
				cause=_(
					"Roles were changed by hand, or the job that passes on a change of the profile failed. The next time"
					" the user is saved, {losing} users lose roles and {gaining} get more."
				),
				remedy=_(
					"Decide which is right: change the role profile and save it, or take the profile out of the user."
				),
				subjects=[("User", str(row["who"])) for row in differing],
				losing=sum(1 for row in differing if row["roles"] > row["matching"]),
				gaining=sum(1 for row in differing if wanted.get(str(row["who"]), 0) > row["matching"]),
			)

	def _agrees(self, row: dict[str, Any], wanted: int) -> bool:
		return int(row["roles"]) == int(row["matching"]) == wanted

	def _assigned(self, site: Site) -> tuple[QueryBuilder, Any, Any]:
		"""A query on users with their profiles: one in version 15, any number in version 16."""
		user = table("User")
		if site.has_doctype("User Role Profile"):
			link = table("User Role Profile")
			query = (
				people(site, user).join(link).on((link.parent == user["name"]) & (link.parenttype == "User"))
			)
			return query, user, link.role_profile
		query = people(site, user).where(user.role_profile_name.notnull() & (user.role_profile_name != ""))
		return query, user, user.role_profile_name

	def _wanted(self, site: Site) -> QueryBuilder:
		"""How many roles each user should have."""
		query, user, profile = self._assigned(site)
		role = another("Has Role", "profile_role")
		return (
			query.join(role)
			.on((role.parent == profile) & (role.parenttype == "Role Profile"))
			.select(user["name"].as_("who"), distinct_count(role.role).as_("roles"))
			.groupby(user["name"])
		)

	def _actual(self, site: Site) -> QueryBuilder:
		"""How many roles each user has, and how many of them stand in the user's profiles."""
		query, user, profile = self._assigned(site)
		own, role = another("Has Role", "own_role"), another("Has Role", "profile_role")
		same = (role.parent == profile) & (role.parenttype == "Role Profile") & (role.role == own.role)
		return (
			query.left_join(own)
			.on(role_of(own, user))
			.left_join(role)
			.on(same)
			.select(
				user["name"].as_("who"),
				distinct_count(own.role).as_("roles"),
				distinct_count(role.role).as_("matching"),
			)
			.groupby(user["name"])
			.orderby(user["name"])
		)
