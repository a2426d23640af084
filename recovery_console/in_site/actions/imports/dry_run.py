"""Lets Frappe import each row and takes it back at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.core.doctype.data_import.importer import Importer
from frappe.utils import background_jobs, strip_html

from recovery_console.core.edits import Act
from recovery_console.core.finding import _

SHOWN = 10
_ROW = "recovery_console_row"


def perform(act: Act) -> str:
	"""Try the rows that are not in yet, and say which would fail."""
	document = frappe.get_doc("Data Import", act.arguments["name"])
	importer = Importer(document.reference_doctype, data_import=document)
	warnings = [item for item in importer.import_file.get_warnings() if item.get("type") != "info"]
	if warnings:
		return _("Nothing would be imported, because of {0} warnings about the file: {1}").format(
			len(warnings), _messages(item.get("message", "") for item in warnings)
		)
	payloads = _left(importer, document)[: int(act.arguments["most"])]
	failed: list[tuple[int, str]] = []
	with _nothing_stays(document):
		for payload in payloads:
			error = _error(importer, payload)
			if error:
				failed.append((payload.rows[0].row_number, error))
	if not failed:
		return _("All {0} records would go in.").format(len(payloads))
	rows = ", ".join(str(number) for number, _error_ in failed[:SHOWN])
	return _("{0} of {1} records would fail, in rows {2}: {3}").format(
		len(failed), len(payloads), rows, _messages(error for _number, error in failed)
	)


def is_done(act: Act) -> bool:  # noqa: ARG001 (trying again does no harm)
	"""Trying leaves nothing behind, so it may always be done again."""
	return False


def _left(importer: Importer, document: Any) -> list[Any]:
	"""Return the records that are not in yet."""
	logged = frappe.get_all(
		"Data Import Log", filters={"data_import": document.name, "success": 1}, pluck="row_indexes"
	)
	done = {number for indexes in logged for number in frappe.parse_json(indexes or "[]")}
	payloads = importer.import_file.get_payloads_for_import()
	return [payload for payload in payloads if not done & {row.row_number for row in payload.rows}]


def _error(importer: Importer, payload: Any) -> str:
	try:
		importer.process_doc(payload.doc)
	except Exception as error:  # noqa: BLE001 (whatever a document's own code raises is the answer)
		messages = [
			strip_html(str(frappe.parse_json(item).get("message") or "")) for item in frappe.local.message_log
		]
		return " ".join(filter(None, messages)) or strip_html(str(error)) or type(error).__name__
	finally:
		frappe.clear_messages()
		frappe.db.rollback(save_point=_ROW)
	return ""


@contextmanager
def _nothing_stays(document: Any) -> Iterator[None]:
	"""Keep what happens inside from being committed, mailed or given to workers."""
	database, get_queue, here = frappe.local.db, background_jobs.get_queue, threading.get_ident()
	rollback = database.rollback
	flags = {name: frappe.flags.get(name) for name in ("in_import", "mute_emails")}

	def held_back(*args: Any, **values: Any) -> Any:
		return _Nowhere() if threading.get_ident() == here else get_queue(*args, **values)

	def only_back_to(*, save_point: str | None = None, **_values: Any) -> None:
		if save_point:
			rollback(save_point=save_point)

	frappe.db.commit()
	frappe.flags.in_import, frappe.flags.mute_emails = True, True
	background_jobs.get_queue = held_back
	database.commit, database.rollback = lambda *_args, **_values: None, only_back_to
	try:
		frappe.db.savepoint(_ROW)
		yield
	finally:
		background_jobs.get_queue = get_queue
		del database.commit, database.rollback
		for name in ("before_commit", "after_commit"):
			getattr(database, name).reset()
		frappe.db.rollback()
		frappe.flags.update(flags)
		frappe.clear_document_cache(document.doctype, document.name)


class _Nowhere:
	"""A queue that takes a job and forgets it."""

	def enqueue_call(self, *_args: Any, **_values: Any) -> None:
		return None


def _messages(texts: Any) -> str:
	counted = Counter(" ".join(strip_html(str(text)).split())[:200] for text in texts)
	return "; ".join(f"{text} ({count})" if count > 1 else text for text, count in counted.most_common(5))
