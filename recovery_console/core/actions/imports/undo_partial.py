"""Take back what an import made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.imports import _restart as restart
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.imports._runs import DATA_IMPORT, LOG, Run
from recovery_console.core.edits import DocumentEdit, Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import PAGE, changed, deleted, rows_named, whole_rows
from recovery_console.core.site import Site

INSERT = "Insert New Records"
#: A document that was changed so much later than it was made was worked on by somebody.
TOUCHED = timedelta(minutes=5)


@dataclass(frozen=True)
class UndoPartial(Action):
	"""Delete the documents that imports made, the last one first; submitted ones are cancelled before.

	Frappe refuses a document that others refer to; it stays and is named. The log rows of what was taken back go
	too, so that a later start imports these rows again. Only for imports that make new documents.
	"""

	title = _("Take an import back")
	risk = Risk.DESTRUCTIVE
	needs = (DATA_IMPORT, LOG)
	checks = ("imports.interrupted", "imports.partial", "imports.timed_out")
	batch_size = 20

	names: tuple[str, ...]
	#: Also delete documents that somebody has worked on since.
	changed_too: bool = False
	most: int = 1000

	def plan(self, site: Site) -> Plan:
		if not self.names:
			raise UsageError("Nothing says which import is to be taken back.", remedy="Give names=….")
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for state in self._states(site):
			self._look(site, state)
			made = list(self._documents(site, state.run, state.done, left_out))
			batches += made
			afresh = self._reopened(site, state) if len(made) == len(state.done) else None
			batches += [afresh] if afresh else []
		return self.planned(
			site,
			_("Documents to take back, with the state of their imports: {count}"),
			batches,
			most=self.most,
			warnings=[
				_(
					"Cancelled and deleted documents cannot be brought back by undo; they stay in Deleted Document."
				),
				_("What other documents refer to is refused by Frappe and stays."),
			],
			left_out=left_out[:20],
			left_out_in_all=len(left_out),
		)

	def _states(self, site: Site) -> list[restart.State]:
		"""Return the imports, the one that logged last first."""
		found = restart.states(site, self.names, restart.REACH, also=("Success",))
		return sorted(found, key=lambda state: str(state.run.changed), reverse=True)

	@staticmethod
	def _look(site: Site, state: restart.State) -> None:
		t = table(state.run.doctype)
		kind = site.db.value(site.db.from_(t).select(t["import_type"]).where(t["name"] == state.run.name))
		if kind != INSERT:
			raise UsageError(
				f"{state.run.name} changed documents that were there; there is nothing that could be deleted.",
				remedy="See the former values in the versions of each document.",
			)
		if state.alive:
			raise UsageError(f"{state.run.name} is at work now.", remedy="Stop its job first.")

	def _documents(
		self, site: Site, run: Run, done: list[dict[str, Any]], left_out: list[LeftOut]
	) -> Iterator[Batch]:
		names = [str(row["docname"] or "") for row in done]
		there = _documents(site, run.into, names)
		for row in sorted(done, key=lambda row: (row["log_index"] or 0, str(row["creation"])), reverse=True):
			name = str(row["docname"] or "")
			document = there.get(name)
			if document is not None and not self.changed_too and _touched(site, document):
				why = _(
					"Somebody has worked on it since the import. To delete it all the same give changed_too=yes."
				)
				left_out.append(LeftOut(Subject(run.into, name), why))
				continue
			yield batch(run.into, name or row["name"], *_gone(run.into, document), deleted(LOG, row))

	@staticmethod
	def _reopened(site: Site, state: restart.State) -> Batch | None:
		"""Return the batch that makes an import of which nothing is left as good as new."""
		run = state.run
		edits: list[Edit] = [deleted(LOG, row) for row in state.failed]
		for row in rows_named(site, run.doctype, [run.name], ("status", "modified")):
			if row["status"] != "Pending":
				edits.append(changed(run.doctype, row, status="Pending", modified=site.ago(timedelta(0))))
		return batch(run.doctype, run.name, *edits) if edits else None


def _gone(doctype: str, document: Mapping[str, Any] | None) -> Iterator[Edit]:
	if document is None:
		return
	name = str(document["name"])
	if document["docstatus"] == 1:
		yield DocumentEdit(doctype, name, "cancel")
	yield DocumentEdit(doctype, name, "delete", document, None)


def _touched(site: Site, document: Mapping[str, Any]) -> bool:
	made, last = site.moment(document["creation"]), site.moment(document["modified"])
	return made is not None and last is not None and last - made > TOUCHED


def _documents(site: Site, doctype: str, names: list[str]) -> dict[str, dict[str, Any]]:
	"""Return the documents with these names, whole, with the rows of their child tables."""
	found: dict[str, dict[str, Any]] = {}
	t = table(doctype)
	tables = _tables(site, doctype)
	for start in range(0, len(names), PAGE):
		page = names[start : start + PAGE]
		for row in whole_rows(site, site.db.from_(t).where(t["name"].isin(page))):
			found[str(row["name"])] = {**row, **{field: [] for field in tables}}
		for field, child in tables.items():
			c = table(child)
			for row in whole_rows(
				site,
				site.db.from_(c)
				.where(c["parent"].isin(page) & (c["parenttype"] == doctype) & (c["parentfield"] == field))
				.orderby(c["parent"], c["idx"]),
			):
				if str(row["parent"]) in found:
					found[str(row["parent"])][field].append(row)
	return found


def _tables(site: Site, doctype: str) -> dict[str, str]:
	"""Return the fields of a DocType that hold rows, with the DocType of these."""
	found: dict[str, str] = {}
	for meta, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		t = table(meta)
		for row in site.db.run(
			site.db.from_(t)
			.select(t["fieldname"], t["options"])
			.where((t[parent] == doctype) & t["fieldtype"].isin(["Table", "Table MultiSelect"]))
		):
			if site.has_doctype(str(row["options"])):
				found[str(row["fieldname"])] = str(row["options"])
	return found
