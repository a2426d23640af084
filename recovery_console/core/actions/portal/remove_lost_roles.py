"""Take roles that do not exist out of users and role profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import Row, noticed, per_user
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import document_cache
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RemoveLostRoles(Action):
	"""Take out of users and role profiles the roles that are gone, such as those of a removed app.

	Such a row gives no right to anybody, and keeps its user from being saved. To bring a role back instead, use
	``portal.restore_roles``.
	"""

	title = "Remove roles that are gone"
	risk = Risk.REVERSIBLE
	needs = ("Role", "Has Role")
	checks = ("portal.roles_gone",)

	roles: tuple[str, ...] = ()
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		lost = self._lost(site)
		unknown = [role for role in self.roles if role not in lost]
		if unknown:
			raise UsageError(
				f"{unknown[0][:80]!r} is no role that somebody has and that is gone.",
				remedy=f"Choose from: {', '.join(sorted(lost)[:10]) or 'there is none'}.",
			)
		rows = [row for role in (self.roles or sorted(lost)) for row in lost[role]]
		return self.planned(
			site,
			_("Take roles that are gone out of {count} users and role profiles"),
			self._batches(site, rows),
			most=self.most,
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
	def _batches(site: Site, rows: list[Row]) -> Iterator[Batch]:
		for parent, own in sorted(per_user(rows).items()):
			kind = str(own[0]["parenttype"])
			gone = [deleted("Has Role", row) for row in own]
			yield batch(kind, parent, *noticed(site, [document_cache(site, kind, parent)], *gone))
