"""What a troubleshooter must not say: that something stands in the way which does not, or that nothing does."""

from __future__ import annotations

import pytest

from recovery_console.core.why import Verdict
from tests.core.whys.test_whys import USER, ask, told
from tests.faults import all_faults
from tests.faults.email._mail import queue
from tests.faults.portal._help import add_user
from tests.faults.sepa import _data as sepa
from tests.support.fill.email import ACCOUNT
from tests.support.sample import SampleSite

OTHER = "Other Account"


def other_account(site: SampleSite, **values: object) -> None:
	(known,) = site.rows("Email Account", {"name": ACCOUNT})
	names = {"name": OTHER, "email_account_name": OTHER, "email_id": "other@example.org"}
	site.insert("Email Account", **{**known, **names, "default_outgoing": 0, **values})


def test_what_was_paid_needs_no_mandate(site: SampleSite) -> None:
	invoice = sepa.invoice_name(site, 1)
	for doctype in ("SEPA Mandate", "Direct Debit Batch Invoice"):
		site.delete(doctype)
	answer = ask(site, "payment", {"doctype": "Sales Invoice", "name": invoice})
	assert answer.verdict is Verdict.OK, told(answer)
	assert "it was paid" in answer.sentence()


class TestLogin:
	def test_who_gets_a_link_by_mail_is_not_told_that_there_is_no_way(self, site: SampleSite) -> None:
		add_user(site, "visitor@example.org")
		site.delete("__Auth", {"doctype": "User", "name": "visitor@example.org"})
		for link in (0, 1):
			site.set_single("System Settings", login_with_email_link=link)
			answer = ask(site, "login", {"user": "visitor@example.org"})
			assert answer.cause is not None
			assert answer.cause.id == "has_password", told(answer)
			assert ("link" in answer.sentence()) == bool(link)

	@pytest.mark.parametrize(
		("field", "value", "setting"),
		[
			("username", "anna", "allow_login_using_user_name"),
			("mobile_no", "0612345678", "allow_login_using_mobile_number"),
		],
	)
	def test_another_name_works_only_where_the_site_lets_it(
		self, site: SampleSite, field: str, value: str, setting: str
	) -> None:
		site.update("User", USER, **{field: value})
		site.set_password("User", USER, "secret")
		site.set_single("System Settings", **{setting: 0})
		answer = ask(site, "login", {"user": value})
		assert answer.cause is not None, told(answer)
		assert USER in answer.sentence()
		site.set_single("System Settings", **{setting: 1})
		assert ask(site, "login", {"user": value}).verdict is Verdict.OK


class TestMail:
	def test_another_account_is_not_its_cause(self, site: SampleSite) -> None:
		other_account(site, awaiting_password=1)
		mine, other = queue(site, "mine", minutes=2), queue(site, "other", minutes=2, email_account=OTHER)
		verdicts = {
			name: next(
				step.verdict for step in ask(site, "email", {"about": name}).steps if step.id == "has_account"
			)
			for name in (mine, other)
		}
		assert verdicts == {"mine": Verdict.OK, "other": Verdict.BLOCKED}

	def test_one_with_an_account_needs_no_default_account(self, site: SampleSite) -> None:
		all_faults()["email.no_default_account"].breaks(site)
		answer = ask(site, "email", {"about": queue(site, "mine", minutes=2)})
		step = next(step for step in answer.steps if step.id == "has_account")
		assert step.verdict is Verdict.OK, told(answer)
		answer = ask(site, "email", {"about": queue(site, "without", minutes=2, email_account=None)})
		assert answer.cause is not None
		assert answer.cause.id == "has_account", told(answer)


def test_a_jam_in_another_queue_is_not_the_cause(site: SampleSite) -> None:
	all_faults()["jobs.long_jam"].breaks(site)
	alone = site.add_job("short", enqueued_at=site.minutes_ago(4))
	jammed = site.add_job("default", enqueued_at=site.minutes_ago(4))
	verdicts = [
		next(step.verdict for step in ask(site, "job", {"about": job}).steps if step.id == "at_work")
		for job in (alone, jammed)
	]
	assert verdicts == [Verdict.OK, Verdict.BLOCKED]
