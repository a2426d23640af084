"""A field that links to documents, and the rows in which it names one."""

from __future__ import annotations

from typing import Any

from recovery_console.core.actions._ruling import RULING
from recovery_console.core.checks.data._rows import Place
from recovery_console.core.errors import UsageError
from recovery_console.core.meta import FieldMeta, read_fields
from recovery_console.core.site import Site


def place_of(site: Site, link: str) -> tuple[Place, FieldMeta]:
	"""Return the place that a text such as ``Contact.user`` names, and its field.

	Raises:
		UsageError: The site has no such field, or it is no link.
	"""
	doctype, _dot, field = link.strip().rpartition(".")
	meta = read_fields(site, [doctype], [field]).get(doctype, {}).get(field) if doctype else None
	if meta is None or meta.fieldtype not in ("Link", "Dynamic Link") or not site.has_doctype(doctype, field):
		raise UsageError(
			f"{link[:80]!r} is no link field of this site; nothing was changed.",
			remedy="Give it as the finding names it, such as Contact.user.",
		)
	if doctype in RULING:
		raise UsageError(
			f"{doctype} decides what people may do, so that its links are not changed here; nothing was changed.",
			remedy="Correct it in its form.",
		)
	return Place(doctype, field), meta


def owner_of(place: Place, row: dict[str, Any]) -> tuple[str, str]:
	"""Return the document that a row is, or is part of."""
	return str(row.get("parenttype") or place.doctype), str(row.get("parent") or row["name"])


def columns_of(site: Site, place: Place) -> list[str]:
	"""Return the columns to read so that ``owner_of`` can name the document."""
	child = ["parent", "parenttype"] if site.has_doctype(place.doctype, "parent", "parenttype") else []
	return ["name", "modified", "docstatus", place.field, *child]
