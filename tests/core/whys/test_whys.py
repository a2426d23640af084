"""Each troubleshooter on the faults of the catalogue: it names what stands in the way, and what helps."""

from __future__ import annotations

import importlib
import json

import pytest

from recovery_console.core.action_registry import all_actions
from recovery_console.core.errors import UsageError
from recovery_console.core.render_run import runbook_as_dict
from recovery_console.core.runbooks import find_runbook
from recovery_console.core.site import open_site
from recovery_console.core.why import Answer, Step, Verdict, Why, asks
from recovery_console.core.whys import whys_in
from tests.conftest import Samples, look_at
from tests.faults import all_faults
from tests.faults.email._mail import queue
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite

USER = "anna.bakker@example.org"
FLUSH = "frappe.email.queue.flush"

#: Fault, question, what is given, the step that is to be the cause, the runbook that is to be offered.
BROKEN: list[tuple[str, str, dict[str, str], str, str]] = [
	("portal.user_locked_out", "login", {}, "not_locked", "unlock-logins"),
	("portal.office_locked_out", "login", {"user": USER, "address": "192.0.2.44"}, "not_locked", "unlock-logins"),
	("portal.night_shift", "login", {}, "at_allowed_hour", "clear-login-hours"),
	("portal.address_moved", "login", {}, "from_allowed_address", "mend-ip-restrictions"),
	("portal.disabled_user_tries", "login", {}, "enabled", "enable-users"),
	("portal.user_without_role", "login", {}, "has_password", "send-reset-links"),
	("portal.kept_out_of_desk", "login", {}, "gets_to_desk", "work-out-user-types"),
	("portal.no_way_to_log_in", "login", {"user": USER}, "site_is_open", "allow-password-login"),
	("portal.two_factor_no_telephone", "login", {}, "second_factor", ""),
	("portal.two_factor_secrets_closed", "login", {}, "second_factor", "reset-second-factors"),
	("portal.two_factor_app_not_set_up", "login", {}, "second_factor", "choose-default-account"),
	("scheduler.maintenance_on_one_site", "login", {"user": USER}, "site_is_open", "leave-maintenance"),
	("email.stuck_in_sending", "email", {}, "not_stuck", "release-stuck-emails"),
	("email.attempts_used_up", "email", {}, "last_attempt", "retry-failed-mails"),
	("email.recipients_unknown", "email", {}, "last_attempt", "retry-failed-mails"),
	("email.greylisted", "email", {}, "last_attempt", "give-mails-their-attempts-back"),
	("email.nobody_empties_the_queue", "email", {}, "flushed", "empty-mail-queue"),
	("imports.broke_off_at_once", "import", {}, "ended", "start-import"),
	("imports.broke_off_in_the_middle", "import", {}, "ended", "resume-import"),
	("imports.every_row_failed", "import", {}, "rows_are_in", "retry-failed-rows"),
	("imports.file_document_gone", "import", {}, "has_file", "give-imports-their-file-back"),
	("imports.file_gone_from_disk", "import", {}, "has_file", "attach-import-file"),
	("imports.job_failed_at_once", "import", {}, "began", "start-import"),
	("imports.never_started", "import", {}, "began", "start-import"),
	("imports.ran_out_of_time", "import", {}, "ended", "resume-import"),
	("imports.some_rows_failed", "import", {}, "rows_are_in", "retry-failed-rows"),
	("imports.waits_for_a_worker", "import", {}, "began", "more-workers"),
	("imports.warnings_hold_it_up", "import", {}, "accepted", "clear-import-warnings"),
	("imports.worker_killed", "import", {}, "ended", "resume-import"),
	("imports.bank_rows_failed", "import", {"doctype": "Bank Statement Import"}, "rows_are_in", "retry-failed-rows"),
	("jobs.no_worker", "job", {"about": FLUSH}, "served", "restart-workers"),
	("jobs.workers_suspended", "job", {"about": FLUSH}, "served", "resume-workers"),
	("jobs.scheduled_job_blocked", "job", {"about": "$method"}, "not_blocked", "unblock-scheduled-jobs"),
	("jobs.scheduled_job_blocked_by_dead_run", "job", {"about": "$method"}, "not_blocked", "unblock-scheduled-jobs"),
	("jobs.worker_killed_in_a_job", "job", {"about": "$job half-done"}, "at_work", "release-abandoned-jobs"),
	("jobs.jobs_held_back", "job", {"about": "$job held-1"}, "at_work", "bring-jobs-back"),
	("scheduler.mail_stopped_by_hand", "job", {"about": FLUSH}, "switched_on", "start-stopped-jobs"),
	("scheduler.not_enabled", "job", {"about": FLUSH}, "scheduler_runs", "enable-scheduler"),
	("scheduler.one_job_overdue", "job", {"about": "$method"}, "due", "run-overdue-jobs"),
	("sepa.returns_with_reasons", "payment", {"doctype": "Sales Invoice"}, "not_returned", ""),
	("sepa.mandate_cancelled_after_batch", "payment", {"doctype": "Sales Invoice"}, "has_mandate", "enter-a-mandate"),
	("sepa.iban_digit_mistyped", "payment", {"doctype": "SEPA Mandate"}, "account", "correct-an-iban"),
	("sepa.mandate_expired_but_active", "payment", {"doctype": "SEPA Mandate"}, "has_mandate", "end-expired-mandates"),
	("sepa.invoice_in_no_batch", "payment", {"doctype": "Sales Invoice"}, "in_batch", "collect-forgotten-invoices"),
	("sepa.batch_stuck_in_generated", "payment", {"doctype": "Direct Debit Batch"}, "batch_sent", "hand-in-direct-debit-batch"),
	("sepa.batch_failed_holds_invoices", "payment", {"doctype": "Direct Debit Batch"}, "batch_sent", "release-direct-debit-batch"),
	("sepa.draft_batch_past_its_date", "payment", {"doctype": "Direct Debit Batch"}, "batch_sent", "move-collection-date"),
	("payments.payments_to_match", "payment", {"doctype": "Bank Transaction"}, "matched", "match-bank-lines"),
	("payments.bank_lines_wait", "payment", {"doctype": "Bank Transaction"}, "matched", "propose-matches-for-bank-lines"),
	("payments.money_left_on_a_payment", "payment", {"doctype": "Payment Entry"}, "allocated", "settle-mismatched-payments"),
]  # fmt: skip
SUBJECT = {"login": "user", "email": "about", "import": "name", "payment": "name", "job": "about"}


