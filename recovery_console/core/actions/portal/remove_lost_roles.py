"""Take roles that do not exist out of users and role profiles."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, left_alone, noticed, per_user
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache
from recovery_console.core.checks.portal.roles_gone import STANDARD
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RemoveLostRoles(Action):
	"""Take out of users and role profiles the roles that are gone, such as those of a removed app.

	Such a row keeps its user from being saved. Frappe's own roles, and roles to which a permission still gives
	something, are left alone: taking these out takes rights away. ``portal.restore_roles`` brings them back.
	"""

	title = "Remove roles that are gone"
	risk = Risk.REVERSIBLE
	needs = ("Role", "Has Role")
	checks = ("portal.roles_gone",)

	roles: tuple[str, ...] = ()
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		lost = self._lost(site)
		kept = {role for role in lost if role in STANDARD} | self._in_force(site, lost)
		lost = {role: rows for role, rows in lost.items() if role not in kept}
		if refused := sorted(kept.intersection(self.roles)):
			raise UsageError(
				f"The role {refused[0][:80]} still opens something to those who hold it; nothing was changed.",
				remedy="Bring it back with portal.restore_roles; then take it away in the users' forms.",
			)
		unknown = [role for role in self.roles if role not in lost]
		if unknown:
			raise UsageError(
				f"{unknown[0][:80]!r} is no role that somebody has and that is gone.",
				remedy=f"Choose from: {', '.join(sorted(lost)[:10]) or 'there is none'}.",
			)
		rows = [row for role in (self.roles or sorted(lost)) for row in lost[role]]
		return self.planned(
			site,
			_("Users and role profiles to take lost roles out of: {count}"),
			self._batches(site, rows),
			most=self.most,
			left_out=left_alone(
				"Role", kept, _("It still opens something to those who hold it: bring it back instead.")
			),
			roles=", ".join(self.roles or sorted(lost))[:200],
		)

	@staticmethod
	def _lost(site: Site) -> dict[str, list[Row]]:
		role, given = table("Role"), table("Has Role")
		known = {str(row["name"]) for row in site.db.run(site.db.from_(role).select(role["name"]))}
		rows = whole_rows(
			site,
			site.db.from_(given)
			.where(
				given.parenttype.isin(["User", "Role Profile"])
				& given.role.notnull()
				& (given.role != "")
				& given.role.notin(sorted(known) or [""])
			)
			.orderby(given.parent, given["name"]),
		)
		return per_user((row for row in rows if str(row["role"]) not in known), "role")

	@staticmethod
	def _in_force(site: Site, roles: Collection[str]) -> set[str]:
		"""Return those roles to which a permission gives something: Frappe asks no Role whether it is there."""
		found: set[str] = set()
		for kind in ("DocPerm", "Custom DocPerm"):
			if site.has_doctype(kind):
				t = table(kind)
				query = site.db.from_(t).select(t.role).where(t.role.isin(sorted(roles) or [""])).distinct()
				found |= {str(row["role"]) for row in site.db.run(query)}
		return found & set(roles)

	@staticmethod
	def _batches(site: Site, rows: list[Row]) -> Iterator[Batch]:
		for parent, own in sorted(per_user(rows).items()):
			kind = str(own[0]["parenttype"])
			gone = [deleted("Has Role", row) for row in own]
			yield batch(kind, parent, *noticed(site, [document_cache(site, kind, parent)], *gone))
