"""What may people do who have not logged in?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import GUEST
from recovery_console.core.checks.security._confidential import CONFIDENTIAL
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_CHANGING = ("write", "delete", "submit", "cancel", "amend")
_RIGHTS = ("read", "create", "export", *_CHANGING)


@dataclass(frozen=True)
class GuestRights(Check):
	"""Did this site give people who are not logged in more rights than its apps do?

	Looks at the site's own permissions, and at DocTypes made on the site. What the apps themselves allow to
	guests is their makers' decision.

	Cost: the permissions of one role.
	"""

	title = _("Rights of guests")
	needs = ("DocPerm", "Custom DocPerm", "DocType")

	def run(self, site: Site) -> Answer:
		granted = self._granted(site)
		changing = {doctype: rights for doctype, rights in granted.items() if rights & set(_CHANGING)}
		creating = {
			doctype: rights
			for doctype, rights in granted.items()
			if "create" in rights and doctype not in changing
		}
		reading = {
			doctype: rights
			for doctype, rights in granted.items()
			if rights & {"read", "export"} and doctype in CONFIDENTIAL and doctype not in changing
		}
		yield from self._about(
			changing, "changing", _("Kinds of documents that anybody on the internet may change: {count}.")
		)
		yield from self._about(
			reading,
			"reading",
			_("Kinds of confidential documents that anybody on the internet may read: {count}."),
		)
		yield from self._about(
			{name: rights for name, rights in creating.items() if name not in reading},
			"creating",
			_("Kinds of documents that anybody on the internet may create: {count}."),
		)

	def _about(self, found: dict[str, set[str]], kind: str, title: str) -> Iterator[Finding]:
		if found:
			yield (self.warning if kind == "creating" else self.critical)(
				title,
				cause=_(
					"The role Guest, which everybody has who is not logged in, was given these rights on this site:"
					" {examples}. They hold for the programming interface too, not only for a web form."
				),
				remedy=_(
					"Open Role Permissions Manager, choose the document type and the role Guest, and take the rights"
					" away. Web forms do not need them."
				),
				subject=kind,
				subjects=[("DocType", name) for name in found],
				examples="; ".join(f"{name}: {', '.join(sorted(found[name]))}" for name in list(found)[:5]),
			)

	def _granted(self, site: Site) -> dict[str, set[str]]:
		"""Return the rights of guests per DocType, without those that the apps give."""
		standard, doctype = table("DocPerm"), table("DocType")
		own = self._rights(site, table("Custom DocPerm"))
		by_app = self._rights(site, standard)
		made_here = {
			str(row["name"])
			for row in site.db.run(
				site.db.from_(doctype)
				.join(standard)
				.on(standard.parent == doctype["name"])
				.select(doctype["name"])
				.where((doctype.custom == 1) & (standard.role == GUEST))
			)
		}
		granted = {
			name: rights - by_app.get(name, set()) for name, rights in own.items() if name not in made_here
		}
		granted.update({name: own.get(name, by_app.get(name, set())) for name in made_here})
		return {name: rights for name, rights in sorted(granted.items()) if rights}

	def _rights(self, site: Site, t: DocTable) -> dict[str, set[str]]:
		rows: list[Row] = site.db.run(
			site.db.from_(t).select(t.parent, *(t[right] for right in _RIGHTS)).where(t.role == GUEST)
		)
		found: dict[str, set[str]] = {}
		for row in rows:
			rights = {right for right in _RIGHTS if row[right]}
			found.setdefault(str(row["parent"]), set()).update(rights)
		return found
