"""MariaDB and PostgreSQL when they do not let us in, or let us go."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import psycopg2
import pymysql
import pytest

from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite
from tests.support.services import MariaDB, Postgres, free_port, missing


@contextlib.contextmanager
def refused(site: SampleSite, **config: Any) -> Iterator[list[SourceUnavailable]]:
	"""Open the site with another configuration; what it says when it cannot connect."""
	site.set_config(**config)
	said: list[SourceUnavailable] = []
	with open_site(site.bench.folder, site.name) as opened:
		with pytest.raises(SourceUnavailable) as error:
			_ = opened.db
		said.append(error.value)
		with pytest.raises(SourceUnavailable) as again:
			_ = opened.view().db
		assert again.value is error.value, "one dead server costs one attempt, not one per check"
	yield said


def kind_of(site: SampleSite, **config: Any) -> str:
	with refused(site, **config) as (error,):
		assert site.database.password not in f"{error} {error.reason}"
		assert error.source == "database"
		assert error.remedy
		return error.kind


class TestServers:
	"""What MariaDB and PostgreSQL say when they do not let us in."""

	@pytest.fixture(params=["mariadb", "postgres"])
	def site(self, request: pytest.FixtureRequest, samples: Any) -> Iterator[SampleSite]:
		if request.param not in request.config.getoption("--databases").split(","):
			pytest.skip(f"{request.param} was left out with --databases")
		made = samples.site(request.param)
		yield made
		made.bench.restore()

	def test_that_is_down(self, site: SampleSite) -> None:
		assert kind_of(site, db_port=free_port()) == "refused"

	def test_whose_host_has_no_such_name(self, site: SampleSite) -> None:
		assert kind_of(site, db_host="no-such-host.invalid") == "refused"

	def test_whose_password_is_another(self, site: SampleSite) -> None:
		assert kind_of(site, db_password="not-the-password") == "denied"
		assert kind_of(site, db_password="") == "denied"

	def test_that_has_no_such_database(self, site: SampleSite) -> None:
		user = site.config().get("db_user") or site.db_name
		kind = kind_of(site, db_name="no_such_database", db_user=user)
		# MariaDB tells a user without rights on it only that it is denied.
		assert kind in ({"mariadb": ("denied", "missing"), "postgres": ("missing",)}[site.database.dialect])

	def test_that_never_answers(self, site: SampleSite) -> None:
		with socket.socket() as silent:
			silent.bind(("127.0.0.1", 0))
			silent.listen()
			begun = time.monotonic()
			kind = kind_of(site, db_port=silent.getsockname()[1])
		assert kind in ("gone", "timeout", "refused")
		assert time.monotonic() - begun < 8

	def test_that_is_something_else(self, site: SampleSite) -> None:
		kind = kind_of(site, db_port=site.bench.redis_cache.port)
		assert kind in ("gone", "unavailable", "timeout", "refused")

	def test_that_has_no_connection_left_for_this_user(self, site: SampleSite) -> None:
		server, user = site.database.server, site.db_name
		limit, unlimited = {
			"mariadb": (f"ALTER USER `{user}`@'%' WITH MAX_USER_CONNECTIONS 1",) * 2,
			"postgres": (
				f'ALTER ROLE "{user}" CONNECTION LIMIT 1',
				f'ALTER ROLE "{user}" CONNECTION LIMIT -1',
			),
		}[site.database.dialect]
		unlimited = unlimited.replace("CONNECTIONS 1", "CONNECTIONS 0")
		server.admin(limit)
		try:
			with open_site(site.bench.folder, site.name) as opened:
				assert opened.db.has("Error Log")
				assert kind_of(site) == "full"
		finally:
			server.admin(unlimited)

	def test_that_ends_while_it_is_read(self, site: SampleSite) -> None:
		with open_site(site.bench.folder, site.name) as opened:
			database = opened.db
			ends = {
				"mariadb": "KILL USER `{}`",
				"postgres": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'",
			}[site.database.dialect]
			site.database.server.admin(ends.format(site.db_name))
			with pytest.raises(SourceUnavailable) as error:
				database.sql("SELECT 1")
			assert error.value.kind == "gone"
			assert database.broken


class TestMariaDB:
	@pytest.fixture
	def site(self, request: pytest.FixtureRequest, samples: Any) -> Iterator[SampleSite]:
		if "mariadb" not in request.config.getoption("--databases").split(","):
			pytest.skip("mariadb was left out with --databases")
		made = samples.site("mariadb")
		yield made
		made.bench.restore()

	def test_without_any_connection_left(self, site: SampleSite) -> None:
		server: MariaDB = site.database.server
		with contextlib.ExitStack() as stack:
			keeper = stack.enter_context(server.connect())
			with keeper.cursor() as cursor:
				cursor.execute("SET GLOBAL max_connections = 10")
			try:
				for _ in range(20):
					try:
						stack.enter_context(
							pymysql.connect(
								host=server.host,
								port=server.port,
								user=site.db_name,
								password=site.db_password,
							)
						)
					except pymysql.OperationalError:
						break
				assert kind_of(site) == "full"
			finally:
				with keeper.cursor() as cursor:
					cursor.execute("SET GLOBAL max_connections = 151")

	def test_whose_database_was_dropped(self, site: SampleSite) -> None:
		server: MariaDB = site.database.server
		server.admin(f"GRANT SELECT ON `gone_database`.* TO `{site.db_name}`@'%'")
		try:
			assert kind_of(site, db_name="gone_database", db_user=site.db_name) == "missing"
		finally:
			server.admin(f"REVOKE SELECT ON `gone_database`.* FROM `{site.db_name}`@'%'")

	def test_through_its_socket(self, site: SampleSite) -> None:
		server: MariaDB = site.database.server
		site.set_config(db_socket=str(server.socket))
		with open_site(site.bench.folder, site.name) as opened:
			assert opened.db.has("Error Log")
		assert kind_of(site, db_socket="/nowhere/mariadb.sock") == "refused"

	def test_that_makes_the_question_wait_for_a_lock(self, site: SampleSite) -> None:
		server: MariaDB = site.database.server
		with open_site(site.bench.folder, site.name) as opened, server.connect(site.db_name) as keeper:
			opened.db.sql("SET SESSION lock_wait_timeout = 1")
			with keeper.cursor() as cursor:
				cursor.execute('LOCK TABLES "tabError Log" WRITE')
			with pytest.raises(SourceUnavailable) as error:
				opened.db.sql("SELECT COUNT(*) FROM `tabError Log`")
		assert error.value.kind in ("locked", "timeout")

	def test_that_keeps_a_secret_from_the_site_s_user(self, site: SampleSite) -> None:
		with open_site(site.bench.folder, site.name) as opened, pytest.raises(SourceUnavailable) as error:
			opened.db.sql("SHOW ENGINE INNODB STATUS")
		assert error.value.kind == "rights"
		assert "PROCESS" in error.value.reason


@pytest.fixture(scope="module")
def small_postgres(
	request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Postgres]:
	"""A server of our own with hardly any connections."""
	if "postgres" not in request.config.getoption("--databases").split(","):
		pytest.skip("postgres was left out with --databases")
	if lacking := missing("postgres", "initdb"):
		pytest.skip(f"NOT TESTED: install {', '.join(lacking.values())}")
	small = {"max_connections": "4", "superuser_reserved_connections": "1", "max_wal_senders": "0"}
	with Postgres(tmp_path_factory.mktemp("postgres") / "server", config=small) as server:
		server.admin("CREATE ROLE site LOGIN PASSWORD 'p'", "CREATE DATABASE site OWNER site")
		yield server


class TestPostgres:
	@pytest.fixture
	def site(self, small_postgres: Postgres, samples: Any) -> Iterator[SampleSite]:
		made = samples.site("sqlite")
		made.set_config(
			db_type="postgres",
			db_host=small_postgres.host,
			db_port=small_postgres.port,
			db_name="site",
			db_user="site",
			db_password="p",
		)
		yield made
		made.bench.restore()

	def open(self, server: Postgres) -> Any:
		return psycopg2.connect(host=server.host, port=server.port, user="site", password="p", dbname="site")

	def test_without_any_connection_left(self, small_postgres: Postgres, site: SampleSite) -> None:
		opened = []
		try:
			with contextlib.suppress(psycopg2.OperationalError):
				while len(opened) < 10:
					opened.append(self.open(small_postgres))
			assert len(opened) < 10
			with refused(site) as (error,):
				assert error.kind == "full"
		finally:
			for connection in opened:
				connection.close()

	def test_that_does_not_accept_this_host(self, small_postgres: Postgres, site: SampleSite) -> None:
		rules = small_postgres.folder / "data" / "pg_hba.conf"
		before = rules.read_text()
		try:
			rules.write_text("local all all trust\n")
			small_postgres.admin("SELECT pg_reload_conf()")
			time.sleep(0.5)
			with refused(site) as (error,):
				assert error.kind == "denied"
		finally:
			rules.write_text(before)
			small_postgres.admin("SELECT pg_reload_conf()")
			time.sleep(0.5)

	def test_in_a_schema_of_its_own(self, small_postgres: Postgres, site: SampleSite) -> None:
		connection = self.open(small_postgres)
		try:
			with connection, connection.cursor() as cursor:
				cursor.execute('CREATE SCHEMA own; CREATE TABLE own."tabNote" (name text)')
		finally:
			connection.close()
		with open_site(site.bench.folder, site.name) as opened:
			assert not opened.db.has("Note")
		site.set_config(db_schema="own")
		with open_site(site.bench.folder, site.name) as opened:
			assert opened.db.has("Note", "name")
			assert opened.db.count(opened.db.from_("Note")) == 0

	def test_whose_socket_is_not_there(self, site: SampleSite) -> None:
		with refused(site, db_host="/nowhere") as (error,):
			assert error.kind == "refused"

	def test_that_was_stopped(self, small_postgres: Postgres, site: SampleSite) -> None:
		with open_site(site.bench.folder, site.name) as opened:
			database = opened.db
			small_postgres.kill()
			try:
				with pytest.raises(SourceUnavailable) as error:
					database.sql("SELECT 1")
				assert error.value.kind == "gone"
				with refused(site) as (later,):
					assert later.kind == "refused"
			finally:
				small_postgres.start()
