"""Backups taken beside Frappe, and documents brought back from them, on a site."""

import gzip
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe
from frappe.installer import is_downgrade, is_partial

from recovery_console.core.run import RunState
from recovery_console.testing import SiteTestCase

EVENT = "Recovery test event"


class TestBackups(SiteTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.folder = Path(frappe.get_site_path("private", "backups"))
		self.addCleanup(self.clean)
		self.clean()

	def clean(self) -> None:
		frappe.db.rollback()
		for name in frappe.get_all("Event", {"subject": EVENT}, pluck="name"):
			self.remove("Event", name)

	def take(self, **given: object) -> list[str]:
		"""Have a backup until the test ends; the names of its files."""
		run = self.run_runbook("take-backup", **given)
		self.assertEqual(run.state, RunState.SUCCEEDED, run.said)
		stamp = run.steps[0].outcomes[0].detail.partition(":")[0]
		made = sorted(self.folder.glob(f"{stamp}-*"))
		for path in made:
			self.addCleanup(path.unlink, missing_ok=True)
		return [path.name for path in made]

	def make_event(self) -> str:
		document = frappe.get_doc(
			doctype="Event", subject=EVENT, starts_on="2026-01-02 03:04:05", event_type="Public"
		)
		document.append(
			"event_participants", {"reference_doctype": "User", "reference_docname": "Administrator"}
		)
		document.description = 'O\'Brien said: "100 %", \\ and ä'
		document.insert()
		frappe.db.commit()
		return str(document.name)

	def delete_beside_frappe(self, name: str) -> None:
		frappe.db.delete("Event", {"name": name})
		frappe.db.delete("Event Participants", {"parent": name})
		frappe.db.commit()

	def test_a_backup_is_what_frappe_restores(self) -> None:
		made = self.take()
		self.assertEqual(len(made), 4)
		stem = re.escape(frappe.local.site.replace(".", "_"))
		for name in made:
			self.assertRegex(name, rf"\d{{8}}_\d{{6}}-{stem}-")
		if frappe.conf.db_type == "sqlite":
			return
		packed = next(self.folder / name for name in made if name.endswith("database.sql.gz"))
		with self.unpacked(packed) as dump:
			self.assertFalse(is_partial(str(dump)))
			self.assertFalse(is_downgrade(str(dump)))

	@contextmanager
	def unpacked(self, packed: Path) -> Iterator[Path]:
		with TemporaryDirectory() as folder:
			path = Path(folder) / "dump.sql"
			with gzip.open(packed, "rb") as source, path.open("wb") as target:
				shutil.copyfileobj(source, target)
			yield path

	def test_a_deleted_document_comes_back_as_it_was(self) -> None:
		name = self.make_event()
		before = frappe.get_doc("Event", name).as_dict()
		self.take(with_files=False)
		self.delete_beside_frappe(name)
		run = self.run_runbook("bring-documents-back", doctype="Event", names=[name])
		self.assertEqual(run.state, RunState.SUCCEEDED, run.said)
		self.assertEqual(frappe.get_doc("Event", name).as_dict(), before)
		self.assertEqual(self.undo(run).state, RunState.UNDONE)
		self.assertFalse(frappe.db.exists("Event", name))
		self.assertFalse(frappe.db.exists("Event Participants", {"parent": name}))

	def test_a_deleted_document_comes_back_by_frappes_rules(self) -> None:
		name = self.make_event()
		self.take(with_files=False)
		self.delete_beside_frappe(name)
		run = self.run_runbook("bring-documents-back", doctype="Event", names=[name], through_frappe=True)
		self.assertEqual(run.state, RunState.SUCCEEDED, run.said)
		back = frappe.get_doc("Event", {"subject": EVENT})
		self.assertEqual(back.name, name)
		self.assertEqual([row.reference_docname for row in back.event_participants], ["Administrator"])
		self.assertEqual(self.undo(run).state, RunState.UNDONE)
		self.assertFalse(frappe.db.exists("Event", name))
