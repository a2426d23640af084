"""Which DocTypes number their documents with a series, and which series they may use."""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.site import Site


def named_by_series(site: Site) -> dict[str, list[str]]:
	"""Return the DocTypes that take their names from a series, with the series each may use."""
	t, field = table("DocType"), table("DocField")
	rows = site.db.run(
		site.db.from_(t)
		.left_join(field)
		.on((field.parent == t["name"]) & (field.fieldname == "naming_series"))
		.select(t["name"].as_("id"), t.autoname, field.options)
		.where((t.autoname.like("naming_series:%") | t.autoname.like("%.#%")) & (t.istable == 0))
		.orderby(t["name"])
	)
	changed = _changed_options(site)
	found = {}
	for row in rows:
		own = str(row["autoname"])
		options = changed.get(row["id"], row["options"] or "") if own.startswith("naming_series:") else own
		found[str(row["id"])] = [line for line in str(options).split("\n") if line.strip()]
	site.db.learn([f"tab{doctype}" for doctype in found])
	ruled = _ruled(site)
	return {
		doctype: texts
		for doctype, texts in found.items()
		if site.has_doctype(doctype) and doctype not in ruled
	}


def _changed_options(site: Site) -> dict[str, str]:
	t = table("Property Setter")
	rows = site.db.run(
		site.db.from_(t)
		.select(t.doc_type, t.value)
		.where((t.field_name == "naming_series") & (t.property == "options"))
	)
	return {str(row["doc_type"]): str(row["value"] or "") for row in rows}


def _ruled(site: Site) -> set[str]:
	"""Return the DocTypes with a Document Naming Rule, which counts by itself."""
	if not site.has_doctype("Document Naming Rule", "document_type", "disabled"):
		return set()
	t = table("Document Naming Rule")
	rows = site.db.run(site.db.from_(t).select(t.document_type).where(t.disabled == 0))
	return {str(row["document_type"]) for row in rows}
