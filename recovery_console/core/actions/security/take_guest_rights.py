"""Take rights away from people who are not logged in."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import children, saved
from recovery_console.core.actions.portal._permissions import permissions_cache, permissions_of
from recovery_console.core.actions.portal._users import Row, noticed
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import GUEST
from recovery_console.core.checks.security._confidential import CONFIDENTIAL
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: What changes documents; read and export are taken where the documents are confidential.
_CHANGING = ("write", "delete", "submit", "cancel", "amend", "create", "import")
_READING = ("read", "export", "report", "print", "email", "share", "select")


@dataclass(frozen=True)
class TakeGuestRights(Action):
	"""Take from the role Guest the rights that this site gave it: to change documents, and to read confidential ones.

	What the app itself allows guests stays theirs.
	"""

	title = "Take rights away from guests"
	risk = Risk.DISRUPTIVE
	needs = ("DocPerm", "Custom DocPerm", "DocType")
	checks = ("security.guest_rights",)

	names: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		own, made_here = self._own(site), self._made_here(site)
		by_app = permissions_of(site, "DocPerm", sorted({str(row["parent"]) for row in own}))
		given: dict[str, set[str]] = {}
		for row in by_app:
			if row["role"] == GUEST and row["parent"] not in made_here:
				given.setdefault(str(row["parent"]), set()).update(name for name in row if row[name] == 1)
		batches = [
			*self._of_site(site, own, given),
			*self._of_types(site, made_here - {row["parent"] for row in own}),
		]
		unknown = [name for name in self.names if name not in {one.subject.name for one in batches}]
		if unknown:
			raise UsageError(
				f"Guests have no right on {unknown[0][:80]!r} that this site gave them.",
				remedy="Choose from what the finding shows, or give no names for all.",
			)
		return self.planned(
			site,
			_("Kinds of documents to take away from guests: {count}"),
			[one for one in batches if not self.names or one.subject.name in self.names],
			warnings=[
				_("Pages that rely on these rights stop working for guests. Web forms do not need them.")
			],
		)

	@staticmethod
	def _own(site: Site) -> list[Row]:
		t = table("Custom DocPerm")
		rows = site.db.run(site.db.from_(t).select(t.parent).where(t.role == GUEST).distinct())
		found = permissions_of(site, "Custom DocPerm", sorted(str(row["parent"]) for row in rows))
		return [row for row in found if row["role"] == GUEST]

	@staticmethod
	def _made_here(site: Site) -> set[str]:
		"""Return the DocTypes made on this site that give guests something."""
		doctype, rule = table("DocType"), table("DocPerm")
		query = site.db.from_(doctype).join(rule).on(rule.parent == doctype["name"]).select(doctype["name"])
		rows = site.db.run(query.where((doctype.custom == 1) & (rule.role == GUEST)).distinct())
		return {str(row["name"]) for row in rows}

	@staticmethod
	def _of_site(site: Site, rows: list[Row], given: dict[str, set[str]]) -> Iterator[Batch]:
		for row in rows:
			doctype = str(row["parent"])
			taken = _taken(row, doctype, given.get(doctype, set()))
			if taken:
				edit = saved("Custom DocPerm", row, **dict.fromkeys(taken, 0))
				edits = noticed(site, [permissions_cache(site, doctype)], edit)
				yield batch("DocType", doctype, *edits, why=", ".join(taken))

	@staticmethod
	def _of_types(site: Site, doctypes: set[str]) -> Iterator[Batch]:
		"""Yield DocTypes made on this site, whose permissions are rows of their own."""
		fields = (*_CHANGING, *_READING, "role", "permlevel")
		rows = children(site, "DocPerm", "DocType", sorted(doctypes), *fields)
		for doctype, before in rows.items():
			after, said = [], []
			for row in before:
				taken = _taken(row, doctype, set()) if row["role"] == GUEST else []
				said += taken
				after.append({**row, **dict.fromkeys(taken, 0)})
			if said:
				change = DocumentEdit(
					"DocType", doctype, "save", {"permissions": before}, {"permissions": tuple(after)}
				)
				yield batch("DocType", doctype, change, why=", ".join(said))


def _taken(row: Row, doctype: str, given: set[str]) -> list[str]:
	wanted = (*_CHANGING, *(_READING if doctype in CONFIDENTIAL else ()))
	return [right for right in wanted if row.get(right) and right not in given]
