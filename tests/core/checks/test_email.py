"""Boundaries of the email checks that no fault covers, and what they must never give away."""

from __future__ import annotations

import json
import pickle
import time
from datetime import timedelta
from pathlib import Path

import pytest

from recovery_console.core.checks.email._failures import cause_of
from recovery_console.core.checks.email.incoming_stopped import pickled_number
from recovery_console.core.finding import Finding, Status
from recovery_console.core.registry import select_checks
from recovery_console.core.report import Report
from tests.conftest import Samples, look_at
from tests.faults.email import _mail as mail
from tests.support.fill.email import ACCOUNT, PASSWORD
from tests.support.sample import SampleSite

SECOND = 1 / 60


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


@pytest.mark.parametrize(("minutes", "stuck"), [(15, 0), (15 + SECOND, 1)])
def test_a_mail_is_stuck_after_fifteen_minutes(any_site: SampleSite, minutes: float, stuck: int) -> None:
	mail.queue(any_site, "sending", status="Sending", minutes=minutes)
	assert len(said(look_at(any_site, "email.stuck_sending"))) == stuck


def test_a_mailing_that_still_reaches_recipients_is_not_stuck(any_site: SampleSite) -> None:
	mail.queue(any_site, "mailing", "b@example.com", sent=("a@example.com",), status="Sending", minutes=40)
	any_site.update("Email Queue Recipient", {"recipient": "a@example.com"}, modified=any_site.minutes_ago(2))
	mail.queue(any_site, "stuck", "d@example.com", sent=("c@example.com",), status="Sending", minutes=90)
	(finding,) = said(look_at(any_site, "email.stuck_sending"))
	assert [subject.name for subject in finding.subjects] == ["stuck"]
	expected = {"recipients_sent": 1, "recipients_waiting": 1, "partially_sent": 1}
	assert {key: finding.evidence[key] for key in expected} == expected
	assert finding.evidence["oldest"] == any_site.utc(any_site.minutes_ago(90))


@pytest.mark.parametrize(("minutes", "found"), [(30, 0), (30 + SECOND, 1)])
def test_a_mail_starves_after_half_an_hour(any_site: SampleSite, minutes: float, found: int) -> None:
	mail.queue(any_site, "waits", minutes=minutes)
	assert len(said(look_at(any_site, "email.starving"))) == found


def test_two_mails_to_be_tried_again_are_no_news(site: SampleSite) -> None:
	for number in range(2):
		mail.queue(site, f"later{number}", retry=1, error=mail.REFUSED_LOGIN, minutes=10)
	assert said(look_at(site, "email.retrying")) == []


@pytest.mark.parametrize(("hours", "severity"), [(24, "critical"), (24.01, "warning")])
def test_mails_that_were_given_up_long_ago_are_no_alarm(
	site: SampleSite, hours: float, severity: str
) -> None:
	mail.queue(site, "lost", status="Error", retry=3, error=mail.REFUSED_LOGIN, minutes=60 * hours)
	assert [finding.severity.value for finding in said(look_at(site, "email.given_up"))] == [severity]


def test_each_cause_of_giving_up_is_a_finding_of_its_own(site: SampleSite) -> None:
	mail.queue(site, "login", status="Error", retry=3, error=mail.REFUSED_LOGIN)
	mail.queue(site, "connection", status="Error", retry=3, error=mail.REFUSED_CONNECTION)
	assert {finding.fingerprint for finding in said(look_at(site, "email.given_up"))} == {
		"email.given_up:InvalidEmailCredentials 535",
		"email.given_up:ConnectionRefusedError",
	}


@pytest.mark.parametrize(
	("text", "label"),
	[
		(mail.REFUSED_LOGIN, "InvalidEmailCredentials 535"),
		(mail.REFUSED_CONNECTION, "ConnectionRefusedError"),
		(mail.refused_recipient("a@example.com"), "SMTPRecipientsRefused 550"),
		(mail.refused_recipient("a@example.com", 451, "4.7.1 Greylisted"), "SMTPRecipientsRefused 451"),
		("socket.gaierror: [Errno -2] Name or service not known", "gaierror"),
		("smtplib.SMTPServerDisconnected: Connection unexpectedly closed", "SMTPServerDisconnected"),
		("no traceback at all", "Unknown"),
		("", "Unknown"),
	],
)
def test_the_cause_is_read_from_the_end_of_a_traceback(text: str, label: str) -> None:
	assert cause_of(text).label == label


