"""The probe of mail servers, against real ones on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.backends.smtp import SmtpAccount, SmtpAnswer, probe
from tests.support.services import free_port
from tests.support.services.smtp import Behaviour, SmtpServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpServer]:
	with SmtpServer(tmp_path / "smtp", users={"office": "right"}) as running:
		yield running


def account(server: SmtpServer, *, password: str = "right", **values: bool) -> SmtpAccount:
	return SmtpAccount(server.host, server.port, user="office", password=password, **values)


def test_a_server_that_lets_us_in(server: SmtpServer) -> None:
	assert probe(account(server)) == SmtpAnswer()
	assert server.messages == []


def test_a_wrong_password(server: SmtpServer) -> None:
	answer = probe(account(server, password="wrong"))
	assert (answer.failed_step, answer.kind) == ("login", "credentials")
	assert answer.detail.startswith("535 ")
	assert "wrong" not in answer.detail


def test_without_a_password_nobody_logs_in(server: SmtpServer) -> None:
	assert probe(account(server, password="")) == SmtpAnswer()


def test_nobody_listens() -> None:
	answer = probe(SmtpAccount("127.0.0.1", free_port()))
	assert (answer.failed_step, answer.kind) == ("connect", "refused")


@pytest.mark.parametrize(("host", "port"), [("mail.invalid", 25), ("a" * 70 + ".example", 25)])
def test_a_name_without_an_address(host: str, port: int) -> None:
	answer = probe(SmtpAccount(host, port))
	assert (answer.failed_step, answer.kind) == ("connect", "name")


def test_a_port_that_is_none() -> None:
	answer = probe(SmtpAccount("127.0.0.1", 99_999))
	assert (answer.failed_step, answer.kind) == ("connect", "address")


@pytest.mark.parametrize(("behaviour", "kind"), [("drop", "server"), ("silent", "timeout")])
def test_a_server_that_falls_silent(server: SmtpServer, behaviour: Behaviour, kind: str) -> None:
	server.behaviour = behaviour
	answer = probe(account(server), seconds=0.5)
	assert (answer.failed_step, answer.kind) == ("login", kind)


def test_no_encryption_where_it_is_asked_for(server: SmtpServer) -> None:
	starttls = probe(account(server, starttls=True))
	assert (starttls.failed_step, starttls.kind) == ("encrypt", "unsupported")
	tls = probe(account(server, tls=True), seconds=1)
	assert tls.failed_step == "encrypt"
	assert tls.kind == "tls"


def test_a_certificate_that_nobody_vouches_for_does_not_stop_frappe(tmp_path: Path) -> None:
	with SmtpServer(tmp_path / "smtp", users={"office": "right"}, starttls=True) as server:
		good = probe(account(server, starttls=True))
		bad = probe(account(server, starttls=True, password="wrong"))
	assert (good.failed_step, bad.failed_step, bad.kind) == ("", "login", "credentials")
	assert "self" in good.certificate
	assert good.certificate == bad.certificate


def test_the_password_is_in_no_representation(server: SmtpServer) -> None:
	assert "right" not in repr(account(server))
