"""What the columns of an import file mean: the fields of a DocType by name and by label, as Frappe matches them."""

from __future__ import annotations

from collections.abc import Sequence

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Fields of these types hold nothing that could be imported.
_EMPTY = {
	*("Section Break", "Column Break", "Tab Break", "HTML", "Button", "Fold", "Heading", "Image"),
	*("Table", "Table MultiSelect"),
}


@dataclass(frozen=True)
class Known:
	"""The fields of a DocType: how a column may be called, and what a new document must have."""

	headers: frozenset[str]
	required: dict[str, str]


def known_columns(site: Site, doctype: str) -> Known:
	"""Return what columns an import into a DocType may have.

	Raises:
		UsageError: There is no such DocType, or none that can be imported.
	"""
	t = table("DocType")
	found = site.db.run(
		site.db.from_(t).select(t["name"], t["issingle"], t["istable"]).where(t["name"] == doctype).limit(1)
	)
	if not found or found[0]["issingle"] or found[0]["istable"]:
		raise UsageError(
			f"This site has no DocType {doctype[:140]!r} that could be imported into.",
			remedy="Give the DocType as the Data Import names it, such as doctype=Customer.",
		)
	fields = _fields(site, [doctype])
	tables = [
		(row["label"], row["fieldname"], row["options"])
		for row in fields
		if row["fieldtype"] in ("Table", "Table MultiSelect")
	]
	headers = {"id", "name"} | {
		str(row[part] or "").lower()
		for row in fields
		if row["fieldtype"] not in _EMPTY
		for part in ("fieldname", "label")
	}
	for label, fieldname, child in tables:
		for row in _fields(site, [str(child)]):
			if row["fieldtype"] not in _EMPTY:
				headers |= {f"{row['label']} ({label})".lower(), f"{fieldname}.{row['fieldname']}".lower()}
		headers |= {f"id ({label})".lower(), f"{fieldname}.name".lower()}
	required = {
		str(row["fieldname"]): str(row["label"] or row["fieldname"])
		for row in fields
		if row["reqd"] and row["fieldtype"] not in _EMPTY and not row["default"] and not row["fetch_from"]
	}
	return Known(frozenset(headers - {""}), required)


def _fields(site: Site, doctypes: Sequence[str]) -> list[dict[str, object]]:
	columns = ("fieldname", "label", "fieldtype", "options", "reqd", "default", "fetch_from")
	rows: list[dict[str, object]] = []
	for meta, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		if site.has_doctype(meta):
			t = table(meta)
			rows += site.db.run(
				site.db.from_(t)
				.select(*(t[column] for column in columns))
				.where(t[parent].isin(list(doctypes)))
			)
	return rows
