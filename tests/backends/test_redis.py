"""Redis as it is met: down, loading, full, closed, slow, and at addresses that are none."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite
from tests.support.services import Redis, free_port, missing

pytestmark = pytest.mark.skipif(
	bool(missing("redis-server")), reason="NOT TESTED: redis-server is not installed"
)

Start = Callable[..., Redis]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
	"""Start servers of our own that end with the test."""
	started: list[Redis] = []

	def run(**config: str) -> Redis:
		server = Redis(tmp_path / f"redis-{len(started)}", config=config).start()
		started.append(server)
		return server

	yield run
	for server in started:
		server.stop()


@contextmanager
def source_at(url: str, user: str | None = None, password: str | None = None) -> Iterator[RedisSource]:
	source = RedisSource("queue", url, user, password)
	try:
		yield source
	finally:
		source.close()


def refusal(source: RedisSource, command: str = "PING", *arguments: str) -> SourceUnavailable:
	with pytest.raises(SourceUnavailable) as error, source.client() as client:
		client.execute_command(command, *arguments)
	assert error.value.source == "queue"
	assert error.value.remedy
	assert "queue" in error.value.reason
	return error.value


class TestAnswers:
	def test_of_a_server_that_is_well(self, start: Start) -> None:
		with source_at(start().url) as source:
			assert source.info()["redis_version"]
			assert source.address.startswith("127.0.0.1:")

	def test_an_error_of_a_command_does_not_close_the_source(self, start: Start) -> None:
		with source_at(start().url) as source:
			assert refusal(source, "NONSENSE").kind == "unavailable"
			assert source.info()

	def test_an_address_never_shows_its_password(self) -> None:
		with source_at("redis://user:hunter2@127.0.0.1:1/0") as source:
			assert source.address == "127.0.0.1:1"
			assert "hunter2" not in str(refusal(source))


class TestRefusals:
	def test_of_a_server_that_is_down_and_is_not_asked_again(self) -> None:
		with source_at(f"redis://127.0.0.1:{free_port()}") as source:
			first = refusal(source)
			assert first.kind == "refused"
			assert refusal(source) is first

	def test_of_a_server_that_ends_meanwhile(self, start: Start) -> None:
		server = start()
		with source_at(server.url) as source:
			assert source.info()
			server.kill()
			assert refusal(source).kind == "refused"

	def test_of_a_server_that_never_answers(self) -> None:
		with socket.socket() as silent:
			silent.bind(("127.0.0.1", 0))
			silent.listen()
			begun = time.monotonic()
			with source_at(f"redis://127.0.0.1:{silent.getsockname()[1]}") as source:
				assert refusal(source).kind == "timeout"
				assert time.monotonic() - begun < 6
				begun = time.monotonic()
				refusal(source)
				assert time.monotonic() - begun < 0.1, "it is waited for once"

	def test_of_a_server_that_is_blocked(self, start: Start) -> None:
		server = start()
		with source_at(server.url) as source, server.client() as client:
			assert source.info()
			client.execute_command("CLIENT", "PAUSE", "4000")
			assert refusal(source).kind == "timeout"

	def test_of_a_server_that_asks_for_a_password(self, start: Start) -> None:
		with source_at(start(requirepass="hunter2").url) as source:
			assert refusal(source).kind == "denied"

	def test_of_a_wrong_password(self, start: Start) -> None:
		server = start(requirepass="hunter2")
		with source_at(server.url, "default", "hunter3") as source:
			error = refusal(source)
			assert error.kind == "denied"
			assert "hunter" not in str(error)
		with source_at(server.url, "default", "hunter2") as source:
			assert source.info()

	def test_of_a_user_who_may_not(self, start: Start) -> None:
		server = start()
		with server.client() as client:
			client.execute_command("ACL", "SETUSER", "bench", "on", ">secret", "~rq:*", "+ping", "+info")
		with source_at(server.url, "bench", "secret") as source:
			assert source.info()
			assert refusal(source, "GET", "rq:x").kind == "denied"

	def test_of_a_server_that_is_full(self, start: Start) -> None:
		server = start(maxmemory="2mb", **{"maxmemory-policy": "noeviction"})
		with server.client() as client:
			for number in range(2000):
				try:
					client.set(f"k{number}", "x" * 10_000)
				except Exception:  # noqa: BLE001 (whichever word this version of redis-py has for full)
					break
		with source_at(server.url) as source:
			assert refusal(source, "SET", "a", "b" * 50_000).kind == "memory"
			assert source.info(), "what only reads goes on"

	def test_of_a_server_that_loads_its_data(self, start: Start) -> None:
		server = start(**{"key-load-delay": "20000", "loading-process-events-interval-bytes": "1024"})
		with server.client() as client:
			for number in range(300):
				client.set(f"k{number}", "x" * 500)
			client.save()
		server.kill()
		loading = subprocess.Popen(server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		try:
			deadline = time.monotonic() + 10
			kind = ""
			while kind != "loading" and time.monotonic() < deadline:
				with source_at(server.url) as source:
					try:
						source.info()
						refusal(source, "GET", "a")
					except SourceUnavailable as error:
						kind = error.kind
					except pytest.fail.Exception:
						kind = "ready"
						break
					else:
						kind = "loading"
			assert kind == "loading"
		finally:
			loading.kill()
			loading.wait()

	@pytest.mark.parametrize(
		"url",
		[
			"127.0.0.1:11000",
			"http://127.0.0.1:11000",
			"redis://127.0.0.1:port",
			"redis://127.0.0.1:99999999",
			"redis://[::1",
			"redis://",
			"",
			"None",
			"['redis://127.0.0.1']",
			"redis://\ud800:1",
			"unix:///nowhere/redis.sock",
			"redis://no-such-host.invalid:1",
		],
	)
	def test_of_what_is_no_address(self, url: str) -> None:
		with source_at(url) as source:
			assert refusal(source).kind in ("address", "refused", "timeout")
			assert source.address is not None


class TestOfASite:
	def test_with_users_of_its_own(self, site: SampleSite, start: Start) -> None:
		server = start()
		with server.client() as client:
			client.execute_command("ACL", "SETUSER", "bench7", "on", ">secret", "~rq:*", "+@all")
			client.execute_command("ACL", "SETUSER", "default", "off")
		site.bench.set_common_config(redis_queue=server.url, use_rq_auth=1)
		site.set_config(rq_username="bench7", rq_password="secret")
		with open_site(site.bench.folder, site.name) as opened:
			assert opened.queue.length("default") == 0
			assert opened.queue.workers() == []
		site.set_config(rq_password="wrong")
		with open_site(site.bench.folder, site.name) as opened, pytest.raises(SourceUnavailable) as error:
			opened.queue.names()
		assert error.value.kind == "denied"

	def test_without_an_address_frappe_s_own_is_taken(self, site: SampleSite) -> None:
		site.bench.set_common_config(redis_cache=None, redis_queue=None)
		with open_site(site.bench.folder, site.name) as opened:
			assert (opened.cache.address, opened.queue.redis.address) == (
				"127.0.0.1:13311",
				"127.0.0.1:11311",
			)
