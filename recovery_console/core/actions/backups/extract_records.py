"""Bring single documents back from a backup."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions.backups import _dumps
from recovery_console.core.actions.backups._choosing import chosen_set
from recovery_console.core.actions.backups._scratch import unpacked, unpacked_sqlite
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import Deadline
from recovery_console.core.edits import DocumentEdit, RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

_MOST = 500
_CHILDREN = ("Table", "Table MultiSelect")
_COLUMNS = {
	"mariadb": """SELECT column_name AS name, data_type AS kind FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = %(table)s""",
	"postgres": """SELECT column_name AS name, data_type AS kind FROM information_schema.columns
		WHERE table_schema = ANY (current_schemas(false)) AND table_name = %(table)s""",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class ExtractRecords(Action):
	"""Bring single documents back from a backup, with their child tables, without restoring it.

	As rows, exactly as they were, with their number, owner and times; or, ``through_frappe``, as new documents, with
	Frappe's rules. A document that is there now is never overwritten. Entries in ledgers, files, comments and
	versions are documents of their own and are not brought along.
	"""

	title = _("Bring documents back from a backup")
	risk = Risk.REVERSIBLE
	needs = ("DocType", "DocField")
	resources = ("backups",)
	batch_size = 20

	doctype: str
	names: tuple[str, ...]
	#: The backup, by the time in its names; without, the newest of the whole database.
	backup: str = ""
	through_frappe: bool = False
	#: How long the backup may be read.
	within: timedelta = timedelta(minutes=10)

	def plan(self, site: Site) -> Plan:
		self._look_at_given(site)
		source = chosen_set(site, self.backup, sound=True)
		there = {str(row["name"]) for row in rows_named(site, self.doctype, self.names, ())}
		wanted = [name for name in self.names if name not in there]
		fields = self._child_fields(site)
		found = self._read(site, source, wanted, sorted(set(fields.values()))) if wanted else {}
		documents = {str(row["name"]): row for row in found.get(self.doctype, [])}
		batches, clashing = self._batches(site, documents, found, fields)
		submitted = sum(str(row.get("docstatus") or "0") == "1" for row in documents.values())
		return self.planned(
			site,
			_("Documents to bring back from the backup of {taken}: {count}"),
			batches,
			most=_MOST,
			warnings=self._warnings(submitted) if batches else [],
			left_out=[
				*left_alone(self.doctype, there, _("It is there now, and is not overwritten.")),
				*left_alone(
					self.doctype,
					[name for name in wanted if name not in documents],
					_("It is not in this backup."),
				),
				*left_alone(
					self.doctype, clashing, _("Rows of its child tables belong to another document now.")
				),
			],
			taken=source.stamp,
			submitted=submitted,
		)

	def _look_at_given(self, site: Site) -> None:
		t = table("DocType")
		query = site.db.from_(t).where((t["name"] == self.doctype) & (t.issingle == 0) & (t.is_virtual == 0))
		known = site.db.count(query.where(t.istable == 0)) and site.has_doctype(self.doctype)
		if not known:
			raise UsageError(
				_("{0} is no kind of document with a table of its own on this site.").format(
					repr(self.doctype[:80])
				),
				remedy=_("Give a DocType such as Customer; child tables come with their document."),
			)
		if len(self.names) > _MOST:
			raise UsageError(
				_("{0} documents are too many at once.").format(len(self.names)),
				remedy=_("Give {0} names at the most, or restore the backup to a spare site.").format(_MOST),
			)

	def _child_fields(self, site: Site) -> dict[str, str]:
		"""Return the fields that hold child tables, and their DocTypes."""
		found: dict[str, str] = {}
		for source, owner in (("DocField", "parent"), ("Custom Field", "dt")):
			t = table(source)
			query = site.db.from_(t).select(t.fieldname, t.options)
			for row in site.db.run(query.where((t[owner] == self.doctype) & t.fieldtype.isin(_CHILDREN))):
				if site.has_doctype(str(row["options"])):
					found[str(row["fieldname"])] = str(row["options"])
		return found

	def _read(
		self, site: Site, source: _sets.BackupSet, names: list[str], children: list[str]
	) -> dict[str, list[Row]]:
		deadline = Deadline(self.within.total_seconds())
		if site.db.dialect == "sqlite":
			return self._read_sqlite(site, source, names, children, deadline)
		tables = frozenset(f"tab{name}" for name in (self.doctype, *children))
		chosen = frozenset(names)

		def is_wanted(name: str, row: Row) -> bool:
			if name == f"tab{self.doctype}":
				return row.get("name") in chosen
			return row.get("parent") in chosen and row.get("parenttype") == self.doctype

		reader = _dumps.PostgresRows if site.db.dialect == "postgres" else _dumps.MariaDBRows
		kinds = {name: _kinds(site, name) for name in tables}
		found: dict[str, list[Row]] = {}
		pieces = unpacked(site, source, deadline)
		for name, row in reader(tables, names, is_wanted).read(_dumps.lines(pieces)):
			found.setdefault(name.removeprefix("tab"), []).append(_dumps.typed(row, kinds[name]))
		return found

	def _read_sqlite(
		self, site: Site, source: _sets.BackupSet, names: list[str], children: list[str], deadline: Deadline
	) -> dict[str, list[Row]]:
		found: dict[str, list[Row]] = {}
		with (
			tempfile.TemporaryDirectory(prefix="recovery-console-") as folder,
			unpacked_sqlite(site, source, Path(folder), deadline) as backup,
		):
			for doctype in (self.doctype, *children):
				t = table(doctype)
				if not backup.has(doctype):
					continue
				where: Any
				if doctype == self.doctype:
					where = t["name"].isin(names)
				else:
					where = t.parent.isin(names) & (t.parenttype == self.doctype)
				now = site.db.columns(doctype)
				found[doctype] = [
					{name: value for name, value in row.items() if name in now}
					for row in backup.run(backup.from_(t).select("*").where(where))
				]
		return found

	def _batches(
		self, site: Site, documents: dict[str, Row], found: dict[str, list[Row]], fields: dict[str, str]
	) -> tuple[list[Batch], list[str]]:
		taken = {
			doctype: {
				str(row["name"]): str(row["parent"])
				for row in rows_named(
					site, doctype, [str(row["name"]) for row in found.get(doctype, [])], ["parent"]
				)
			}
			for doctype in set(fields.values())
		}
		batches, clashing = [], []
		for name in (name for name in self.names if name in documents):
			own = {
				doctype: [row for row in found.get(doctype, []) if str(row["parent"]) == name]
				for doctype in sorted(set(fields.values()))
			}
			if any(
				taken[doctype].get(str(row["name"]), name) != name
				for doctype, rows in own.items()
				for row in rows
			):
				clashing.append(name)
			elif self.through_frappe:
				batches.append(batch(self.doctype, name, self._document(name, documents[name], own, fields)))
			else:
				edits = [_inserted(self.doctype, documents[name])]
				edits += [
					_inserted(doctype, row)
					for doctype, rows in own.items()
					for row in rows
					if str(row["name"]) not in taken[doctype]  # what is left of it is there already
				]
				batches.append(batch(self.doctype, name, *edits))
		return batches, clashing

	def _document(
		self, name: str, row: Row, children: dict[str, list[Row]], fields: dict[str, str]
	) -> DocumentEdit:
		values: Row = dict(row)
		for fieldname, doctype in fields.items():
			rows = [child for child in children[doctype] if child.get("parentfield") == fieldname]
			values[fieldname] = sorted(rows, key=lambda child: int(child.get("idx") or 0))
		return DocumentEdit(self.doctype, name, "insert", None, values)

	def _warnings(self, submitted: int) -> list[str]:
		said = [_("Look first why they are gone, and whether somebody deleted them on purpose.")]
		if submitted and not self.through_frappe:
			said.append(
				_(
					"{0} of them were submitted: their entries in ledgers are documents of their own; bring those too."
				).format(submitted)
			)
		if not self.through_frappe:
			said.append(_("No rule of Frappe is applied to what is brought back: it is put back as it was."))
		return said


def _inserted(doctype: str, row: Row) -> RowEdit:
	return RowEdit(f"tab{doctype}", {"name": row["name"]}, None, dict(row))


def _kinds(site: Site, name: str) -> dict[str, Callable[[str], Any]]:
	"""Return what turns the texts of a dump into values, per column that the table has now."""
	rows = site.db.sql(_COLUMNS[site.db.dialect], {"table": name})
	return {str(row["name"]): _READ.get(str(row["kind"]).lower(), str) for row in rows}


def _moment(text: str) -> datetime | None:
	return None if text.startswith("0000") else datetime.fromisoformat(_padded(text))


def _day(text: str) -> date | None:
	return None if text.startswith("0000") else date.fromisoformat(text)


def _span(text: str) -> timedelta:
	"""Read a time as MariaDB's driver returns it."""
	hours, minutes, seconds = text.lstrip("-").split(":")
	span = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
	return -span if text.startswith("-") else span


def _clock(text: str) -> time:
	return time.fromisoformat(_padded(text))


def _padded(text: str) -> str:
	"""Give a fraction of a second six digits: Python 3.10 reads no others."""
	whole, dot, fraction = text.partition(".")
	return f"{whole}.{fraction:0<6}" if dot else whole


def _rows_of(
	kinds: tuple[str, ...], read: Callable[[str], Any]
) -> Iterator[tuple[str, Callable[[str], Any]]]:
	for kind in kinds:
		yield kind, read


_READ: dict[str, Callable[[str], Any]] = dict(
	[
		*_rows_of(("tinyint", "smallint", "mediumint", "int", "bigint", "integer"), int),
		*_rows_of(("decimal", "numeric"), Decimal),
		*_rows_of(("double", "float", "real", "double precision"), float),
		*_rows_of(("datetime", "timestamp", "timestamp without time zone"), _moment),
		("date", _day),
		("time", _span),
		("time without time zone", _clock),
	]
)
