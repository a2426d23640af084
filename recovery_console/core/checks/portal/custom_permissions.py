"""Did permissions of the site's own take access away that the app gives?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._permissions import customised, holders_without
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: A role, the DocType that it may not read, and how many users this shuts out.
Loss = tuple[str, str, int]


@dataclass(frozen=True)
class CustomPermissions(Check):
	"""Which roles lost a DocType because the site has permissions of its own for it?

	One Custom DocPerm on a DocType puts all of the app's permissions for it out of force, also those that a
	later update brings. Only roles count whose holders may not read the DocType by another role either. Taking
	one role out on purpose looks the same as losing it: it is told apart by what else is gone, and by whether
	the app's definition changed since.

	Cost: the site's own permissions; one count over the holders of each role that lost a DocType.
	"""

	title = _("Permissions of the site's own")
	needs = ("Custom DocPerm", "DocPerm", "User", "Has Role")
	budget = timedelta(seconds=5)

	def run(self, site: Site) -> Answer:
		replaced: list[Loss] = []
		updated: list[Loss] = []
		narrowed: list[Loss] = []
		found = customised(site)
		for doctype in found:
			kind = replaced if doctype.replaced else updated if doctype.updated_since else narrowed
			kind.extend(
				(role, doctype.doctype, users)
				for role in doctype.lost
				if (users := holders_without(site, role, doctype.own))
			)
		yield self.measure(customised_doctypes=len(found))
		yield from self._replaced(replaced)
		yield from self._updated(updated)
		yield from self._narrowed(narrowed)

	def _replaced(self, losses: list[Loss]) -> Iterator[Finding]:
		if losses:
			yield self.warning(
				_(
					"Roles that lost a DocType because a single permission replaced all of the app's: {count}."
				),
				cause=_(
					"Somebody, a fixture or an app added a Custom DocPerm without the others. Most roles are shut out"
					" of these DocTypes, such as {examples}; users without another way in: up to {users} per role."
				),
				remedy=_(
					"Open Role Permissions Manager for each of these DocTypes and add the roles again; Restore"
					" Original Permissions there brings all of the app's back and drops the site's own."
				),
				subject="replaced",
				**_evidence(losses),
			)

	def _updated(self, losses: list[Loss]) -> Iterator[Finding]:
		if losses:
			yield self.warning(
				_(
					"Roles that an update gave a DocType, and that the site's own permissions keep out: {count}."
				),
				cause=_(
					"The app's definition changed after these permissions were set, and new permissions of an app do not"
					" apply where the site has its own: {examples}. Users shut out: up to {users} per role."
				),
				remedy=_(
					"Compare the DocType in Role Permissions Manager with what the app gives, and add the roles that"
					" should have it."
				),
				subject="updated",
				**_evidence(losses),
			)

	def _narrowed(self, losses: list[Loss]) -> Iterator[Finding]:
		if losses:
			yield self.info(
				_("Roles that the site itself took a DocType from: {count}."),
				cause=_("This looks deliberate, since the other roles kept it: {examples}."),
				remedy=_(
					"If users are told that they are not permitted, add the role in Role Permissions Manager."
				),
				subject="narrowed",
				**_evidence(losses),
			)


def _evidence(losses: list[Loss]) -> dict[str, object]:
	return {
		"count": len(losses),
		"subjects": [("DocType", name) for name in dict.fromkeys(doctype for _role, doctype, _n in losses)],
		"examples": ", ".join(f"{role} on {doctype}" for role, doctype, _n in losses[:5]),
		"users": max(users for _role, _doctype, users in losses),
	}
