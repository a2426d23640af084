"""Repairs of the scheduler that need Frappe, or that Frappe must notice, on a real site."""

import frappe
from frappe.utils.background_jobs import get_job

from recovery_console.core.edits import Act
from recovery_console.core.run import RunState
from recovery_console.in_site.actions.scheduler import resync_job_types, run_now
from recovery_console.testing import SiteTestCase

METHOD = "frappe.ping"


class TestSchedulerRepairs(SiteTestCase):
	"""Scheduled Job Types and the switch in System Settings."""

	def job_type(self, method: str) -> str:
		"""Make a job type that no app's hooks name, as an update that removed a method leaves it."""
		row = frappe.new_doc("Scheduled Job Type")
		row.update({"method": method, "frequency": "Daily"})
		row.db_insert()
		frappe.db.commit()
		self.addCleanup(self.remove, "Scheduled Job Type", row.name)
		return row.name

	def test_what_no_app_names_is_removed(self) -> None:
		name = self.job_type("frappe.no_such_module.no_such_method")
		run = self.run_runbook("resync-scheduled-jobs")
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		self.assertFalse(frappe.db.exists("Scheduled Job Type", name))
		self.assertTrue(frappe.db.exists("Scheduled Job Type", {"method": "frappe.email.queue.flush"}))

	def test_reading_anew_twice_changes_nothing(self) -> None:
		act = Act("read anew", "Site", frappe.local.site, {"types": 0}, frappe=True)
		resync_job_types.perform(act)
		before = sorted(frappe.get_all("Scheduled Job Type", pluck="method"))
		resync_job_types.perform(act)
		self.assertEqual(sorted(frappe.get_all("Scheduled Job Type", pluck="method")), before)

	def test_a_job_is_queued_once(self) -> None:
		name = self.job_type(METHOD)
		job_type = frappe.get_doc("Scheduled Job Type", name)
		act = Act(
			"queue it once",
			"Scheduled Job Type",
			name,
			{"type": name, "since": str(frappe.utils.now_datetime())},
			frappe=True,
		)
		self.addCleanup(self.forget_job, job_type.rq_job_id)
		self.assertFalse(run_now.is_done(act))
		self.assertEqual(run_now.perform(act), "queued")
		self.assertTrue(run_now.is_done(act))
		self.assertEqual(run_now.perform(act), "it was queued already")

	def forget_job(self, job_id: str) -> None:
		"""Take a job out of the queue again."""
		job = get_job(job_id)
		if job is not None:
			job.delete()

	def test_frappe_notices_that_scheduled_jobs_are_enabled(self) -> None:
		was = frappe.db.get_single_value("System Settings", "enable_scheduler")
		self.addCleanup(self.enable, was)
		self.enable(0)
		self.assertFalse(frappe.get_cached_doc("System Settings").enable_scheduler)
		run = self.run_runbook("enable-scheduler")
		self.assertEqual(run.state, RunState.SUCCEEDED, (run.said, run.left))
		frappe.local.cache = {}
		self.assertTrue(
			frappe.utils.cint(frappe.db.get_single_value("System Settings", "enable_scheduler", cache=False))
		)
		self.undo(run)
		self.assertFalse(
			frappe.utils.cint(frappe.db.get_single_value("System Settings", "enable_scheduler", cache=False))
		)

	def enable(self, value: int) -> None:
		"""Switch scheduled jobs on or off, as Frappe does."""
		frappe.db.set_single_value("System Settings", "enable_scheduler", value)
		frappe.db.commit()
		frappe.clear_document_cache("System Settings", "System Settings")
