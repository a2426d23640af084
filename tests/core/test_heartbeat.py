"""The call to the watchman elsewhere, made to a real web server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from recovery_console.core.heartbeat import FAIL, NOT, address, beat
from recovery_console.core.times import UTC

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
URL = "https://watchman.example.org/ping/secret-id"


class Watchman(ThreadingHTTPServer):
	"""Remembers who called, and answers as a path says: `/500` with 500."""

	def __init__(self) -> None:
		super().__init__(("127.0.0.1", 0), Answering)
		self.calls: list[tuple[str, str, str]] = []
		self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
	server: Watchman

	def _answer(self) -> None:
		body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
		self.server.calls.append((self.command, self.path, body))
		parts = self.path.strip("/").split("/")
		status = int(parts[0]) if parts[0].isdigit() else 200
		if self.path.startswith("/get-only"):
			status = 200 if self.command == "GET" else 405
		self.send_response(status)
		self.send_header("Content-Length", "0")
		if status == 302:
			self.send_header("Location", "/elsewhere")
		self.end_headers()

	do_GET = do_POST = _answer  # noqa: N815 (the names that http.server calls)

	def log_message(self, *_: object) -> None:
		pass


@pytest.fixture
def watchman() -> Iterator[Watchman]:
	with Watchman() as server:
		thread = threading.Thread(target=server.serve_forever)
		thread.start()
		yield server
		server.shutdown()
		thread.join()


def test_he_is_told_the_status_and_nothing_else(watchman: Watchman) -> None:
	assert beat(f"{watchman.url}/ping/x", "warning", NOW) is None
	assert watchman.calls == [("POST", "/ping/x", "warning")]


def test_who_takes_no_post_is_called_by_get(watchman: Watchman) -> None:
	assert beat(f"{watchman.url}/get-only/x", "ok", NOW) is None
	assert [method for method, _path, _body in watchman.calls] == ["POST", "GET"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_call_that_was_not_taken_is_told_without_the_address(watchman: Watchman, status: int) -> None:
	failed = beat(f"{watchman.url}/{status}/secret-id", "ok", NOW)
	assert failed is not None
	assert str(status) in failed.reason
	assert "secret-id" not in failed.reason
	assert len(watchman.calls) == 1


def test_where_nobody_listens_it_is_told() -> None:
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		failed = beat(f"http://127.0.0.1:{free.getsockname()[1]}/secret-id", "ok", NOW)
	assert failed is not None
	assert "refuses" in failed.reason
	assert "secret-id" not in failed.reason


def test_who_takes_the_call_and_says_nothing_is_not_waited_for() -> None:
	with socket.socket() as silent:
		silent.bind(("127.0.0.1", 0))
		silent.listen()
		begun = time.monotonic()
		failed = beat(f"http://127.0.0.1:{silent.getsockname()[1]}/", "ok", NOW, seconds=0.3)
		assert time.monotonic() - begun < 5
	assert failed is not None
	assert "in time" in failed.reason


@pytest.mark.parametrize(
	"url", ["ftp://example.org/", "file:///etc/passwd", "not an address", "http://u:p@h/"]
)
def test_only_web_addresses_are_called(url: str) -> None:
	failed = beat(url, "ok", NOW)
	assert failed is not None
	assert not failed.again


@pytest.mark.parametrize(
	("status", "critical", "called"),
	[
		("ok", "", URL),
		("critical", "", URL),
		("critical", "Call It All the Same", URL),
		("critical", NOT, None),
		("warning", NOT, URL),
		("unknown", FAIL, URL),
		("critical", FAIL, f"{URL}/fail"),
	],
)
def test_what_is_critical_is_told_as_the_settings_say(status: str, critical: str, called: str | None) -> None:
	assert address(URL, status, critical) == called


def test_the_ending_goes_before_a_query() -> None:
	assert address("https://h/p/?a=1", "critical", FAIL) == "https://h/p/fail?a=1"
