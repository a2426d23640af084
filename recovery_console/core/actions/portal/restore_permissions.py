"""Give roles back the DocTypes that the site's own permissions took from them."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._permissions import (
	permission_inserted,
	permissions_cache,
	permissions_of,
)
from recovery_console.core.actions.portal._users import left_alone, noticed
from recovery_console.core.checks.portal._permissions import Customised, customised, holders_without
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RestorePermissions(Action):
	"""Add what the app gives to roles to the site's own permissions of a DocType, for roles that lost it.

	Without names it takes DocTypes where one permission replaced all, or where an update brought new ones; a role
	that the site itself took out is given back by name only.
	"""

	title = "Restore permissions of roles"
	risk = Risk.DISRUPTIVE
	needs = ("Custom DocPerm", "DocPerm", "User", "Has Role")
	checks = ("portal.custom_permissions",)

	names: tuple[str, ...] = ()
	most: int = 200

	def plan(self, site: Site) -> Plan:
		lost = self._lost(site)
		unknown = [name for name in self.names if name not in lost]
		if unknown:
			raise UsageError(
				f"{unknown[0][:80]!r} is no DocType whose permissions the site has replaced and that a role lost.",
				remedy=f"Choose from: {', '.join(sorted(lost)[:10]) or 'there is none'}.",
			)
		chosen = {
			name: roles
			for name, (doctype, roles) in lost.items()
			if (name in self.names if self.names else doctype.replaced or doctype.updated_since)
		}
		return self.planned(
			site,
			_("Kinds of documents to give back to roles: {count}"),
			self._batches(site, chosen),
			most=self.most,
			left_out=left_alone(
				"DocType", set(lost) - set(chosen), _("This looks deliberate; name it to restore it.")
			),
			roles="; ".join(f"{name}: {', '.join(roles)}" for name, roles in list(chosen.items())[:5]),
		)

	@staticmethod
	def _lost(site: Site) -> dict[str, tuple[Customised, list[str]]]:
		"""Return the DocTypes that roles lost whose holders have no other way in."""
		found = {}
		for doctype in customised(site):
			roles = [role for role in doctype.lost if holders_without(site, role, doctype.own)]
			if roles:
				found[doctype.doctype] = (doctype, roles)
		return found

	@staticmethod
	def _batches(site: Site, chosen: dict[str, list[str]]) -> Iterator[Batch]:
		standard = permissions_of(site, "DocPerm", list(chosen))
		for doctype, roles in chosen.items():
			rows = [row for row in standard if row["parent"] == doctype and row["role"] in roles]
			edits = [permission_inserted(site, doctype, row) for row in rows]
			yield batch("DocType", doctype, *noticed(site, [permissions_cache(site, doctype)], *edits))
