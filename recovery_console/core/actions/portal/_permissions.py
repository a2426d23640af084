"""Permissions of roles on DocTypes as documents: rows of the site's own, made from those of the app."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from recovery_console.core.actions.portal._users import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.cached import cache_key
from recovery_console.core.edits import CacheDrop, DocumentEdit
from recovery_console.core.site import Site

RIGHTS = (
	"select",
	"read",
	"write",
	"create",
	"delete",
	"submit",
	"cancel",
	"amend",
	"report",
	"export",
	"import",
	"share",
	"print",
	"email",
)
_FIELDS = ("role", "permlevel", "if_owner", *RIGHTS)


def permissions_of(site: Site, kind: str, doctypes: list[str]) -> list[Row]:
	"""Return the rows of ``DocPerm`` or ``Custom DocPerm`` of some DocTypes."""
	t = table(kind)
	there = site.db.columns(kind)
	chosen = [t[field] for field in ("name", "parent", *_FIELDS) if field in there]
	return site.db.run(
		site.db.from_(t)
		.select(*chosen)
		.where(t["parent"].isin(doctypes or [""]))
		.orderby(t["parent"])
		.orderby(t["idx"])
	)


def permissions_cache(site: Site, doctype: str) -> CacheDrop:
	"""Return the edit that lets Frappe read a DocType's permissions anew: it does not when one is deleted."""
	if site.frappe_major >= 16:
		return CacheDrop("cache", cache_key(site, f"doctype_meta::{doctype}"))
	return CacheDrop("cache", cache_key(site, "doctype_meta"), doctype.encode())


def permission_inserted(site: Site, doctype: str, row: Mapping[str, Any]) -> DocumentEdit:
	"""Return the edit that makes a permission of the site's own like a given row."""
	fields = {name: row[name] for name in _FIELDS if row.get(name)}
	said = f"{site.name} {doctype} {sorted(fields.items())} {site.now().isoformat()}"
	name = hashlib.sha256(said.encode()).hexdigest()[:10]
	return DocumentEdit(
		"Custom DocPerm",
		name,
		"insert",
		None,
		{"parent": doctype, "parenttype": "DocType", "parentfield": "permissions", **fields},
	)
