"""Do all roles that are given to somebody exist?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: Frappe's own code relies on these.
STANDARD = ("Administrator", "All", "Desk User", "Guest", "System Manager")


@dataclass(frozen=True)
class RolesGone(Check):
	"""Do the roles that users and role profiles have exist, and are they enabled?

	Cost: one walk through the role assignments, grouped by role.
	"""

	title = _("Roles that are gone")
	needs = ("Role", "Has Role")

	def run(self, site: Site) -> Answer:
		role = table("Role")
		roles = site.db.run(site.db.from_(role).select(role["name"], role.disabled))
		known = {str(row["name"]): bool(row["disabled"]) for row in roles}
		given = self._given(site)
		yield from self._missing([row for row in given if str(row["role"]) not in known])
		yield from self._disabled([row for row in given if known.get(str(row["role"]))])
		yield from self._standard([name for name in STANDARD if name not in known])
		default = site.single("Portal Settings", "default_role")
		if default and known.get(default, True):
			yield self.warning(
				_("New portal users get no role: the default role {role} is gone or disabled."),
				cause=_("Portal Settings give it to who signs up."),
				remedy=_("Choose another role in Portal Settings, or enable this one."),
				subject="default",
				subjects=[("Role", default)],
				role=default,
			)

	def _given(self, site: Site) -> list[Row]:
		has_role = table("Has Role")
		return site.db.run(
			site.db.from_(has_role)
			.select(has_role.role, Fn("COUNT", has_role["name"]).as_("times"))
			.where(
				has_role.parenttype.isin(["User", "Role Profile"])
				& has_role.role.notnull()
				& (has_role.role != "")
			)
			.groupby(has_role.role)
			.orderby(has_role.role)
		)

	def _missing(self, rows: list[Row]) -> Iterator[Finding]:
		if rows:
			yield self.warning(
				_("Roles that users have and that do not exist: {count}."),
				cause=_(
					"They were deleted past Frappe, or belong to an app that was removed. Such a User or Role Profile"
					" cannot be saved any more. Assignments: {times}."
				),
				remedy=_(
					"Create the roles again under the same name if they are needed; else take them out of the users"
					" and role profiles."
				),
				subject="missing",
				subjects=[("Role", str(row["role"])) for row in rows],
				times=sum(int(row["times"]) for row in rows),
			)

	def _disabled(self, rows: list[Row]) -> Iterator[Finding]:
		if rows:
			yield self.warning(
				_("Disabled roles that users still have: {count}."),
				cause=_(
					"They were disabled past their form, which takes them from everybody. They still give access, and"
					" vanish from a user the next time it is saved. Assignments: {times}."
				),
				remedy=_(
					"Enable these roles if they are needed; else open each and save it, so that they are taken away."
				),
				subject="disabled",
				subjects=[("Role", str(row["role"])) for row in rows],
				times=sum(int(row["times"]) for row in rows),
			)

	def _standard(self, names: list[str]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("Roles that Frappe itself needs and that do not exist: {count}."),
				cause=_("They were deleted past Frappe, or an update or restore ended half-way."),
				remedy=_("Run `bench --site SITE migrate`; if they are still missing, create them by name."),
				subject="standard",
				subjects=[("Role", name) for name in names],
			)
