"""What is written while others write the same, or something in between fails, on a site."""

import contextlib
import io
import threading
import unittest
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import frappe
import pymysql

from recovery_console import api_incidents, tasks
from recovery_console.core.notices import DESK, Destination, Kind, State
from recovery_console.core.silence import Scope, Silence
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import (
	delivering,
	incident_actions,
	incident_runs,
	notices,
	reviews,
	runs,
	silences,
	timeline,
	transactions,
)
from recovery_console.testing import SiteTestCase


class TransactionsTestCase(SiteTestCase):
	def incident(self, severity: str = "S1", **values: Any) -> str:
		"""Open an incident that is removed after the test."""
		title = f"A test of transactions {frappe.generate_hash(length=8)}"
		name = incident_actions.open_by_hand(title, severity=severity, **values)
		frappe.db.commit()
		self.addCleanup(self.forget, name)
		return name

	def forget(self, name: str) -> None:
		frappe.db.rollback()
		for doctype in ("Incident Event", "Recovery Notice", "Incident Review"):
			frappe.db.delete(doctype, {"incident": name})
		frappe.db.delete("Incident", {"name": name})
		frappe.db.commit()

	def replace(self, owner: Any, attribute: str, value: Any) -> None:
		self.addCleanup(setattr, owner, attribute, getattr(owner, attribute))
		setattr(owner, attribute, value)

	def errors(self, title: str) -> int:
		found = frappe.get_all("Error Log", {"method": title}, pluck="name")
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.delete, "Error Log", {"name": ("in", found or [""])})
		return len(found)


class TestDeadlocks(TransactionsTestCase):
	def test_a_savepoint_that_is_gone_has_everything_begun_anew(self) -> None:
		frappe.db.savepoint("recovery_console_test")
		frappe.db.commit()
		with self.assertRaises(frappe.QueryDeadlockError):
			transactions.back_to("recovery_console_test")

	def test_a_status_survives_a_deadlock_while_the_review_is_drafted(self) -> None:
		if frappe.db.db_type != "mariadb":
			raise unittest.SkipTest("only MariaDB and PostgreSQL let two writers wait for each other")
		name, other = self.incident(), self.incident("S4")
		rival, draft, met = Rival(other, name), reviews.draft, []

		def meets_the_rival_once(incident: str, **asked: Any) -> str:
			met.append(incident)
			if len(met) == 1:
				rival.goes_for_the_second()
				frappe.db.set_value("Incident", other, "description", "ours", update_modified=False)
			return draft(incident, **asked)

		self.replace(reviews, "draft", meets_the_rival_once)
		rival.takes_the_first()
		shown = api_incidents.act(name, "resolve", "it is over")
		frappe.db.commit()
		rival.ends()
		self.assertEqual(met, [name, name], "the first attempt must have met the rival")
		self.assertEqual(shown["status"], "Resolved")
		self.assertEqual(frappe.db.get_value("Incident", name, "status"), "Resolved")
		self.assertEqual(frappe.db.count("Incident Review", {"incident": name}), 1)
		self.assertEqual(
			[line.event for line in timeline.read(name)].count(EventKind.RESOLVED.value), 1, "told once"
		)


