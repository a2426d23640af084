"""One call to a web address, against real servers on loopback."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recovery_console.core.errors import UsageError
from recovery_console.core.posting import asked_wait, post, validated
from recovery_console.core.times import UTC
from tests.support.services.process import free_port
from tests.support.services.receiver import Answer, Receiver
from tests.support.services.tls import TlsServer

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_what_is_taken_is_no_failure() -> None:
	with Receiver() as receiver:
		assert post(f"{receiver.url}/hook?x=1", b"{}", {"X-Recovery-Notice": "n1"}, NOW) is None
		[call] = receiver.calls
	assert (call.path, call.body, call.headers["X-Recovery-Notice"]) == ("/hook?x=1", b"{}", "n1")


@pytest.mark.parametrize(
	("status", "again"),
	[
		(400, False),
		(401, False),
		(404, False),
		(408, True),
		(410, False),
		(429, True),
		(500, True),
		(503, True),
	],
)
def test_who_says_4xx_is_not_asked_again_and_who_is_busy_is(status: int, again: bool) -> None:
	with Receiver(Answer(status, text="password=hunter2 no such hook")) as receiver:
		failure = post(receiver.url, b"", {}, NOW)
	assert failure is not None
	assert (failure.again, failure.uncertain) == (again, False)
	assert str(status) in failure.reason
	assert "no such hook" in failure.reason
	assert "hunter2" not in failure.reason


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_to_another_place(status: int) -> None:
	with Receiver() as other, Receiver(Answer(status, {"Location": f"{other.url}/stolen"})) as receiver:
		failure = post(receiver.url, b"signed", {}, NOW)
		assert failure is not None
		assert not failure.again
		assert other.calls == []


def test_who_does_not_answer_may_have_taken_it() -> None:
	with Receiver(Answer(hang=True)) as receiver:
		failure = post(receiver.url, b"", {}, NOW, seconds=0.3)
		assert failure is not None
		assert (failure.again, failure.uncertain) == (True, True)
		assert "did not answer in time" in failure.reason


def test_who_refuses_the_connection_has_not() -> None:
	failure = post(f"http://127.0.0.1:{free_port()}/", b"", {}, NOW)
	assert failure is not None
	assert (failure.again, failure.uncertain) == (True, False)
	assert "refuses" in failure.reason


def test_a_certificate_that_nobody_trusts_is_not_trusted_here(tmp_path: Path) -> None:
	server = TlsServer(tmp_path, days=30).start()
	try:
		failure = post(f"https://localhost:{server.port}/", b"", {}, NOW)
	finally:
		server.stop()
	assert failure is not None
	assert (failure.again, failure.uncertain) == (True, False)
	assert "certificate" in failure.reason


def test_who_answers_nonsense_or_hangs_up_may_have_taken_it() -> None:
	with socket.create_server(("127.0.0.1", 0)) as listener:
		import threading

		def nonsense() -> None:
			connection, _address = listener.accept()
			with connection:
				connection.recv(1000)
				connection.sendall(b"what do you want?\r\n\r\n")

		thread = threading.Thread(target=nonsense)
		thread.start()
		failure = post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {}, NOW)
		thread.join()
	assert failure is not None
	assert (failure.again, failure.uncertain) == (True, True)


@pytest.mark.parametrize(
	"url",
	[
		"",
		"ftp://a/b",
		"file:///etc/passwd",
		"http://",
		"https:///x",
		"http://a b/",
		"http://u:p@host/",
		"http://h:99999/",
		"http://a\r\nX: y/",
	],
)
def test_what_cannot_be_called_is_refused_and_never_tried(url: str) -> None:
	with pytest.raises(UsageError):
		validated(url)
	failure = post(url, b"", {}, NOW)
	assert failure is not None
	assert not failure.again


@pytest.mark.parametrize(
	("said", "wait"),
	[
		("120", timedelta(seconds=120)),
		("Sun, 22 Nov 2026 10:05:00 GMT", timedelta(minutes=5)),
		("Sun, 22 Nov 2026 09:00:00 GMT", timedelta(0)),
		("soon", None),
		("", None),
		(None, None),
	],
)
def test_a_receiver_says_when_to_come_again(said: str | None, wait: timedelta | None) -> None:
	assert asked_wait(said, NOW) == wait


def test_telegram_says_it_in_its_text() -> None:
	text = '{"ok":false,"error_code":429,"parameters":{"retry_after": 35}}'
	with Receiver(Answer(429, text=text)) as receiver:
		failure = post(receiver.url, b"", {}, NOW)
	assert failure is not None
	assert failure.wait == timedelta(seconds=35)
