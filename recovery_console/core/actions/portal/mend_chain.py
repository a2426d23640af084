"""Mend the chain from a portal user by contact and role to the customer or supplier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import (
	children,
	roles_changed,
	roles_of,
	ruled_by_profile,
)
from recovery_console.core.actions.portal._users import left_alone, per_user, users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal import _chain
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MendChain(Action):
	"""Give portal users what leads them to their documents: the role, the row under Portal Users, a contact.

	What a person must decide is left: whom to enable, and which customer a contact belongs to.
	"""

	title = "Mend portal users and their customers"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Has Role", "Contact", "Customer", "Portal User", "Dynamic Link")
	needs_app = "erpnext"
	checks = ("portal.customers",)

	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=90)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		users_named(site, self.names)
		broken = {**_chain.listed(site, self.most), **_chain.unlisted(site, self.window)}
		found = {kind: [name for _doctype, name in things] for kind, (_count, things) in broken.items()}
		if self.names:
			found = {kind: [name for name in names if name in self.names] for kind, names in found.items()}
		left: list[LeftOut] = []
		batches = [
			*self._roles(site, found.get(_chain.ROLE, []), left),
			*self._rows(site, found.get(_chain.ROW, []), left),
			*([] if self.names else self._gone(site)),
			*self._contacts(site, found.get(_chain.CONTACT, [])),
		]
		left += left_alone("User", found.get(_chain.DISABLED, []), _("Disabled: enable-users lets them in."))
		left += left_alone(
			"User", found.get(_chain.LINK, []), _("Which customer their contact belongs to, only you know.")
		)
		return self.planned(
			site,
			_("Links between portal users and their customers to mend: {count}"),
			batches,
			most=self.most,
			left_out=left,
		)

	@staticmethod
	def _roles(site: Site, users: Sequence[str], left: list[LeftOut]) -> Iterator[Batch]:
		t = table("Portal User")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["user"], t.parenttype)
			.where(t["user"].isin(list(users) or [""]))
			.distinct()
		)
		kinds = {
			user: sorted({str(row["parenttype"]) for row in own})
			for user, own in per_user(rows, "user").items()
		}
		held, ruled = roles_of(site, users), ruled_by_profile(site, users)
		left += left_alone("User", ruled, _("A role profile rules their roles: change the profile."))
		for user in users:
			edit = roles_changed(
				user, held[user], [kind for kind in kinds.get(user, []) if kind in _chain.PARTIES]
			)
			if edit and user not in ruled:
				yield batch("User", user, edit, why=_("the role is missing"))

	@staticmethod
	def _rows(site: Site, users: Sequence[str], left: list[LeftOut]) -> Iterator[Batch]:
		"""Yield the parties that a user's contacts lead to and that do not list the user."""
		parties = _parties(site, users)
		several = [user for user in users if len(parties.get(user, ())) != 1]
		left += left_alone("User", several, _("Their contacts lead to several customers or suppliers."))
		by_party: dict[tuple[str, str], list[str]] = {}
		for user in users:
			if user not in several:
				by_party.setdefault(parties[user][0], []).append(user)
		for (doctype, name), new in sorted(by_party.items()):
			before = children(site, "Portal User", doctype, [name], "user")[name]
			after = (*before, *({"user": user} for user in new))
			edit = DocumentEdit(doctype, name, "save", {"portal_users": before}, {"portal_users": after})
			yield batch(doctype, name, edit, why=_("to list {0}").format(", ".join(new)))

	@staticmethod
	def _gone(site: Site) -> Iterator[Batch]:
		"""Yield the parties that list a user who does not exist, without that row."""
		t, user = table("Portal User"), table("User")
		query = site.db.from_(t).left_join(user).on(user["name"] == t["user"]).where(user["name"].isnull())
		rows = site.db.run(
			query.where(t.parenttype.isin(_chain.PARTIES)).select(t.parenttype, t.parent).distinct()
		)
		for row in sorted(rows, key=lambda row: (row["parenttype"], row["parent"])):
			doctype, name = str(row["parenttype"]), str(row["parent"])
			before = children(site, "Portal User", doctype, [name], "user")[name]
			there = {
				str(found["name"])
				for found in rows_named(site, "User", [str(row["user"]) for row in before], ())
			}
			after = tuple(row for row in before if row["user"] in there)
			edit = DocumentEdit(doctype, name, "save", {"portal_users": before}, {"portal_users": after})
			yield batch(doctype, name, edit, why=_("lists a user who does not exist"))

	@staticmethod
	def _contacts(site: Site, users: Sequence[str]) -> Iterator[Batch]:
		people = list(rows_named(site, "User", users, ("first_name", "last_name", "full_name")))
		taken = {
			str(row["name"]) for row in rows_named(site, "Contact", [str(p["full_name"]) for p in people], ())
		}
		for person in people:
			user, name = str(person["name"]), str(person["full_name"] or person["name"])
			name = user if name in taken else name
			taken.add(name)
			fields = {
				"first_name": person["first_name"],
				"last_name": person["last_name"],
				"user": user,
				"email_ids": ({"email_id": user, "is_primary": 1},),
			}
			yield batch(
				"User", user, DocumentEdit("Contact", name, "insert", None, fields), why=_("has no contact")
			)


def _parties(site: Site, users: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
	"""Return the customers and suppliers to which the contacts of users lead."""
	contacts = _chain.contacts_of(site, list(users))
	names = {name for found in contacts.values() for name in found}
	links = children(site, "Dynamic Link", "Contact", names, "link_doctype", "link_name")
	return {
		user: sorted(
			{
				(str(link["link_doctype"]), str(link["link_name"]))
				for name in found
				for link in links[name]
				if link["link_doctype"] in _chain.PARTIES
			}
		)
		for user, found in contacts.items()
	}