class TestOneDoesNotHoldUpTheOthers(TransactionsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.now = datetime.now(UTC)

	def test_a_notice_that_cannot_be_taken_over_is_given_up(self) -> None:
		name = self.incident("S4")
		lost = notices.write(
			Kind.WORSE, Destination(DESK, "", "Administrator"), "t", "m", now=self.now, incident=name
		)
		long_ago = notices.stamp(self.now - timedelta(hours=1))
		values = {"state": State.SENDING.value, "claim": "x", "claimed": long_ago}
		frappe.db.set_value("Recovery Notice", lost, values)
		other = notices.write(
			Kind.REOPENED, Destination(DESK, "", "Administrator"), "t", "n", now=self.now, incident=name
		)
		frappe.db.commit()
		self.addCleanup(self._forget_bells, name)
		keep_failure = delivering._keep_failure  # noqa: SLF001 (what cannot be written is written there)

		def refuses_one(notice: Any, *given: Any) -> None:
			if notice.name == lost:
				raise ValueError("it cannot be written")
			keep_failure(notice, *given)

		self.replace(delivering, "_keep_failure", refuses_one)
		delivering.deliver(self.now)
		found = frappe.db.get_value("Recovery Notice", lost, ["state", "error"], as_dict=True)
		self.assertEqual(found.state, State.GIVEN_UP.value)
		self.assertIn("it cannot be written", found.error)
		self.assertEqual(frappe.db.get_value("Recovery Notice", other, "state"), State.SENT.value)
		self.assertEqual(self.errors("Recovery Console: a notice could not be sent"), 1)

	def _forget_bells(self, incident: str) -> None:
		frappe.db.delete("Notification Log", {"document_type": "Incident", "document_name": incident})
		frappe.db.commit()

	def test_an_incident_that_cannot_be_silenced_keeps_no_other_from_it(self) -> None:
		first, second = sorted((self.incident("S4"), self.incident("S4")))
		read = silences.read

		def refuses_one(name: str) -> Any:
			if name == first:
				raise frappe.ValidationError("it cannot be saved")
			return read(name)

		self.replace(silences, "read", refuses_one)
		silence = Silence(
			"RC-SIL-T", Scope.SITE, "", "a test", self.now - timedelta(hours=1), self.now + timedelta(hours=1)
		)
		silences.cover_open([silence], self.now)
		self.assertEqual(frappe.db.get_value("Incident", first, "silenced_by"), None)
		self.assertEqual(frappe.db.get_value("Incident", second, "silenced_by"), "RC-SIL-T")
		frappe.db.rollback()

	def test_a_review_that_cannot_be_drafted_keeps_no_other_waiting(self) -> None:
		names = [self.incident("S1") for _number in range(5)]
		for name in names:
			frappe.db.set_value("Incident", name, {"status": "Resolved", "resolved_at": frappe.utils.now()})
		frappe.db.commit()
		draft, bad = reviews.draft, set(names[:4])

		def refuses_most(name: str) -> str:
			if name in bad:
				raise ValueError("there is something about it")
			return draft(name)

		self.replace(reviews, "draft", refuses_most)
		reviews.draft_missing(self.now)
		self.assertEqual(frappe.db.count("Incident Review", {"incident": names[4]}), 1)
		self.assertEqual(self.errors("Recovery Console: reviews not followed up"), 4)

	def test_runs_are_told_although_the_sweep_before_them_fails(self) -> None:
		told = []
		self.replace(runs, "sweep", self._fails)
		self.replace(incident_runs, "tell_of_runs", lambda load: told.append(load))
		tasks.sweep_runs()
		self.assertEqual(len(told), 1)
		self.assertEqual(self.errors("Recovery Console: a part of the sweep failed"), 1)

	def _fails(self) -> None:
		raise ValueError("a run that nobody understands")


class TestLoggingAFailure(TransactionsTestCase):
	def log(self, title: str) -> None:
		try:
			int("the oven is cold")
		except ValueError:
			transactions.log_failure(title, "oven 7")

	def test_it_is_in_the_error_log_and_what_was_begun_is_taken_back(self) -> None:
		title = f"a test {frappe.generate_hash(length=8)}"
		frappe.db.set_value("User", "Guest", "bio", "begun", update_modified=False)
		self.log(title)
		self.assertNotEqual(frappe.db.get_value("User", "Guest", "bio"), "begun")
		text = frappe.db.get_value("Error Log", {"method": f"Recovery Console: {title}"}, "error")
		self.assertIn("oven 7", text)
		self.assertIn("the oven is cold", text)
		self.assertEqual(self.errors(f"Recovery Console: {title}"), 1)

	def test_where_neither_database_nor_log_file_takes_it_nothing_is_raised_and_it_is_told(self) -> None:
		told = io.StringIO()
		with (
			patch("frappe.log_error", side_effect=frappe.QueryTimeoutError),
			patch("frappe.logger", side_effect=OSError(28, "No space left on device")),
			contextlib.redirect_stderr(told),
		):
			self.log("a test")
		self.assertIn("Recovery Console: a test", told.getvalue())
		self.assertIn("the oven is cold", told.getvalue())


class Rival:
	"""Another process that locks one incident, and then wants another that we have locked."""

	def __init__(self, first: str, second: str) -> None:
		self.first, self.second = first, second
		self.connection = pymysql.connect(
			host=frappe.conf.db_host or "127.0.0.1",
			port=int(frappe.conf.db_port or 3306),
			user=frappe.conf.db_name,
			password=frappe.conf.db_password,
			database=frappe.conf.db_name,
		)
		self.cursor = self.connection.cursor()

	def takes_the_first(self) -> None:
		# The database ends the transaction that wrote less: this one writes more than ours.
		self.cursor.execute("create temporary table heavy (number int) engine=InnoDB")
		self.connection.begin()
		rows = [(number,) for number in range(5000)]
		self.cursor.executemany("insert into heavy values (%s)", rows)
		self.cursor.execute("update `tabIncident` set description='rival' where name=%s", (self.first,))

	def goes_for_the_second(self) -> None:
		def go() -> None:
			try:
				self.cursor.execute("update `tabIncident` set description='x' where name=%s", (self.second,))
			finally:
				self.connection.rollback()

		self.thread = threading.Thread(target=go)
		self.thread.start()

	def ends(self) -> None:
		self.thread.join(20)
		self.connection.close()
