"""Settle users whose roles are not those of their role profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import children, roles_changed, roles_of, saved
from recovery_console.core.actions.portal._users import first_of, users_named
from recovery_console.core.actions.security._admins import somebody_stays
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import people
from recovery_console.core.checks.security._admins import ADMIN_ROLE
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

PROFILE, ROLES = "profile", "roles"


@dataclass(frozen=True)
class FollowRoleProfile(Action):
	"""Give users the roles of their role profile, or take the profile out of them and leave their roles.

	The next time such a user is saved, Frappe does the first by itself.
	"""

	title = "Settle roles and role profiles"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Has Role", "Role Profile")
	checks = ("portal.role_profiles",)

	keep: str
	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if self.keep not in (PROFILE, ROLES):
			raise UsageError(
				f"{self.keep[:40]!r} is neither of the two things that can be kept.",
				remedy="Give keep=profile (users get the profile's roles) or keep=roles (they leave the profile).",
			)
		users_named(site, self.names)
		batches = list(self._batches(site))
		return self.planned(
			site,
			_("Users to be given the roles of their role profile: {count}")
			if self.keep == PROFILE
			else _("Users to be taken out of their role profile, with the roles that they have: {count}"),
			batches,
			most=self.most,
			warnings=self._warnings(site, batches[: self.most]),
		)

	def _warnings(self, site: Site, batches: list[Batch]) -> list[str]:
		"""Say who becomes System Manager, and who is it no longer.

		Raises:
			UsageError: Nobody would be left.
		"""
		if self.keep == ROLES:
			return []
		gain, lose = [], []
		for one in batches:
			for edit in one.edits:
				if isinstance(edit, DocumentEdit):
					had, has = _administers(edit.before), _administers(edit.after)
					gain += [one.subject.name] if has and not had else []
					lose += [one.subject.name] if had and not has else []
		if lose:
			somebody_stays(site, lose)
		return [
			*([_("They become System Manager: {0}.").format(first_of(gain))] if gain else []),
			*([_("They are System Manager no longer: {0}.").format(first_of(lose))] if lose else []),
		]

	def _batches(self, site: Site) -> Iterator[Batch]:
		profiles = self._profiles(site)
		held = roles_of(site, profiles)
		wanted = roles_of(site, {name for names in profiles.values() for name in names}, "Role Profile")
		links = (
			children(site, "User Role Profile", "User", profiles, "role_profile") if self._many(site) else {}
		)
		for user, names in profiles.items():
			roles = {row["role"] for name in names for row in wanted[name]}
			has = {row["role"] for row in held[user]}
			if has == roles:
				continue
			edit: DocumentEdit | None
			if self.keep == PROFILE:
				edit = roles_changed(user, held[user], sorted(roles), has - roles)
			elif self._many(site):
				edit = DocumentEdit(
					"User", user, "save", {"role_profiles": links[user]}, {"role_profiles": ()}
				)
			else:
				edit = saved("User", {"name": user, "role_profile_name": names[0]}, role_profile_name=None)
			gains, loses = ", ".join(sorted(roles - has)), ", ".join(sorted(has - roles))
			if edit:
				yield batch(
					"User", user, edit, why=_("profile beside roles: + {0}; - {1}").format(gains, loses)
				)

	@staticmethod
	def _many(site: Site) -> bool:
		"""Tell whether a user may have several profiles, as from Frappe 16 on."""
		return site.has_doctype("User Role Profile", "role_profile")

	def _profiles(self, site: Site) -> dict[str, list[str]]:
		t = table("User")
		query = people(site, t).select(t["name"], t.role_profile_name).orderby(t["name"])
		if self.names:
			query = query.where(t["name"].isin(list(self.names)))
		if not self._many(site):
			rows = site.db.run(query.where(t.role_profile_name.notnull() & (t.role_profile_name != "")))
			return {str(row["name"]): [str(row["role_profile_name"])] for row in rows}
		users = [str(row["name"]) for row in site.db.run(query)]
		found = children(site, "User Role Profile", "User", users, "role_profile")
		return {user: [str(row["role_profile"]) for row in rows] for user, rows in found.items() if rows}


def _administers(values: Any) -> bool:
	return any(row["role"] == ADMIN_ROLE for row in (values or {}).get("roles", ()))
