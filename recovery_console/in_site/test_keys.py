"""Keys and indexes of our tables come back, on a site."""

import frappe

from recovery_console import install
from recovery_console.in_site import keys
from recovery_console.testing import SiteTestCase

TABLE = "Suspected Problem"
INDEX = "recovery_one_suspicion"
#: It has a field with a default: Frappe 16 builds it anew on SQLite whenever it looks at it.
REBUILT = "Recovery Silence"


class TestKeys(SiteTestCase):
	def tearDown(self) -> None:
		frappe.db.rollback()
		for doctype in (TABLE, REBUILT):
			frappe.db.delete(doctype, {"owner": "keys@example.org"})
		frappe.db.commit()
		keys.restore([TABLE, REBUILT])
		super().tearDown()

	def insert(self, doctype: str, name: str, digest: str = "") -> None:
		table = frappe.qb.DocType(doctype)
		row = {"name": name, "owner": "keys@example.org", **({"digest": digest} if digest else {})}
		frappe.qb.into(table).columns(*row).insert(*row.values()).run()

	def assert_refused(self, doctype: str, name: str, digest: str = "") -> None:
		with self.assertRaises(Exception) as caught:
			self.insert(doctype, name, digest)
		self.assertTrue(frappe.db.is_duplicate_entry(caught.exception), caught.exception)

	def test_an_index_that_is_gone_is_made_again(self) -> None:
		on = "" if frappe.db.db_type == "sqlite" else f" on `tab{TABLE}`"
		frappe.db.sql_ddl(f"drop index {INDEX}{on}")
		keys.restore([TABLE])
		self.insert(TABLE, "a", "the-same")
		self.assert_refused(TABLE, "b", "the-same")

	def test_a_table_that_frappe_built_anew_has_each_name_once(self) -> None:
		frappe.db.updatedb(REBUILT)
		keys.restore([REBUILT])
		self.insert(REBUILT, "a")
		self.assert_refused(REBUILT, "a")

	def test_migrating_restores_all_of_ours_and_customizes_nothing(self) -> None:
		names = install.own_doctypes()
		before = frappe.get_all("Property Setter", {"doc_type": ("in", names)}, pluck="name")
		keys.restore(names)
		self.assertEqual(before, frappe.get_all("Property Setter", {"doc_type": ("in", names)}, pluck="name"))
		if frappe.db.db_type == "sqlite":
			for name in names:
				if not frappe.get_meta(name).issingle:
					self.assertTrue(self.has_key(f"tab{name}"), name)

	def has_key(self, table: str) -> bool:
		columns = frappe.db.sql(f"PRAGMA table_info(`{table}`)", as_dict=True)
		indexes = frappe.db.sql(f"PRAGMA index_list(`{table}`)", as_dict=True)
		return any(column.pk for column in columns) or f"{table}_name_key" in {row.name for row in indexes}
