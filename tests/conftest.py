"""Sample sites for the tests: built once per run and version, put back to health before each test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recovery_console.core.registry import select_checks
from recovery_console.core.report import Report, diagnose
from recovery_console.core.site import open_site
from tests.support.sample import SampleBench, SampleSite
from tests.support.services import MariaDB, Postgres, Redis, missing
from tests.support.sqlite_database import SqliteTarget

#: The version that a database is tested with, unless a test needs the other one: SQLite came with Frappe 16.
USUAL_FRAPPE = {"sqlite": 16, "mariadb": 15, "postgres": 16}
PROGRAMS = {"sqlite": (), "mariadb": ("mariadbd", "mariadb-install-db"), "postgres": ("postgres", "initdb")}
NAME = "erp.example.org"


def pytest_addoption(parser: pytest.Parser) -> None:
	parser.addoption(
		"--databases",
		default="sqlite,mariadb,postgres",
		help="Comma-separated databases to run the faults on.",
	)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
	from tests.faults import truth

	table = truth.lines(config)
	if table:
		terminalreporter.section("truth table of the fault catalogue")
		for line in table:
			terminalreporter.write_line(line)


class Samples:
	"""Sample sites by database and version, with the private servers that they need."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		self.services: dict[str, Redis | MariaDB | Postgres] = {}
		self.sites: dict[tuple[str, int], SampleSite] = {}

	def site(self, database: str, frappe: int | None = None) -> SampleSite:
		"""Return a healthy site; its bench's clock stands at ``site.bench.now``."""
		key = (database, frappe or USUAL_FRAPPE[database])
		if key not in self.sites:
			self.sites[key] = self._build(*key)
		self.sites[key].bench.restore()
		return self.sites[key]

	def service(self, kind: type[Redis | MariaDB | Postgres], name: str) -> Redis | MariaDB | Postgres:
		if name not in self.services:
			self.services[name] = kind(self.folder / name).start()
		return self.services[name]

	def _build(self, database: str, frappe: int) -> SampleSite:
		lacking = missing(*PROGRAMS[database]) if PROGRAMS[database] else {}
		if lacking:
			pytest.skip(
				f"NOT TESTED ON {database.upper()}: install {', '.join(sorted(set(lacking.values())))}"
			)
		bench = SampleBench.create(
			self.folder / f"bench-{database}-{frappe}",
			redis_cache=self.service(Redis, "redis-cache"),
			redis_queue=self.service(Redis, "redis-queue"),
		)
		return bench.add_site(NAME, database=self._target(database), frappe=frappe)

	def _target(self, database: str) -> SqliteTarget | MariaDB | Postgres:
		if database == "sqlite":
			return SqliteTarget()
		return self.service({"mariadb": MariaDB, "postgres": Postgres}[database], database)

	def stop(self) -> None:
		for service in self.services.values():
			service.stop()


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
	"""A folder for private servers. Pytest's own are closed to the user that PostgreSQL runs as under root."""
	with tempfile.TemporaryDirectory(prefix="recovery-console-", ignore_cleanup_errors=True) as folder:
		Path(folder).chmod(0o755)
		yield Path(folder)


@pytest.fixture(scope="session")
def samples(server_folder: Path) -> Iterator[Samples]:
	folder = server_folder / "samples"
	folder.mkdir()
	made = Samples(folder)
	try:
		yield made
	finally:
		made.stop()


@pytest.fixture
def site(samples: Samples) -> SampleSite:
	"""A healthy site on SQLite, of Frappe 16."""
	return samples.site("sqlite")


@pytest.fixture(params=["sqlite", "mariadb", "postgres"])
def any_site(request: pytest.FixtureRequest, samples: Samples) -> SampleSite:
	"""A healthy site on each database in turn."""
	if request.param not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{request.param} was left out with --databases")
	return samples.site(request.param)


Look = Callable[..., Report]


def look_at(site: SampleSite, *ids: str, families: tuple[str, ...] = ()) -> Report:
	"""Diagnose a sample site as the console would, with the clock that the sample is healthy for."""
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return diagnose(opened, select_checks(families, ids))
