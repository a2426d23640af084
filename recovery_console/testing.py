"""What tests inside a site share."""

from collections.abc import Mapping
from typing import Any

import frappe

from recovery_console import compat
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.run import Run, RunState
from recovery_console.core.runbooks import find_runbook
from recovery_console.in_site import incidents, runs

REQUESTER = Actor("requester@example.org", frozenset({OPERATOR}))
APPROVER = Actor("approver@example.org", frozenset({MANAGER}))


class SiteTestCase(compat.test_case()):
	"""A test on a site whose changes are rolled back."""

	def tearDown(self) -> None:
		"""Roll back after each test: Frappe does so after a class, and what a later test commits would stay."""
		frappe.db.rollback()
		super().tearDown()

	def user_with(self, *roles: str) -> str:
		"""Create a user who has these roles and nothing else."""
		user = frappe.new_doc("User")
		user.email = f"{frappe.generate_hash(length=8)}@example.org"
		user.first_name = "Mallory" if not roles else roles[0]
		user.send_welcome_email = 0
		user.flags.no_welcome_mail = True
		for role in roles:
			user.append("roles", {"role": role})
		user.insert(ignore_permissions=True)
		return user.name

	def act_as(self, user: str) -> None:
		"""Be this user until the test ends."""
		self.addCleanup(frappe.set_user, frappe.session.user)
		frappe.set_user(user)

	def follow(self, report: Mapping[str, Any], snapshot: str = "", **settings: Any) -> None:
		"""Follow a report with incidents, as if Recovery Settings said so; by default the first look confirms."""
		doc = frappe.get_doc("Recovery Settings")
		doc.update({"confirm_looks": 1, "confirm_of": 1, **settings})
		incidents.follow(report, snapshot, settings=doc)

	def remove(self, doctype: str, name: str) -> None:
		"""Delete a document that a test left committed."""
		frappe.delete_doc(doctype, name, force=True, ignore_missing=True, ignore_permissions=True)
		frappe.db.commit()

	def run_runbook(self, runbook: str, **parameters: Any) -> Run:
		"""Run a runbook on this site to its end, approved by a second person, and forget it after the test.

		What it changes is committed: a test undoes it or cleans it up.
		"""
		works = runs.engine()
		run = works.create(find_runbook(runbook, works.runbooks), parameters, REQUESTER, "a test")
		self.addCleanup(self.forget_run, run.id)
		run = works.approve(run.id, APPROVER, "a test", typed=frappe.local.site, requester=True)
		return self.to_the_end(run)

	def to_the_end(self, run: Run) -> Run:
		"""Let a run go on until it waits for somebody or is over."""
		works = runs.engine()
		for _step in range(60):
			if run.state is RunState.AWAITING_APPROVAL:
				run = works.approve(run.id, APPROVER, "a test", typed=frappe.local.site)
			if run.state is not RunState.PLANNED and not run.state.moves:
				break
			run = works.advance(run.id, REQUESTER)
		frappe.db.commit()  # what was changed beside this connection is seen by a new transaction
		return run

	def undo(self, run: Run) -> Run:
		"""Take a run back."""
		return self.to_the_end(runs.engine().undo(run.id, APPROVER))

	def forget_run(self, run_id: str) -> None:
		"""Remove the record of a run."""
		frappe.db.rollback()
		frappe.db.delete("Runbook Run Step", {"parent": run_id})
		frappe.db.delete("Runbook Run Entry", {"run": run_id})
		frappe.db.delete("Runbook Run", {"name": run_id})
		frappe.db.commit()