def test_a_domain_is_not_blamed_where_no_other_is_served(site: SampleSite) -> None:
	site.delete("Email Queue Recipient")
	for number in range(6):
		address = f"member{number}@blocked.example"
		error = mail.refused_recipient(address)
		mail.queue(site, f"blocked{number}", address, status="Error", retry=3, error=error)
	assert said(look_at(site, "email.recipient_domains")) == []


def test_the_recipient_that_was_refused_is_blamed_not_the_others_of_the_mail(site: SampleSite) -> None:
	for number in range(5):
		bad = f"member{number}@blocked.example"
		error = mail.refused_recipient(bad)
		mail.queue(site, f"two{number}", "x@fine.example", bad, status="Error", retry=3, error=error)
	assert [finding.evidence["domain"] for finding in said(look_at(site, "email.recipient_domains"))] == [
		"blocked.example"
	]


# -- accounts


def test_an_account_in_site_config_counts(site: SampleSite) -> None:
	site.delete("Email Account")
	server = mail.use_server(site)
	site.set_config(
		mail_server=server.host,
		mail_port=server.port,
		mail_login="office@example.org",
		mail_password="secret",
	)
	ids = ("email.outgoing_account", "email.account_login", "email.smtp_probe")
	assert [result.status for result in look_at(site, *ids).results] == [Status.OK] * 3


def test_a_muted_site_needs_no_account(site: SampleSite) -> None:
	site.delete("Email Account")
	site.set_config(mute_emails=1)
	assert said(look_at(site, "email.outgoing_account")) == []
	(finding,) = said(look_at(site, "email.switched_off"))
	assert finding.severity.value == "info"


def test_frappe_mail_needs_no_mail_server(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, service="Frappe Mail", smtp_server="", api_key="key")
	site.set_password("Email Account", ACCOUNT, "secret", fieldname="api_secret")
	assert said(look_at(site, "email.outgoing_account", "email.account_login", "email.smtp_probe")) == []


def test_a_server_without_log_in_needs_no_password(site: SampleSite) -> None:
	site.delete("__Auth", {"doctype": "Email Account", "name": ACCOUNT})
	site.update("Email Account", ACCOUNT, no_smtp_authentication=1)
	assert said(look_at(site, "email.account_login")) == []


def test_no_key_is_ever_made(site: SampleSite) -> None:
	site.unset_config("encryption_key")
	look_at(site, "email.account_login", "email.smtp_probe")
	assert "encryption_key" not in site.config()


def test_an_app_that_fetches_its_own_token_needs_none(site: SampleSite) -> None:
	site.update(
		"Email Account", ACCOUNT, auth_method="OAuth", connected_app="app1", backend_app_flow=1, password=None
	)
	assert said(look_at(site, "email.oauth")) == []


def test_an_expired_token_that_can_be_renewed_is_well(site: SampleSite) -> None:
	site.insert("Token Cache", name="app1-Administrator", expires_in=3600, modified=site.hours_ago(9))
	for field in ("access_token", "refresh_token"):
		site.set_password("Token Cache", "app1-Administrator", "a token", fieldname=field)
	site.update(
		"Email Account", ACCOUNT, auth_method="OAuth", connected_app="app1", connected_user="Administrator"
	)
	assert said(look_at(site, "email.oauth")) == []


@pytest.mark.parametrize(("failed", "found"), [(2, 0), (3, 1)])
def test_a_few_failures_to_fetch_are_no_news(site: SampleSite, failed: int, found: int) -> None:
	site.update("Email Account", ACCOUNT, enable_incoming=1)
	site.cache.set(site.cache_key(f"{ACCOUNT}:email-account-failed-attempts"), pickle.dumps(failed))
	assert len(said(look_at(site, "email.incoming_stopped"))) == found


