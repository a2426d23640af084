"""Frappe's document model, as the engine uses it: every change with validation, hooks and permissions."""

import importlib
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model import table_fields

from recovery_console.core.edits import Act, DocumentEdit
from recovery_console.core.errors import ConsoleError
from recovery_console.core.making.rows import same

#: Document states are compared by Frappe's numbers.
_DOCSTATUS = {"submit": (0, 1), "cancel": (1, 2)}


class FrappeDocuments:
	"""Makes document edits and performs acts as the user of this session, each in a transaction of its own."""

	def state(self, edit: DocumentEdit) -> str:
		"""Return ``before``, ``after`` or ``moved``: what is there now."""
		frappe.db.commit()  # what others committed since is seen only by a new transaction
		exists = frappe.db.exists(edit.doctype, edit.name)
		if edit.operation == "insert":
			return "after" if exists else "before"
		if edit.operation == "delete":
			return "before" if exists else "after"
		if not exists:  # a document that was cancelled and then deleted is not there to be looked at
			return "after" if edit.operation == "cancel" else "moved"
		if edit.operation in _DOCSTATUS:
			before, after = _DOCSTATUS[edit.operation]
			found = frappe.db.get_value(edit.doctype, edit.name, "docstatus")
			return {before: "before", after: "after"}.get(found, "moved")
		doc = frappe.get_doc(edit.doctype, edit.name)
		if _holds(doc, edit.after or {}):
			return "after"
		return "before" if _holds(doc, edit.before or {}) else "moved"

	def make(self, edit: DocumentEdit) -> None:
		"""Make a change and commit it.

		Raises:
			ConsoleError: Frappe refused it; nothing of it is there.
		"""
		with _transaction(f"{edit.doctype} {edit.name}"):
			_MAKE[edit.operation](edit)

	def perform(self, action: str, act: Act) -> str:
		"""Do an act of an action and return in a few words what came of it.

		Raises:
			ConsoleError: It was not done.
		"""
		with _transaction(f"{act.what} ({act.kind_of} {act.name})"):
			return str(_performer(action).perform(act))

	def is_done(self, action: str, act: Act) -> bool | None:
		"""Tell whether an act that was begun was done; None where that cannot be known."""
		frappe.db.commit()
		look: Callable[[Act], bool | None] | None = getattr(_performer(action), "is_done", None)
		return look(act) if look is not None else None


def _performer(action: str) -> Any:
	from recovery_console.core.extensions import packages
	from recovery_console.in_site import open_site

	family, _, name = action.partition(".")
	with open_site() as site:
		owners = packages(site)
	for package in ("recovery_console.in_site", *owners):
		module = (
			f"{package}.{'actions' if package == 'recovery_console.in_site' else 'in_site'}.{family}.{name}"
		)
		try:
			return importlib.import_module(module)
		except ModuleNotFoundError as error:
			if not module.startswith(str(error.name)):
				raise
	raise ConsoleError(
		f"Nothing performs the acts of {action} in this site.",
		remedy="Install the app that brings this action again.",
	)


@contextmanager
def _transaction(what: str):
	try:
		yield
		frappe.db.commit()
	except ConsoleError:
		frappe.db.rollback()
		raise
	except Exception as error:
		frappe.db.rollback()
		frappe.clear_messages()
		raise ConsoleError(
			f"Frappe refused to change {what}: {type(error).__name__}: {frappe.utils.strip_html(str(error))}",
			remedy="Put right what it names, or change it by hand.",
		) from error


def _holds(doc: Any, wanted: Mapping[str, Any]) -> bool:
	return all(_field_holds(doc, name, value) for name, value in wanted.items())


def _field_holds(doc: Any, name: str, value: Any) -> bool:
	field = doc.meta.get_field(name)
	if field is None or field.fieldtype not in table_fields:
		return same(_plain(doc.get(name)), _plain(value))
	rows = doc.get(name) or []
	return len(rows) == len(value or ()) and all(
		all(same(_plain(row.get(key)), _plain(item)) for key, item in wanted.items() if key != "name")
		for row, wanted in zip(rows, value or (), strict=True)
	)


def _plain(value: Any) -> Any:
	"""Frappe writes no value as NULL in one field and as an empty text in the next."""
	return None if value == "" else value


def _save(edit: DocumentEdit) -> None:
	doc = frappe.get_doc(edit.doctype, edit.name)
	_fill(doc, edit.after or {})
	doc.save()


def _insert(edit: DocumentEdit) -> None:
	doc = frappe.new_doc(edit.doctype)
	_fill(doc, edit.after or {})
	doc.insert(set_name=edit.name)


def _delete(edit: DocumentEdit) -> None:
	frappe.delete_doc(edit.doctype, edit.name)


def _submit(edit: DocumentEdit) -> None:
	frappe.get_doc(edit.doctype, edit.name).submit()


def _cancel(edit: DocumentEdit) -> None:
	frappe.get_doc(edit.doctype, edit.name).cancel()


_MAKE = {"save": _save, "insert": _insert, "delete": _delete, "submit": _submit, "cancel": _cancel}


def _fill(doc: Any, values: Mapping[str, Any]) -> None:
	for name, value in values.items():
		field = doc.meta.get_field(name)
		if field is not None and field.fieldtype in table_fields:
			doc.set(name, [dict(row) for row in value or ()])
		elif name not in ("name", "doctype"):
			doc.set(name, value)
