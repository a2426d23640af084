"""What comes with the console and is shown in Desk: kept up to date, and not to be changed there."""

from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document

from recovery_console import __version__
from recovery_console.core import profile_file, runbooks
from recovery_console.core.duties import Duty, standard_duties
from recovery_console.core.knowledge import known_errors
from recovery_console.in_site import plain

_ERROR_TEXTS = ("title", "category", "cause", "fix", "risk")


def refuse_change(doc: Document) -> None:
	"""Keep people from changing a record that the next update would overwrite; ``enabled`` is theirs."""
	before = doc.get_doc_before_save() or doc
	ours = before.is_standard or doc.is_standard
	if not ours or doc.flags.from_console or frappe.flags.in_uninstall:
		return
	changed = {
		field.fieldname
		for field in doc.meta.fields
		if field.fieldname != "enabled"
		and field.fieldtype not in table_fields
		and doc.get(field.fieldname) != before.get(field.fieldname)
	}
	if changed or before is doc:
		frappe.throw(_("{0} comes with the console. Make one of your own instead.").format(doc.name))


def written_by_console(doc: Document) -> None:
	"""Keep everybody from changing or deleting what the console writes as its record."""
	if not (doc.flags.from_console or frappe.flags.in_uninstall):
		frappe.throw(_("{0} is written by the console alone. Nothing was changed.").format(_(doc.doctype)))


def sync() -> None:
	"""Bring the records that come with the console to this version. Repeating it changes nothing."""
	_sync(
		"SEPA Profile",
		{
			shipped.id: {
				"title": shipped.title,
				"version": __version__,
				"definition": _definition(shipped.id),
			}
			for shipped in profile_file.shipped_profiles()
		},
	)
	_sync(
		"Known Error",
		{
			error.id: {
				"pattern": error.pattern,
				**{field: plain(getattr(error, field)) for field in _ERROR_TEXTS},
			}
			for error in known_errors()
		},
	)
	_sync(
		"Runbook",
		{
			name: {
				"definition": (Path(runbooks.__file__).parent / f"{name}.toml").read_text("utf-8"),
				"version": __version__,
			}
			for name in runbooks.all_runbooks()
		},
	)
	_sync("Recovery Duty", {duty.id: _duty(duty) for duty in standard_duties().values()})


def _duty(duty: Duty) -> dict[str, str | int]:
	return {
		"title": plain(duty.title),
		"rhythm": duty.rhythm.value,
		"instructions": plain(duty.instructions),
		"checks": "\n".join(duty.checks),
		"needs_person": int(duty.needs_person),
		"sign_off_role": duty.role,
		"due_after_days": duty.due_after_days,
	}


def _definition(profile_id: str) -> str:
	return (Path(profile_file.FOLDER) / f"{profile_id}.toml").read_text("utf-8")


def _sync(doctype: str, records: dict[str, dict[str, Any]]) -> None:
	for name, values in records.items():
		_put(doctype, name, values)
	for name in frappe.get_all(
		doctype, filters={"is_standard": 1, "name": ("not in", list(records))}, pluck="name"
	):
		doc = frappe.get_doc(doctype, name)
		doc.flags.from_console = True
		doc.delete(ignore_permissions=True)


def _put(doctype: str, name: str, values: dict[str, Any]) -> None:
	exists = frappe.db.exists(doctype, name)
	doc = frappe.get_doc(doctype, name) if exists else frappe.new_doc(doctype)
	if exists and not doc.is_standard:
		return  # the site's own record of that name wins
	values = {**values, "is_standard": 1}
	if all(doc.get(field) == value for field, value in values.items()):
		return
	doc.update(values)
	doc.flags.from_console = True
	if exists:
		doc.save(ignore_permissions=True)
	else:
		doc.insert(ignore_permissions=True, set_name=name)
