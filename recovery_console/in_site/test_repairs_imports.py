"""Repairs of imports, mail and logs that only Frappe can make, on a site."""

from pathlib import Path

import frappe
from frappe.core.doctype.data_import import importer
from frappe.utils import add_days, now_datetime
from frappe.utils.backups import new_backup
from frappe.utils.password import get_decrypted_password

from recovery_console.core.errors import ConsoleError
from recovery_console.core.run import RunState
from recovery_console.testing import SiteTestCase

#: A DocType with nothing but its name.
INTO = "Gender"
NAMES = tuple(f"Recovery test {letter}" for letter in "ABCDEF")


def take_backup(test: SiteTestCase) -> None:
	"""Have a whole backup until the test ends: what is deleted for good asks for one."""
	made = new_backup(ignore_files=False, force=True)
	for path in (
		made.backup_path_db,
		made.backup_path_conf,
		made.backup_path_files,
		made.backup_path_private_files,
	):
		test.addCleanup(Path(path).unlink, missing_ok=True)


class Killed(BaseException):
	"""Ends an import as a killed worker does: nothing catches it."""


class TestImports(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean)
		self.clean()

	def clean(self) -> None:
		frappe.db.rollback()
		for name in NAMES:
			self.remove(INTO, name)
		for name in frappe.get_all("Data Import", {"reference_doctype": INTO}, pluck="name"):
			frappe.db.delete("Data Import Log", {"data_import": name})
			self.remove("Data Import", name)
		for name in frappe.get_all("File", {"file_name": ("like", "recovery-test%")}, pluck="name"):
			self.remove("File", name)

	def make_import(self, *names: str) -> str:
		content = "Gender\n" + "".join(f"{name}\n" for name in names or NAMES)
		file = frappe.get_doc(
			doctype="File", file_name="recovery-test.csv", content=content, is_private=1
		).insert()
		document = frappe.get_doc(
			doctype="Data Import",
			reference_doctype=INTO,
			import_type="Insert New Records",
			import_file=file.file_url,
		).insert()
		frappe.db.commit()
		return document.name

	def killed_at(self, name: str, number: int) -> None:
		"""Run an import until a record, and be killed there."""
		whole, seen = importer.Importer.process_doc, []

		def counted(self, doc):
			seen.append(doc)
			if len(seen) == number:
				raise Killed
			return whole(self, doc)

		importer.Importer.process_doc = counted
		try:
			frappe.get_doc("Data Import", name).start_import()
		except Killed:
			frappe.db.rollback()
		finally:
			importer.Importer.process_doc = whole
			frappe.flags.in_import = False

	def there(self) -> list[str]:
		return sorted(frappe.get_all(INTO, {"name": ("in", NAMES)}, pluck="name"))

	def logged(self, name: str, success: int) -> int:
		return frappe.db.count("Data Import Log", {"data_import": name, "success": success})

	def test_an_interrupted_import_goes_on_without_loss_or_duplicates(self) -> None:
		name = self.make_import()
		frappe.get_doc(doctype=INTO, gender=NAMES[1]).insert()
		frappe.db.commit()
		self.killed_at(name, 4)
		self.assertEqual((self.logged(name, 1), self.logged(name, 0)), (2, 1))
		self.remove(INTO, NAMES[1])
		run = self.run_runbook("resume-import", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), sorted(NAMES))
		self.assertEqual((self.logged(name, 1), self.logged(name, 0)), (len(NAMES), 0))
		self.assertEqual(frappe.db.get_value("Data Import", name, "status"), "Success")

	def test_a_logged_row_whose_document_never_came_to_be_is_imported_again(self) -> None:
		name = self.make_import()
		self.killed_at(name, 4)
		frappe.db.delete(INTO, {"name": NAMES[2]})
		frappe.db.commit()
		run = self.run_runbook("resume-import", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), sorted(NAMES))
		self.assertEqual(self.logged(name, 1), len(NAMES))

	def test_failed_rows_are_tried_again_and_the_others_left_alone(self) -> None:
		frappe.get_doc(doctype=INTO, gender=NAMES[1]).insert()
		name = self.make_import()
		frappe.get_doc("Data Import", name).start_import()
		self.assertEqual(frappe.db.get_value("Data Import", name, "status"), "Partial Success")
		made = frappe.db.get_value(INTO, NAMES[0], "creation")
		self.remove(INTO, NAMES[1])
		run = self.run_runbook("retry-failed-rows", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), sorted(NAMES))
		self.assertEqual(frappe.db.get_value(INTO, NAMES[0], "creation"), made)
		self.assertEqual(frappe.db.get_value("Data Import", name, "status"), "Success")

	def test_an_import_that_failed_whole_is_started_again(self) -> None:
		for each in NAMES:
			frappe.get_doc(doctype=INTO, gender=each).insert()
		name = self.make_import()
		frappe.get_doc("Data Import", name).start_import()
		# Only where the log is no part of the transaction does Frappe keep all failures in it.
		status = "Error" if frappe.db.db_type == "mariadb" else "Pending"
		self.assertEqual(frappe.db.get_value("Data Import", name, "status"), status)
		for each in NAMES:
			self.remove(INTO, each)
		run = self.run_runbook("retry-failed-rows" if status == "Error" else "resume-import", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), sorted(NAMES))

	def test_an_import_that_never_began_is_started_by_name(self) -> None:
		name = self.make_import()
		run = self.run_runbook("start-import", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), sorted(NAMES))

	def test_trying_an_import_keeps_nothing_and_names_the_rows_that_fail(self) -> None:
		frappe.get_doc(doctype=INTO, gender=NAMES[3]).insert()
		name = self.make_import()
		before = frappe.db.count(INTO), frappe.db.count("Version"), frappe.db.count("Error Log")
		run = self.run_runbook("try-import", name=name)
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		said = " ".join(step.said for step in run.steps)
		self.assertIn("1 of 6 records would fail, in rows 5", said)
		self.assertEqual(
			before, (frappe.db.count(INTO), frappe.db.count("Version"), frappe.db.count("Error Log"))
		)
		self.assertEqual(self.there(), [NAMES[3]])
		self.assertEqual(self.logged(name, 1) + self.logged(name, 0), 0)

	def test_what_an_import_made_is_taken_back_but_not_what_others_worked_on(self) -> None:
		name = self.make_import()
		self.killed_at(name, 5)
		frappe.db.set_value(INTO, NAMES[1], "modified", add_days(now_datetime(), 1), update_modified=False)
		frappe.db.commit()
		take_backup(self)
		run = self.run_runbook("take-import-back", names=[name])
		self.assertEqual(self.there(), [NAMES[1]], run.said)
		self.assertEqual(self.logged(name, 1), 1)

	def test_an_import_taken_back_whole_can_be_started_again(self) -> None:
		frappe.get_doc(doctype=INTO, gender=NAMES[0]).insert()
		name = self.make_import()
		frappe.get_doc("Data Import", name).start_import()
		take_backup(self)
		run = self.run_runbook("take-import-back", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertEqual(self.there(), [NAMES[0]])
		self.assertEqual(frappe.db.get_value("Data Import", name, "status"), "Pending")
		self.assertEqual(self.logged(name, 1) + self.logged(name, 0), 0)

	def test_the_exported_rows_are_a_file_of_the_site_that_frappe_imports(self) -> None:
		frappe.get_doc(doctype=INTO, gender=NAMES[1]).insert()
		name = self.make_import()
		frappe.get_doc("Data Import", name).start_import()
		run = self.run_runbook("export-failed-rows", names=[name])
		(file,) = frappe.get_all(
			"File", {"attached_to_name": name, "file_name": ("like", "%failed-rows%")}, pluck="name"
		)
		self.addCleanup(self.remove, "File", file)
		document = frappe.get_doc("File", file)
		content = document.get_content()
		self.assertIn("Import Error", str(content), run.said)
		self.remove(INTO, NAMES[1])
		again = frappe.get_doc(
			doctype="Data Import",
			reference_doctype=INTO,
			import_type="Insert New Records",
			import_file=document.file_url,
		).insert()
		frappe.db.commit()
		again.start_import()
		self.assertEqual(frappe.db.get_value("Data Import", again.name, "status"), "Success")
		self.assertEqual(self.there(), sorted(NAMES))


class TestMailAndLogs(SiteTestCase):
	def account(self) -> str:
		name = "Recovery test account"
		self.remove("Email Account", name)
		document = frappe.new_doc("Email Account", email_account_name=name, email_id="test@recovery.example")
		document.update({"smtp_server": "127.0.0.1", "smtp_port": "1", "awaiting_password": 1})
		document.db_insert()
		frappe.db.commit()
		self.addCleanup(self.remove, "Email Account", name)
		frappe.get_cached_doc("Email Account", name)
		return name

	def test_a_stored_password_is_the_one_that_frappe_reads(self) -> None:
		name = self.account()
		given = {"account": name, "password": "s3cret word", "try_first": False}
		run = self.run_runbook("store-mail-password", **given)
		self.assertTrue(run.state is RunState.SUCCEEDED or run.left, run.said)
		self.assertEqual(get_decrypted_password("Email Account", name), "s3cret word")
		frappe.local.cache = {}
		self.assertFalse(frappe.get_cached_doc("Email Account", name).awaiting_password)
		self.assertNotIn("s3cret", frappe.as_json(frappe.get_all("Runbook Run", {"name": run.id}, ["*"])))

	def test_resumed_sending_is_what_frappe_sees(self) -> None:
		before = frappe.db.get_default("suspend_email_queue")
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.set_default, "suspend_email_queue", before or "0")
		frappe.db.set_default("suspend_email_queue", "1")
		frappe.db.commit()
		self.assertEqual(str(frappe.db.get_default("suspend_email_queue")), "1")
		self.run_runbook("resume-sending")
		frappe.local.cache = {}
		self.assertEqual(str(frappe.db.get_default("suspend_email_queue")), "0")

	def test_old_log_rows_are_cleared_by_their_own_code(self) -> None:
		old = frappe.get_doc(doctype="Error Log", method="recovery test", error="old").insert()
		young = frappe.get_doc(doctype="Error Log", method="recovery test", error="young").insert()
		long_ago = add_days(now_datetime(), -4000)
		frappe.db.set_value(
			"Error Log", old.name, {"creation": long_ago, "modified": long_ago}, update_modified=False
		)
		frappe.db.commit()
		self.addCleanup(self.remove, "Error Log", young.name)
		if not frappe.db.exists("Logs To Clear", {"ref_doctype": "Error Log"}):
			settings = frappe.get_doc("Log Settings")
			settings.register_doctype("Error Log", 30)
			settings.save()
			frappe.db.commit()
		take_backup(self)
		run = self.run_runbook("clear-old-logs", doctypes=["Error Log"])
		if frappe.db.db_type == "sqlite":
			self.assertIn("deleted nothing", str(run.said))
			self.remove("Error Log", old.name)
			return
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertFalse(frappe.db.exists("Error Log", old.name))
		self.assertTrue(frappe.db.exists("Error Log", young.name))

	def test_a_log_that_nobody_keeps_is_refused(self) -> None:
		with self.assertRaisesRegex(ConsoleError, "Log Settings say nothing"):
			self.run_runbook("clear-old-logs", doctypes=["User"])
