"""The DocTypes about DocTypes: fields with their options, custom fields, permissions, modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.bench_folder import BRANCHES, version
from tests.support.doctypes import DocType, Field

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

PATCHES = (
	"frappe.patches.v12_0.remove_deprecated_fields_from_doctype #3",
	"frappe.patches.v14_0.set_suspend_email_queue_default",
	"frappe.patches.v15_0.remove_event_streaming",
)


def label(fieldname: str) -> str:
	"""A label for a field."""
	return fieldname.replace("_", " ").title()


def fill(site: SampleSite) -> None:
	"""One DocType row per DocType, one DocField row per field, and what else describes the site to itself."""
	installed = site.days_ago(200)
	doctypes = list(site.schema.doctypes.values())
	site.insert_many("DocType", [_doctype(doctype) | {"creation": installed} for doctype in doctypes])
	site.insert_many(
		"DocField",
		[
			_field(site, doctype, field, idx) | {"creation": installed}
			for doctype in doctypes
			for idx, field in enumerate(doctype.fields.values(), 1)
			if not field.custom_by
		],
	)
	site.insert_many(
		"Custom Field",
		[
			_custom_field(doctype, field) | {"creation": installed}
			for doctype in doctypes
			for field in doctype.fields.values()
			if field.custom_by
		],
	)
	site.insert_many("DocPerm", [row | {"creation": installed} for row in _all_permissions(doctypes)])
	modules = {doctype.module: doctype.app for doctype in doctypes}
	site.insert_many(
		"Module Def",
		[{"module_name": name, "app_name": app, "creation": installed} for name, app in modules.items()],
	)
	_apps(site)


def _doctype(doctype: DocType) -> dict[str, Any]:
	return {
		"name": doctype.name,
		"module": doctype.module,
		"issingle": doctype.kind == "single",
		"istable": doctype.kind == "child",
		"is_submittable": doctype.submittable,
		"track_changes": doctype.track_changes,
		"track_seen": doctype.track_seen,
		"autoname": doctype.autoname or None,
		"sort_field": doctype.sort,
		"sort_order": "DESC",
		"engine": doctype.engine,
	}


def _field(site: SampleSite, doctype: DocType, field: Field, idx: int) -> dict[str, Any]:
	row: dict[str, Any] = {
		"parent": doctype.name,
		"parenttype": "DocType",
		"parentfield": "fields",
		"idx": idx,
		"fieldname": field.name,
		"label": label(field.name),
		"fieldtype": field.fieldtype,
		"options": field.options or None,
		"reqd": field.reqd,
		"unique": field.unique,
		"search_index": field.index,
		"default": field.default,
		"length": field.length,
		"precision": field.precision,
		"is_virtual": field.virtual,
		"allow_on_submit": field.on_submit,
	}
	return row if site.frappe == 15 else row | {"not_nullable": field.notnull}


def _custom_field(doctype: DocType, field: Field) -> dict[str, Any]:
	return {
		"name": f"{doctype.name}-{field.name}",
		"dt": doctype.name,
		"fieldname": field.name,
		"label": label(field.name),
		"fieldtype": field.fieldtype,
		"options": field.options or None,
		"reqd": field.reqd,
		"unique": field.unique,
	}


def _all_permissions(doctypes: list[DocType]) -> list[dict[str, Any]]:
	return [
		_permission(doctype.name, text, idx)
		for doctype in doctypes
		for idx, text in enumerate(doctype.perms, 1)
	]


def _permission(doctype: str, text: str, idx: int) -> dict[str, Any]:
	"""`Role@permlevel@owner: read write …` as a DocPerm row."""
	who, _, rights = text.partition(":")
	role, *marks = who.split("@")
	granted = set(rights.split())
	return {
		"parent": doctype,
		"parenttype": "DocType",
		"parentfield": "permissions",
		"idx": idx,
		"role": role,
		"permlevel": next((int(mark) for mark in marks if mark.isdigit()), 0),
		"if_owner": "owner" in marks,
		**{right: right in granted for right in RIGHTS},
	}


RIGHTS = (
	*("read", "write", "create", "delete", "submit", "cancel", "amend", "select"),
	*("report", "export", "import", "share", "print", "email"),
)


def _apps(site: SampleSite) -> None:
	site.insert_many(
		"Installed Application",
		[
			{
				"parent": "Installed Applications",
				"parenttype": "Installed Applications",
				"parentfield": "installed_applications",
				"idx": idx,
				"app_name": app,
				"app_version": version(app, site.frappe),
				"git_branch": BRANCHES[site.frappe],
				"creation": site.days_ago(200),
			}
			for idx, app in enumerate(site.apps, 1)
		],
	)
	site.insert_many("Patch Log", [{"patch": patch, "creation": site.days_ago(200)} for patch in PATCHES])