def ask(site: SampleSite, question: str, given: dict[str, str]) -> Answer:
	now = site.bench.now
	kind = whys_in()[question]
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return kind(opened, kind.read(given)).answer()


def told(answer: Answer) -> str:
	return "\n".join(
		f"{step.id} {step.verdict}: {step.answer} {dict(step.evidence)}" for step in answer.steps
	)


Broken = tuple[Answer, str, str]


def subject_of(site: SampleSite, fault: str, question: str, given: dict[str, str]) -> dict[str, str]:
	"""Whom or what to ask about: what the case names, else what the fault or its check does."""
	found = all_faults()[fault]
	name = given.get(SUBJECT[question], "")
	if name.startswith("$job "):
		name = site.job_id(name.removeprefix("$job "))
	elif name == "$method":
		name = importlib.import_module(f"tests.faults.{fault}").METHOD
	elif not name and found.subjects:
		name = found.subjects[0]
	elif not name:
		subjects = [
			subject for finding in look_at(site, found.check).findings for subject in finding.subjects
		]
		name = next(subject.name for subject in subjects if subject.doctype == given["doctype"])
	return {**given, SUBJECT[question]: name}


@pytest.fixture(params=BROKEN, ids=lambda case: f"{case[1]}-{case[0]}")
def broken(request: pytest.FixtureRequest, samples: Samples) -> Broken:
	fault, question, given, step, runbook = request.param
	site = samples.site("sqlite")
	all_faults()[fault].breaks(site)
	return ask(site, question, subject_of(site, fault, question, given)), step, runbook


def test_the_cause_is_named_and_a_repair_is_offered(broken: Broken) -> None:
	answer, step, runbook = broken
	assert answer.verdict is Verdict.BLOCKED, told(answer)
	assert answer.cause is not None
	assert answer.cause.id == step, told(answer)
	assert not runbook or runbook in [repair.runbook for repair in answer.cause.repairs], told(answer)
	assert "{" not in answer.as_dict()["sentence"], "a name was not filled in"


def test_what_is_offered_can_be_run(broken: Broken) -> None:
	for repair in broken[0].repairs:
		known = runbook_as_dict(find_runbook(repair.runbook), all_actions())
		names = {parameter["name"] for parameter in known["parameters"]}
		assert set(repair.parameters) <= names, repair


def test_no_step_fails_and_every_text_is_filled_in(broken: Broken) -> None:
	for step in broken[0].as_dict()["steps"]:
		assert "step itself failed" not in step["answer"], step
		assert step["question"].endswith("?")
		assert "{" not in step["answer"] + step["remedy"], step


class TestHealthy:
	"""Subjects with which all is well."""

	def test_a_user_who_can_log_in(self, site: SampleSite) -> None:
		site.set_password("User", USER, "secret")
		answer = ask(site, "login", {"user": USER})
		assert answer.verdict is Verdict.OK, told(answer)
		assert "with the right password they get in" in answer.sentence()

	def test_a_job_that_is_not_due(self, site: SampleSite) -> None:
		answer = ask(site, "job", {"about": FLUSH})
		assert answer.verdict is Verdict.OK, told(answer)
		assert "runs when it is due" in answer.sentence()

	def test_a_mail_that_was_sent(self, site: SampleSite) -> None:
		queue(site, "arrived", status="Sent", minutes=30, sent=("a@example.com",))
		answer = ask(site, "email", {"about": "arrived"})
		assert answer.verdict is Verdict.OK, told(answer)
		assert "unwanted mail" in answer.sentence()
		assert ask(site, "email", {"about": "a@example.com"}).verdict is Verdict.OK

	def test_an_import_that_is_done(self, site: SampleSite) -> None:
		name = str(site.rows("Data Import", {"status": "Success"})[0]["name"])
		answer = ask(site, "import", {"name": name})
		assert answer.verdict is Verdict.OK, told(answer)
		assert "did not fail" in answer.sentence()

	def test_an_invoice_that_was_paid(self, site: SampleSite) -> None:
		answer = ask(site, "payment", {"doctype": "Sales Invoice", "name": sepa.invoice_name(site, 1)})
		assert answer.verdict is Verdict.OK, told(answer)
		assert "it was paid" in answer.sentence()


