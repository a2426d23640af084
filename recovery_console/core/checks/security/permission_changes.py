"""Who may do what has changed lately: what exactly?"""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names, role_of
from recovery_console.core.checks.security._admins import given_by_hand, younger_than
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

#: What was found: how many changes, and whom they are about.
Change = tuple[int, list[tuple[str, str]]]


@dataclass(frozen=True)
class PermissionChanges(Check):
	"""Were roles given, made or deleted, or permissions of DocTypes changed lately?

	Roles of new users and of users with a Role Profile are left out: the first are expected, the second are
	written anew at every save. A site younger than the window is not asked.

	Cost: one walk each through Custom DocPerm, Role and Has Role; the deleted documents of the window.
	"""

	title = _("Changes of roles and permissions")
	needs = ("User", "Has Role", "Role", "Custom DocPerm", "Deleted Document")

	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		since = site.ago(self.window)
		if younger_than(site, since):
			return
		changes = {
			"roles_given": self._given(site, since),
			"roles_changed": self._changed(site, "Role", "name", "Role", since),
			"permissions_changed": self._changed(site, "Custom DocPerm", "parent", "DocType", since),
			"deleted": self._deleted(site, since),
		}
		total = sum(number for number, _subjects in changes.values())
		yield self.measure(permission_changes=total)
		if total:
			yield self.info(
				_("Changes of roles and permissions in {window}: {count}."),
				cause=_(
					"Users to whom roles were given: {roles_given}; roles made or changed: {roles_changed}; DocTypes"
					" whose permissions were changed: {permissions_changed}; roles and permissions deleted: {deleted}."
				),
				remedy=_(
					"If you do not know of them, look at the timeline of what is named here, and on Frappe 16 at the"
					" list Permission Log, to see who made them."
				),
				subjects=[subject for _number, subjects in changes.values() for subject in subjects],
				count=total,
				window=in_words(self.window),
				**{kind: number for kind, (number, _subjects) in changes.items()},
			)

	def _given(self, site: Site, since: datetime) -> Change:
		user, has_role, role = table("User"), table("Has Role"), table("Role")
		opening = site.db.run(site.db.from_(role).where(role.desk_access == 1).select(role["name"]))
		given = (has_role.creation >= since) & (has_role.modified >= since) & (has_role.parenttype == "User")
		given &= has_role.role.isin([row["name"] for row in opening] or [""])
		if not site.db.run(site.db.from_(has_role).where(given).select(has_role["name"]).limit(1)):
			return 0, []
		query = site.db.from_(has_role).join(user).on(role_of(has_role, user))
		query, by_hand = given_by_hand(site, query, user)
		count, names = count_and_names(
			site, query.where(given & (user.creation < since) & by_hand), user["name"]
		)
		return count, [("User", name) for name in names]

	def _changed(self, site: Site, doctype: str, column: str, about: str, since: datetime) -> Change:
		t = table(doctype)
		count, names = count_and_names(site, site.db.from_(t).where(t.modified >= since), t[column])
		return count, [(about, name) for name in names]

	def _deleted(self, site: Site, since: datetime) -> Change:
		t = table("Deleted Document")
		query = site.db.from_(t).where(
			(t.creation >= since)
			& (t.modified >= since)
			& t.deleted_doctype.isin(["Role", "Custom DocPerm", "Role Profile"])
		)
		count, names = count_and_names(site, query, t["name"])
		return count, [("Deleted Document", name) for name in names]
