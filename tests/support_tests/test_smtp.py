"""The SMTP server does what it is told."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path

import pytest

from tests.support.services import SmtpServer

MESSAGE = "From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nhello\r\n"


def send(server: SmtpServer, password: str = "right") -> None:
	with smtplib.SMTP(server.host, server.port, timeout=5) as client:
		client.login("me", password)
		client.sendmail("a@example.org", ["b@example.org"], MESSAGE)


def test_takes_mail(tmp_path: Path) -> None:
	with SmtpServer(tmp_path, users={"me": "right"}) as server:
		send(server)
		assert b"hello" in server.messages[0]
		with pytest.raises(smtplib.SMTPAuthenticationError):
			send(server, "wrong")


def test_refuses_as_told(tmp_path: Path) -> None:
	with SmtpServer(tmp_path) as server:
		server.behaviour = "refuse login"
		with pytest.raises(smtplib.SMTPAuthenticationError) as login:
			send(server)
		assert login.value.smtp_code == 535
		server.behaviour = "refuse recipient"
		with pytest.raises(smtplib.SMTPRecipientsRefused) as recipient:
			send(server)
		assert recipient.value.recipients["b@example.org"][0] == 550
		server.behaviour = "greylist"
		with pytest.raises(smtplib.SMTPRecipientsRefused) as later:
			send(server)
		assert later.value.recipients["b@example.org"][0] == 451
		server.behaviour = "drop"
		with pytest.raises(smtplib.SMTPServerDisconnected):
			send(server)


def test_starttls(tmp_path: Path) -> None:
	with SmtpServer(tmp_path, starttls=True) as server:
		context = ssl.create_default_context(cafile=str(server.certificate))
		with smtplib.SMTP(server.host, server.port, timeout=5) as client:
			client.starttls(context=context)
			client.login("me", "right")
			client.sendmail("a@example.org", ["b@example.org"], MESSAGE)
		assert server.messages


def test_starts_again_on_the_same_port(tmp_path: Path) -> None:
	server = SmtpServer(tmp_path).start()
	port = server.port
	server.stop()
	with pytest.raises(ConnectionRefusedError):
		send(server)
	server.start()
	send(server)
	server.stop()
	assert server.port == port
