"""Keys and indexes of our tables, as they are meant to be, whatever became of a table meanwhile.

Frappe 16 changes a column on SQLite by building the table anew: without its primary key, and without a single index.
It does so whenever it looks at a table one of whose fields has a default, is indexed or may not be empty, because it
reads no defaults and no indexes there: each time the DocType was changed, or a field of it customized. A restored dump
may lack indexes on any database.
"""

import frappe
from frappe.modules import load_doctype_module

from recovery_console.in_site.transactions import log_failure


def restore(doctypes: list[str]) -> None:
	"""Make again what is missing. What cannot be made is logged, and keeps nobody from migrating. It commits.

	Args:
		doctypes: Names of our DocTypes.
	"""
	migrating = frappe.flags.in_migrate
	frappe.flags.in_migrate = (
		True  # else Frappe customizes each field that we index, and builds the table anew again
	)
	try:
		for doctype in doctypes:
			_restore(doctype)
	finally:
		frappe.flags.in_migrate = migrating


def _restore(doctype: str) -> None:
	meta = frappe.get_meta(doctype)
	if meta.issingle or not frappe.db.table_exists(doctype):
		return
	try:
		if frappe.db.db_type == "sqlite":
			_restore_on_sqlite(f"tab{doctype}", "parent" if meta.istable else "creation")
		remake = getattr(load_doctype_module(doctype), "on_doctype_update", None)
		if remake is not None:
			remake()
	except Exception:  # noqa: BLE001 (logged; the other tables go on)
		log_failure("keys of a table are missing", doctype)
	frappe.db.commit()


def _restore_on_sqlite(table: str, looked_up_by: str) -> None:
	"""Let a table without primary key have each name once again, and find rows as Frappe made it do at first.

	Args:
		table: Its name.
		looked_up_by: The column that Frappe indexes when it makes such a table.
	"""
	if not any(column.pk for column in frappe.db.sql(f"PRAGMA table_info(`{table}`)", as_dict=True)):
		frappe.db.sql_ddl(f"CREATE UNIQUE INDEX IF NOT EXISTS `{table}_name_key` ON `{table}`(name)")
	index = f"{table}_{looked_up_by}_idx"
	frappe.db.sql_ddl(f"CREATE INDEX IF NOT EXISTS `{index}` ON `{table}`({looked_up_by})")
