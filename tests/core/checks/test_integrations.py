"""The integrations family: limits to the very number, what is not told, and services that do not answer."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from recovery_console.core.backends import network
from recovery_console.core.finding import Status
from recovery_console.core.report import Report
from tests.conftest import look_at
from tests.faults.integrations._help import WEBHOOK, add_consent, bot, call_webhook, request
from tests.support.sample import SampleSite
from tests.support.services import TlsServer, free_port
from tests.support.thresholds import set_threshold


def status(report: Report) -> Status:
	(result,) = report.results
	return result.status


def test_nothing_is_well_without_the_database(site: SampleSite) -> None:
	site.set_config(db_name="gone")
	statuses = {
		result.check.id: result.status for result in look_at(site, families=("integrations",)).results
	}
	assert statuses.pop("integrations.rate_limit") is Status.SKIPPED  # it asks no database
	assert set(statuses.values()) == {Status.UNKNOWN}, statuses


# -- webhooks


def test_a_webhook_of_which_one_call_arrived_is_not_dead(site: SampleSite) -> None:
	for number in range(12):
		call_webhook(site, f"document {number}")
	call_webhook(site, "another", error="")
	assert status(look_at(site, "integrations.webhooks")) is Status.WARNING


def test_a_delivery_at_the_very_moment_of_the_failure_counts(site: SampleSite) -> None:
	call_webhook(site, "Eva Bos", hours=2)
	call_webhook(site, "Eva Bos", error="", hours=2)
	assert status(look_at(site, "integrations.webhooks")) is Status.OK


@pytest.mark.parametrize(
	("error", "reason"),
	[
		(
			"requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://x/?key=abc",
			"HTTP 404",
		),
		("Traceback\nrequests.exceptions.ConnectionError: HTTPSConnectionPool(host='x')", "ConnectionError"),
		("socket.timeout", "without a reason that is known"),
		("TimeoutError", "TimeoutError"),
	],
)
def test_the_reason_is_told_and_not_the_address(site: SampleSite, error: str, reason: str) -> None:
	call_webhook(site, "Eva Bos", error)
	report = look_at(site, "integrations.webhooks")
	assert report.findings[0].evidence["reason"] == reason
	assert "key=abc" not in report.to_json()


@pytest.mark.parametrize(
	("url", "dynamic", "expected"),
	[
		("https://hooks.example.org/a", 0, Status.OK),
		("http://[half", 0, Status.WARNING),
		("ftp://hooks.example.org", 0, Status.WARNING),
		("{{ doc.url }}", 1, Status.OK),
	],
)
def test_addresses_of_webhooks(site: SampleSite, url: str, dynamic: int, expected: Status) -> None:
	site.update("Webhook", WEBHOOK, request_url=url, is_dynamic_url=dynamic)
	assert status(look_at(site, "integrations.webhook_setup")) is expected


# -- requests and banks


@pytest.mark.parametrize(
	("failed", "completed", "expected"),
	[(4, 0, Status.INFO), (5, 20, Status.WARNING), (5, 21, Status.INFO), (0, 5, Status.OK)],
)
def test_failed_requests(site: SampleSite, failed: int, completed: int, expected: Status) -> None:
	request(site, "GoCardless", "Failed", failed)
	request(site, "GoCardless", "Completed", completed)
	assert status(look_at(site, "integrations.requests")) is expected


def test_consents_do_not_matter_while_the_feed_is_off(site: SampleSite) -> None:
	add_consent(site, "Bank TRIO-One", site.days_ago(3), enabled=False)
	assert status(look_at(site, "integrations.bank_consent")) is Status.SKIPPED


def test_a_site_without_ldap_is_not_asked_about_it(site: SampleSite) -> None:
	assert status(look_at(site, "integrations.ldap")) is Status.SKIPPED


# -- other machines


def test_a_site_without_domains_has_no_certificates_to_look_at(site: SampleSite) -> None:
	site.set_config(host_name="http://erp.example.org", domains=[{"no": "name"}, 3, "bad]["])
	assert status(look_at(site, "integrations.certificates")) is Status.SKIPPED


def test_a_domain_that_refuses_is_not_well(site: SampleSite) -> None:
	site.set_config(host_name=f"https://localhost:{free_port()}")
	(finding,) = look_at(site, "integrations.certificates").findings
	assert finding.evidence["reason"] == "the connection was refused"


def test_a_name_that_leads_nowhere(site: SampleSite) -> None:
	site.update("Webhook", WEBHOOK, request_url="https://hooks.invalid/contact")
	(finding,) = look_at(site, "integrations.reachability").findings
	assert finding.fingerprint == "integrations.reachability:name"


def test_a_service_that_answers_is_well(site: SampleSite) -> None:
	with socket.create_server(("127.0.0.1", 0)) as server:
		site.update("Webhook", WEBHOOK, request_url=f"http://127.0.0.1:{server.getsockname()[1]}/contact")
		assert status(look_at(site, "integrations.reachability")) is Status.OK


def test_a_certificate_that_is_trusted_is_well(
	site: SampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	with TlsServer(tmp_path, days=22) as server:
		monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
		site.set_config(domains=["localhost"])
		set_threshold(site, "integrations.certificates", port=server.port)
		assert status(look_at(site, "integrations.certificates")) is Status.OK


def test_a_certificate_for_another_name_is_distrusted(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	with TlsServer(tmp_path, days=22, name="other.example.org") as server:
		monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
		shown = network.certificate("localhost", server.port)
	assert shown.expires is not None
	assert "localhost" in shown.distrust


def test_what_does_not_encrypt_shows_no_certificate() -> None:
	with socket.create_server(("127.0.0.1", 0)) as server:
		assert network.certificate("127.0.0.1", server.getsockname()[1], seconds=0.2).failed == "timeout"


# -- the chat bot


def test_a_bot_that_gets_its_messages_is_well_and_its_token_stays_here(site: SampleSite) -> None:
	bot(site, url="https://erp.example.org/bot", pending_update_count=20, last_error_date=1)
	report = look_at(site, "integrations.chat_bot")
	assert status(report) is Status.OK
	assert "Ab3_-" not in report.to_json()


def test_a_service_that_talks_nonsense_is_unknown(site: SampleSite) -> None:
	bot(site, status=500)
	report = look_at(site, "integrations.chat_bot")
	assert status(report) is Status.UNKNOWN
	assert "Ab3_-" not in report.to_json()


# -- the limit on requests


@pytest.mark.parametrize(
	("limits", "expected"),
	[
		({"limit": 600, "window": 3600}, Status.OK),
		({"limit": 0.5, "window": 60}, Status.OK),
		({"limit": "600", "window": 3600}, Status.CRITICAL),
		([600, 3600], Status.CRITICAL),
		({}, Status.SKIPPED),
	],
)
def test_forms_of_the_limit_on_requests(site: SampleSite, limits: object, expected: Status) -> None:
	site.set_config(rate_limit=limits)
	assert status(look_at(site, "integrations.rate_limit")) is expected
