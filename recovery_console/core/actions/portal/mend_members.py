"""Mend the chain from active members to their users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import (
	roles_changed,
	roles_of,
	ruled_by_profile,
	saved,
)
from recovery_console.core.actions.portal._users import Row, left_alone, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal import _members
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

_LEFT = {
	"disabled": _("The user is disabled: enable-users lets the member in, unless the membership has ended."),
	"customer": _("Which customer the member is, only you know."),
}


@dataclass(frozen=True)
class MendMembers(Action):
	"""Link active members with the user of their own address, and give that user the members' role."""

	title = "Mend members and their users"
	risk = Risk.DISRUPTIVE
	needs = ("Member", "User", "Has Role", "Customer")
	needs_app = "verenigingen"
	checks = ("portal.members",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		users_named(site, self.names, doctype="Member")
		found = self._found(site)
		left = [one for kind, why in _LEFT.items() for one in left_alone("Member", _names(found, kind), why)]
		batches = [
			*self._roles(site, found.get("role", []), left),
			*self._links(site, [*found.get("unlinked", []), *found.get("user", [])], left),
		]
		return self.planned(
			site, _("Members whose users are to be mended: {count}"), batches, most=self.most, left_out=left
		)

	def _found(self, site: Site) -> dict[str, list[Row]]:
		t = table("Member")
		found = {}
		for kind, query in _members.broken(site, t):
			rows = query.select(t["name"], t["user"], t.email).distinct().orderby(t["name"]).limit(self.most)
			found[kind] = [row for row in site.db.run(rows) if not self.names or row["name"] in self.names]
		return found

	@staticmethod
	def _roles(site: Site, members: Sequence[Row], left: list[LeftOut]) -> Iterator[Batch]:
		users = [str(row["user"]) for row in members]
		held, ruled = roles_of(site, users), ruled_by_profile(site, users)
		left += left_alone("User", ruled, _("A role profile rules their roles: change the profile."))
		for user in dict.fromkeys(users):
			edit = roles_changed(user, held[user], [_members.ROLE])
			if edit and user not in ruled:
				yield batch("User", user, edit, why=_("the members' role is missing"))

	@staticmethod
	def _links(site: Site, members: Sequence[Row], left: list[LeftOut]) -> Iterator[Batch]:
		"""Yield the members whose user is known by the address, and who share it with nobody."""
		addresses = [str(row["email"]) for row in members if row["email"]]
		there = {str(row["name"]) for row in rows_named(site, "User", addresses, ())}
		t = table("Member")
		linked = site.db.run(site.db.from_(t).select(t["user"]).where(t["user"].isin(addresses or [""])))
		taken = {str(row["user"]) for row in linked}
		for row in members:
			address = str(row["email"] or "")
			if address in there and address not in taken and addresses.count(address) == 1:
				yield batch("Member", row["name"], saved("Member", row, user=address))
			elif row["user"]:
				yield batch(
					"Member", row["name"], saved("Member", row, user=None), why=_("its user does not exist")
				)
			else:
				left += left_alone("Member", [str(row["name"])], _("Another member has that user already."))


def _names(found: dict[str, list[Row]], kind: str) -> list[str]:
	return [str(row["name"]) for row in found.get(kind, [])]
