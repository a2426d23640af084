"""Bring back roles that are gone or disabled and that people hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal.roles_gone import STANDARD
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RestoreRoles(Action):
	"""Make roles again that users hold and that were deleted, and enable those that were disabled.

	Without names: Frappe's own roles that are gone, and the disabled roles that somebody holds. A role of a removed
	app comes back only by name, as an empty one: it opens nothing by itself.
	"""

	title = "Restore roles"
	risk = Risk.DISRUPTIVE  # who holds such a role gets its rights back
	needs = ("Role", "Has Role")
	checks = ("portal.roles_gone",)

	names: tuple[str, ...] = ()
	desk_access: bool = True

	def plan(self, site: Site) -> Plan:
		known, given = self._known(site), self._given(site)
		missing = {*(role for role in STANDARD if role not in known), *(given - known.keys())}
		disabled = {role for role in given if known.get(role)}
		unknown = [name for name in self.names if name not in missing | disabled]
		if unknown:
			raise UsageError(
				f"{unknown[0][:80]!r} is neither a role that somebody holds and that is gone, nor a disabled one.",
				remedy=f"Choose from: {', '.join(sorted(missing | disabled)[:10]) or 'there is none'}.",
			)
		wanted = self.names or sorted({role for role in missing if role in STANDARD} | disabled)
		return self.planned(
			site,
			_("Roles to bring back: {count}"),
			self._batches(wanted, known),
			warnings=[_("Whoever holds one of these roles has its rights again.")] if wanted else (),
			roles_held=len(given),
		)

	def _batches(self, wanted: tuple[str, ...] | list[str], known: Mapping[str, bool]) -> Iterator[Batch]:
		for role in wanted:
			if role in known:
				yield batch("Role", role, saved("Role", {"name": role, "disabled": 1}, disabled=0))
			else:
				desk = int(self.desk_access and role not in ("Guest", "All", "Customer", "Supplier"))
				fields = {"role_name": role, "desk_access": desk}
				yield batch("Role", role, DocumentEdit("Role", role, "insert", None, fields))

	@staticmethod
	def _known(site: Site) -> dict[str, bool]:
		t = table("Role")
		rows = site.db.run(site.db.from_(t).select(t["name"], t.disabled))
		return {str(row["name"]): bool(row["disabled"]) for row in rows}

	@staticmethod
	def _given(site: Site) -> set[str]:
		t = table("Has Role")
		query = site.db.from_(t).select(t.role).where(t.parenttype.isin(["User", "Role Profile"]))
		rows = site.db.run(query.where(t.role.notnull() & (t.role != "")).distinct())
		return {str(row["role"]) for row in rows}
