"""Are there comments, shares and versions of documents that are gone?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import MOST_SUBJECTS, _
from recovery_console.core.meta import aliased
from recovery_console.core.site import Site

#: DocType, and the fields that hold its document's DocType and name.
_KINDS = (
	("DocShare", "share_doctype", "share_name"),
	("Comment", "reference_doctype", "reference_name"),
	("Version", "ref_doctype", "docname"),
	("ToDo", "reference_type", "reference_name"),
)


@dataclass(frozen=True)
class OrphanedActivity(Check):
	"""Which shares, comments, versions and tasks of the last months belong to documents that are gone?

	Frappe deletes them in a job after their document. Asked on request only.

	Cost: walks through those of the window once for each kind of document, at most ``most_kinds`` of them, with a
	look by name for each row.
	"""

	title = _("Comments and shares without their document")
	on_request = True
	explained_by = ("jobs.workers", "jobs.backlog", "jobs.unserved_queues")
	budget: ClassVar[timedelta] = timedelta(seconds=20)

	window: timedelta = timedelta(days=90)
	most_kinds: int = 50

	def run(self, site: Site) -> Answer:
		for doctype, kind_field, name_field in _KINDS:
			if not site.has_doctype(doctype, kind_field, name_field):
				continue
			found: list[tuple[str, str]] = []
			count = 0
			for kind in self._kinds(site, doctype, kind_field, name_field):
				number, names = self._orphans(site, doctype, kind_field, name_field, kind)
				count += number
				found += [(kind, name) for name in names]
			if count:
				yield self.warning(
					_("{doctype}: {count} of the last {days} days belong to documents that are gone."),
					cause=_(
						"Frappe deletes these in a job after their document: no worker ran it, or the documents were deleted past"
						" Frappe. A new document of the same name would show them as its own, and a share would open it to"
						" somebody."
					),
					remedy=_(
						"See under Deleted Document whether the documents should come back. Otherwise delete these in the"
						" list of {doctype}, after a backup."
					),
					subject=doctype,
					subjects=found[:MOST_SUBJECTS],
					count=count,
					doctype=doctype,
					days=self.window.days,
				)

	def _kinds(self, site: Site, doctype: str, kind_field: str, name_field: str) -> Iterator[str]:
		t, since = table(doctype), site.ago(self.window)
		rows = site.db.run(
			site.db.from_(t)
			.select(t[kind_field].as_("kind"))
			.where((t.creation >= since) & (t.modified >= since) & t[name_field].notnull())
			.distinct()
			.limit(self.most_kinds)
		)
		for kind in sorted(str(row["kind"] or "") for row in rows):
			if kind and site.has_doctype(kind):  # a single one, or one of a removed app, has no table
				yield kind

	def _orphans(
		self, site: Site, doctype: str, kind_field: str, name_field: str, kind: str
	) -> tuple[int, list[str]]:
		t, document, since = table(doctype), aliased(kind, "its_document"), site.ago(self.window)
		query = (
			site.db.from_(t)
			.left_join(document)
			.on(document["name"] == t[name_field])
			.where((t.creation >= since) & (t.modified >= since) & (t[kind_field] == kind))
			.where(t[name_field].notnull() & (t[name_field] != "") & document["name"].isnull())
		)
		count = site.db.count(query)
		if not count:
			return 0, []
		rows = site.db.run(query.select(t[name_field].as_("id")).distinct().limit(MOST_SUBJECTS))
		return count, [str(row["id"]) for row in rows]
