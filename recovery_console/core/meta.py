"""What a site's own records say about its DocTypes: which fields they have, and which values a Select accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Columns of every table that no DocField describes.
STANDARD = frozenset({"name", "creation", "modified", "owner", "modified_by", "docstatus", "idx"})
CHILD = frozenset({"parent", "parenttype", "parentfield"})


@dataclass(frozen=True)
class FieldMeta:
	"""A field of a DocType as this site defines it, customisations included."""

	fieldtype: str
	options: str = ""

	@property
	def choices(self) -> tuple[str, ...] | None:
		"""The values that a Select accepts; None for a field that accepts anything."""
		if self.fieldtype != "Select" or not self.options.strip():
			return None
		return tuple(line.strip() for line in self.options.split("\n"))


Fields = dict[str, FieldMeta]


def read_fields(site: Site, doctypes: Iterable[str], names: Iterable[str] = ()) -> dict[str, Fields]:
	"""Return the fields of these DocTypes by name; nothing for a DocType that the site does not have.

	Reads three small tables once: DocField, Custom Field and, for the options, Property Setter.

	Args:
		site: The site.
		doctypes: The DocTypes.
		names: Only fields with these names; every field when there are none.
	"""
	wanted, names = sorted(set(doctypes)), sorted(set(names))
	found: dict[str, Fields] = {}
	if not wanted:
		return found
	for source, owner in (("DocField", "parent"), ("Custom Field", "dt")):
		t = table(source)
		query = site.db.from_(t).select(t[owner].as_("doctype"), t.fieldname, t.fieldtype, t.options)
		query = query.where(t[owner].isin(wanted))
		if names:
			query = query.where(t.fieldname.isin(names))
		for row in site.db.run(query):
			fields = found.setdefault(row["doctype"], {})
			fields[row["fieldname"]] = FieldMeta(row["fieldtype"], row["options"] or "")
	_apply_property_setters(site, found)
	return found


def _apply_property_setters(site: Site, found: dict[str, Fields]) -> None:
	t = table("Property Setter")
	rows = site.db.run(
		site.db.from_(t)
		.select(t.doc_type, t.field_name, t.property, t.value)
		.where(t.doc_type.isin(sorted(found) or [""]) & t.property.isin(["options", "fieldtype"]))
	)
	for row in rows:
		fields = found[row["doc_type"]]
		if row["field_name"] in fields:
			change: Mapping[str, str] = {row["property"]: row["value"] or ""}
			fields[row["field_name"]] = replace(fields[row["field_name"]], **change)


def is_column(field: str, fields: Fields) -> bool:
	"""Tell whether a DocType should have a column of this name."""
	return field in STANDARD or field in CHILD or field in fields


def aliased(doctype: str, alias: str) -> DocTable:
	"""Return a DocType's table under another name, for queries that join."""
	return DocTable(f"tab{doctype}", alias=alias)
