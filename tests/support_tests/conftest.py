"""Servers and sites that the tests of the sample builder share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.ddl import Dialect
from tests.support.doctypes import Frappe
from tests.support.sample import APPS, SampleBench, SampleSite, SqliteTarget, Target
from tests.support.services import MariaDB, Postgres, Redis, missing

PROGRAMS: dict[Dialect, tuple[str, ...]] = {
	"sqlite": (),
	"mariadb": ("mariadbd", "mariadb-install-db"),
	"postgres": ("postgres", "initdb"),
}
MakeSite = Callable[..., SampleSite]


class Services:
	"""Private servers, each started when a test first asks for it."""

	def __init__(self, folder: Path, stack: ExitStack) -> None:
		self.folder = folder
		self.stack = stack
		self.started: dict[str, Target] = {"sqlite": SqliteTarget()}

	def database(self, dialect: Dialect) -> Target:
		"""The server of this kind; skips the test when its programs are not installed."""
		if PROGRAMS[dialect] and (lacking := missing(*PROGRAMS[dialect])):
			pytest.skip(f"NOT TESTED on {dialect}: missing programs and their packages: {lacking}")
		if dialect not in self.started:
			folder = self.folder / dialect
			server: MariaDB | Postgres = MariaDB(folder) if dialect == "mariadb" else Postgres(folder)
			self.stack.callback(server.stop)
			self.started[dialect] = server.start()
		return self.started[dialect]


@pytest.fixture(scope="session")
def services(server_folder: Path) -> Iterator[Services]:
	with ExitStack() as stack:
		yield Services(server_folder / "support", stack)


@pytest.fixture(scope="session")
def redis_pair(services: Services) -> tuple[Redis, Redis]:
	if lacking := missing("redis-server"):
		pytest.skip(f"NOT TESTED: missing programs and their packages: {lacking}")
	enter = services.stack.enter_context
	return enter(Redis(services.folder / "cache")), enter(Redis(services.folder / "queue"))


@pytest.fixture(scope="session")
def make_site(services: Services, redis_pair: tuple[Redis, Redis]) -> MakeSite:
	"""A healthy site of a dialect, version and set of apps; made once, put back to health at each call."""
	made: dict[tuple[Dialect, Frappe, tuple[str, ...]], SampleSite] = {}
	cache, queue = redis_pair

	def make(dialect: Dialect, frappe: Frappe, apps: tuple[str, ...] = APPS) -> SampleSite:
		key = (dialect, frappe, apps)
		if key not in made:
			folder = services.folder / f"bench-{len(made)}"
			bench = SampleBench.create(folder, redis_cache=cache, redis_queue=queue)
			made[key] = bench.add_site(
				"erp.example.org", database=services.database(dialect), frappe=frappe, apps=apps
			)
		made[key].restore()
		return made[key]

	return make