def test_a_job_may_be_named_without_its_site(site: SampleSite) -> None:
	full = site.add_job("long", job_id="report-1")
	for name in (full, "report-1"):
		assert ask(site, "job", {"about": name}).steps[1].verdict is Verdict.OK


class TestWhatIsNotKnown:
	def test_without_redis_a_job_has_its_cause_and_the_rest_is_unknown(self, site: SampleSite) -> None:
		site.bench.set_common_config(redis_queue="redis://127.0.0.1:9")
		answer = ask(site, "job", {"about": FLUSH})
		assert answer.cause is not None
		assert answer.cause.id == "queue_answers"
		assert "start-redis" in [repair.runbook for repair in answer.cause.repairs], told(answer)
		verdicts = {step.id: step.verdict for step in answer.steps}
		assert (verdicts["exists"], verdicts["served"]) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
		assert verdicts["switched_on"] is Verdict.OK

	def test_without_a_database_nothing_is_called_fine(self, site: SampleSite) -> None:
		site.set_config(db_name="not-there")
		for question, given in (
			("login", {"user": USER}),
			("email", {"about": "x"}),
			("import", {"name": "x"}),
			("payment", {"doctype": "Sales Invoice", "name": "x"}),
			("job", {"about": FLUSH}),
		):
			answer = ask(site, question, given)
			assert answer.verdict in (Verdict.BLOCKED, Verdict.UNKNOWN), told(answer)
			assert "step itself failed" not in told(answer), told(answer)

	def test_what_does_not_exist_ends_the_chain(self, site: SampleSite) -> None:
		for question, given in (
			("login", {"user": "nobody@example.org"}),
			("email", {"about": "nobody@example.org"}),
			("import", {"name": "nothing"}),
			("payment", {"doctype": "Sales Invoice", "name": "nothing"}),
			("job", {"about": "nothing"}),
		):
			answer = ask(site, question, given)
			assert answer.cause is answer.steps[-1], told(answer)

	def test_a_doctype_that_no_profile_knows_is_skipped(self, site: SampleSite) -> None:
		answer = ask(site, "payment", {"doctype": "ToDo", "name": "x"})
		assert answer.verdict is Verdict.SKIPPED
		assert "No SEPA profile" in answer.sentence()
		assert "Sales Invoice" in answer.sentence()


def test_no_answer_holds_an_iban_or_a_secret(site: SampleSite) -> None:
	all_faults()["sepa.iban_digit_mistyped"].breaks(site)
	(name, *_rest) = all_faults()["sepa.iban_digit_mistyped"].subjects
	text = json.dumps(ask(site, "payment", {"doctype": "SEPA Mandate", "name": name}).as_dict())
	iban = str(site.rows("SEPA Mandate", {"name": name})[0]["iban"])
	assert iban not in text
	assert iban[-4:] in text


def test_only_what_is_asked_for_is_taken(site: SampleSite) -> None:
	for question, given in (
		("login", {}),
		("login", {"user": "x", "shoe": "1"}),
		("login", {"user": "x" * 501}),
	):
		with pytest.raises(UsageError):
			ask(site, question, given)
	with pytest.raises(UsageError, match="none of what"):
		ask(site, "import", {"name": "x", "doctype": "User"})


def test_a_step_that_fails_is_unknown(site: SampleSite) -> None:
	class Broken(Why):
		id, title, question = "broken", "Broken?", "Broken?"

		@asks("Is it?")
		def first(self) -> Step:
			raise KeyError("{x}")

	with open_site(site.bench.folder, site.name) as opened:
		answer = Broken(opened, {}).answer()
	assert answer.verdict is Verdict.UNKNOWN
	assert "fault of the console" in answer.steps[0].remedy
	assert "KeyError" in answer.as_dict()["steps"][0]["answer"]


@pytest.mark.parametrize("kind", list(whys_in().values()), ids=lambda kind: kind.id)
def test_a_troubleshooter_is_one_question_that_states_its_cost(kind: type[Why]) -> None:
	assert kind.title.endswith("?")
	assert "Cost:" in (kind.__doc__ or "")
	assert len(kind.steps()) > 4
	assert all(method.__dict__["question"].endswith("?") for _name, method in kind.steps())