def test_an_account_that_somebody_switched_off_is_left_alone(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, enable_incoming=0, email_server="imap.example.org")
	assert said(look_at(site, "email.incoming_stopped")) == []


class _Evil:
	def __init__(self, path: Path) -> None:
		self.path = path

	def __reduce__(self) -> tuple[object, ...]:
		return (Path.touch, (self.path,))


@pytest.mark.parametrize("number", [0, 1, 6, 255, 256, 70_000])
def test_a_counter_is_read_without_unpickling(number: int) -> None:
	for protocol in (2, 4, 5):
		assert pickled_number(pickle.dumps(number, protocol=protocol)) == number


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
	pickled_number(pickle.dumps(_Evil(tmp_path / "ran")))
	assert pickled_number(b"not a pickle") == 0
	assert not (tmp_path / "ran").exists()


# -- the mail server


def test_nobody_connects_while_no_mail_fails(site: SampleSite) -> None:
	mail.use_server(site, "silent")
	begun = time.monotonic()
	assert said(look_at(site, "email.server")) == []
	assert time.monotonic() - begun < 1


def test_a_server_that_does_not_answer_does_not_hold_the_diagnosis_up(site: SampleSite) -> None:
	mail.use_server(site, "silent")
	mail.queue(site, "waits", retry=1, error=mail.REFUSED_CONNECTION, minutes=5)
	(finding,) = said(look_at(site, "email.server"))
	assert (finding.evidence["step"], finding.evidence["kind"]) == ("login", "timeout")


def test_a_password_that_cannot_be_read_is_no_passed_test(site: SampleSite) -> None:
	mail.use_server(site)
	site.unset_config("encryption_key")
	(finding,) = said(look_at(site, "email.smtp_probe"))
	assert finding.severity.value == "critical"


# -- nothing leaks


def test_neither_passwords_nor_links_nor_keys_are_in_the_report(site: SampleSite) -> None:
	mail.use_server(site, "refuse login")
	key = "0123456789abcdef0123456789abcdef"
	text = mail.message("Password Reset", f"https://erp.example.org/update-password?key={key}")
	mail.queue(site, "reset", retry=1, error=mail.REFUSED_LOGIN, message=text, reference_doctype=None)
	ids = [check.id for check in select_checks(["email"])]
	report = json.dumps(look_at(site, *ids, "email.smtp_probe").as_dict())
	assert "email.login_mails" in report
	for secret in (PASSWORD, key, site.encryption_key):
		assert secret not in report


# -- sources that do not answer


def test_without_a_database_nothing_is_called_well(samples: Samples) -> None:
	site = samples.site("sqlite")
	(site.path / "db" / f"{site.db_name}.db").rename(site.path / "db" / "elsewhere")
	report = look_at(site, *(check.id for check in select_checks(["email", "imports"])))
	site.bench.restore()
	assert {result.status for result in report.results} == {Status.UNKNOWN}


def test_without_a_cache_it_is_unknown_whether_mail_is_fetched(site: SampleSite) -> None:
	site.update("Email Account", ACCOUNT, enable_incoming=1)
	site.bench.redis_cache.kill()
	(result,) = look_at(site, "email.incoming_stopped").results
	site.bench.restore()
	assert result.status is Status.UNKNOWN


def test_the_limits_are_those_that_the_guides_name() -> None:
	limits = {check.id: check.parameters() for check in select_checks(["email"])}
	assert limits["email.stuck_sending"]["older_than"] == timedelta(minutes=15)
	assert limits["email.given_up"]["window"] == timedelta(days=7)


def test_fingerprints_survive_redaction(site: SampleSite) -> None:
	site.unset_config("encryption_key")
	report = look_at(site, "email.account_login").as_dict()
	assert [finding["fingerprint"] for finding in report["checks"][0]["findings"]] == [
		"email.account_login:key"
	]
