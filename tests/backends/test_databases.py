"""The three databases, in every state in which they are met: real servers, read-only, within limits."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pymysql
import pytest
from pypika import functions as fn

from recovery_console.core.backends import sqlite
from recovery_console.core.backends.database import ROW_LIMIT, Database
from recovery_console.core.backends.sql import DIALECTS, Bind, Fn, bind, raw_table, render, table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite
from tests.support.services import MariaDB, Postgres, free_port, missing
from tests.support.unprivileged import as_nobody, let_others_pass

SLOW = {
	"mariadb": "SELECT SLEEP(30)",
	"postgres": "SELECT pg_sleep(30)",
	"sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT COUNT(*) FROM n",
}
MANY_ROWS = {
	"mariadb": f"SELECT seq FROM seq_1_to_{ROW_LIMIT + 1}",
	"postgres": f"SELECT generate_series(1, {ROW_LIMIT + 1})",
	"sqlite": f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x <= {ROW_LIMIT}) SELECT x FROM n",
}
WRITES = (
	"INSERT INTO {table} (name) VALUES ('planted')",
	"UPDATE {table} SET name = 'planted'",
	"DELETE FROM {table}",
	"CREATE TABLE planted (a INT)",
	"ALTER TABLE {table} ADD planted INT",
	"DROP TABLE {table}",
)


@pytest.fixture
def db(any_site: SampleSite) -> Iterator[Database]:
	with open_site(any_site.bench.folder, any_site.name) as opened:
		yield opened.db


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


def quoted(site: SampleSite, name: str) -> str:
	return f"`{name}`" if site.database.dialect == "mariadb" else f'"{name}"'


class TestReading:
	def test_a_value_is_bound_whatever_is_in_it(self, any_site: SampleSite, db: Database) -> None:
		nasty = 'x\'; DROP TABLE "tabError Log"; -- %s %(a)s \\ ü'
		any_site.insert("Error Log", name="n1", method=nasty)
		t = table("Error Log")
		for condition in (t.method == nasty, t.method.isin([nasty]), Fn("LOWER", t.method) == nasty.lower()):
			(row,) = db.run(db.from_(t).select(t["name"], t.method).where(condition))
			assert row == {"name": "n1", "method": nasty}
		assert db.run(db.from_("Error Log").select("name").where(t.method == "other")) == []

	def test_times_numbers_and_nothing_are_bound(self, any_site: SampleSite, db: Database) -> None:
		any_site.insert("Error Log", name="n1", method="a", creation=any_site.hours_ago(5))
		t = table("Error Log")
		early, late = any_site.hours_ago(6), any_site.hours_ago(4)
		assert db.count(db.from_(t).where((t.creation > early) & (t.creation < late))) == 1
		assert db.count(db.from_(t).where(t.creation > late)) == 0
		assert db.count(db.from_(t).where(t.creation >= early.date())) == 1
		assert db.count(db.from_(t).where(t.seen == Decimal(0))) == db.count(db.from_(t).where(t.seen == 0))
		assert db.value(db.from_(t).select(fn.Max(t.creation)).where(t["name"] == "no such")) is None
		assert db.value(db.from_(t).select(t.method).where(t["name"] == "no such")) is None

	def test_only_what_is_asked_for_is_learned_about_the_schema(self, db: Database) -> None:
		assert db.has("Error Log", "method", "name")
		assert not db.has("Error Log", "no_such_column")
		assert not db.has("No Such DocType")
		assert db.columns("No Such DocType") == frozenset()
		assert "method" in db.columns("Error Log")
		assert db.has_table("__Auth", "password")
		before = dict(db.known)
		db.learn(["tabError Log"])
		assert db.known == before

	def test_says_which_product_it_is(self, any_site: SampleSite, db: Database) -> None:
		product = {"mariadb": "MariaDB ", "postgres": "PostgreSQL ", "sqlite": "SQLite "}
		assert db.version().startswith(product[any_site.database.dialect])
		assert any(character.isdigit() for character in db.version())


class TestLimits:
	@pytest.mark.parametrize("statement", WRITES, ids=lambda text: text.split()[0].lower())
	def test_nothing_can_be_written(self, any_site: SampleSite, db: Database, statement: str) -> None:
		before = any_site.checksums()
		with pytest.raises(SourceUnavailable):
			db.sql(statement.format(table=quoted(any_site, "tabError Log")))
		assert any_site.checksums() == before

	def test_a_statement_is_stopped_after_two_seconds_and_the_connection_lives_on(
		self, any_site: SampleSite, db: Database
	) -> None:
		begun = time.monotonic()
		with pytest.raises(SourceUnavailable) as error:
			db.sql(SLOW[any_site.database.dialect])
		assert 1.5 < time.monotonic() - begun < 4
		assert (error.value.kind, db.broken) == ("timeout", False)
		assert db.has("Error Log")

	def test_more_rows_than_anybody_reads_are_refused_not_cut_short(
		self, any_site: SampleSite, db: Database
	) -> None:
		with pytest.raises(SourceUnavailable) as error:
			db.sql(MANY_ROWS[any_site.database.dialect])
		assert error.value.kind == "rows"
		assert str(ROW_LIMIT) in error.value.reason

	def test_a_missing_table_or_column_is_a_matter_of_the_schema(self, db: Database) -> None:
		for query in (db.from_("No Such").select("name"), db.from_("Error Log").select("no_such_column")):
			with pytest.raises(SourceUnavailable) as error:
				db.run(query)
			assert error.value.kind == "schema"
			assert "no_such" in error.value.reason.lower() or "No Such" in error.value.reason

	def test_a_mistake_of_ours_is_said_in_the_database_s_words(self, db: Database) -> None:
		with pytest.raises(SourceUnavailable) as error:
			db.sql("SELEKT 1")
		assert error.value.kind == "unavailable"
		assert "SELEKT" in error.value.reason or "syntax" in error.value.reason.lower()

	def test_a_view_that_was_given_up_opens_no_new_connection(self, any_site: SampleSite) -> None:
		with open_site(any_site.bench.folder, any_site.name) as opened:
			view = opened.view()
			view.abandon()
			with pytest.raises(SourceUnavailable) as error:
				_ = view.db
			assert error.value.kind == "abandoned"

	def test_a_broken_connection_is_not_handed_to_the_next_check(self, any_site: SampleSite) -> None:
		with open_site(any_site.bench.folder, any_site.name) as opened:
			view = opened.view()
			first = view.db
			view.release()
			view = opened.view()
			assert view.db is first, "a healthy one is used again"
			first.close()
			with pytest.raises(SourceUnavailable):
				first.sql("SELECT 1")
			view.release()
			second = opened.view().db
			assert second is not first
			assert second.has("Error Log")


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


class TestSQLite:
	@pytest.fixture
	def file(self, tmp_path: Path) -> Path:
		file = tmp_path / "site.db"
		connection = sqlite3.connect(file)
		connection.execute('CREATE TABLE "tabNote" (name text, a)')
		connection.executemany(
			'INSERT INTO "tabNote" VALUES (?, ?)', [(str(n), "x" * 500) for n in range(500)]
		)
		connection.commit()
		connection.close()
		return file

	def kind(self, file: Path) -> str:
		with (
			pytest.raises(SourceUnavailable) as error,
			contextlib.closing(sqlite.connect(file, "site")) as db,
		):
			db.sql('SELECT COUNT(*), MAX(a) FROM "tabNote"')
		return error.value.kind

	def test_that_is_not_there(self, tmp_path: Path) -> None:
		assert self.kind(tmp_path / "gone.db") == "missing"
		assert self.kind(tmp_path) == "missing"

	def test_that_may_not_be_read(self, file: Path) -> None:
		file.chmod(0)
		let_others_pass(file.parent)
		assert as_nobody(lambda: self.kind(file)) == "denied"

	def test_behind_a_closed_folder(self, file: Path) -> None:
		let_others_pass(file.parent.parent)
		file.parent.chmod(0o700 if file.stat().st_uid == 0 else 0)
		try:
			assert as_nobody(lambda: self.kind(file)) == "denied"
		finally:
			file.parent.chmod(0o700)

	def test_that_is_no_database(self, file: Path) -> None:
		file.write_bytes(b"this is not a database at all" * 100)
		assert self.kind(file) == "corrupt"

	def test_that_is_damaged(self, file: Path) -> None:
		raw = bytearray(file.read_bytes())
		raw[4096:-4096] = b"\xff" * (len(raw) - 8192)
		file.write_bytes(raw)
		assert self.kind(file) == "corrupt"

	def test_that_somebody_holds(self, file: Path) -> None:
		holder = sqlite3.connect(file, isolation_level=None)
		try:
			holder.execute("BEGIN EXCLUSIVE")
			assert self.kind(file) == "locked"
		finally:
			holder.close()

	def test_that_frappe_writes_at_the_same_time(self, file: Path) -> None:
		writer = sqlite3.connect(file, isolation_level=None)
		writer.execute("PRAGMA journal_mode = WAL")
		try:
			writer.execute("BEGIN IMMEDIATE")
			writer.execute('DELETE FROM "tabNote"')
			with contextlib.closing(sqlite.connect(file, "site")) as db:
				assert db.sql('SELECT COUNT(*) AS n FROM "tabNote"') == [{"n": 500}]
		finally:
			writer.close()

	def test_whose_name_needs_quoting(self, file: Path) -> None:
		odd = file.rename(file.with_name("a b?c#d%20.db"))
		with contextlib.closing(sqlite.connect(odd, "site")) as db:
			assert db.has("Note")

	def test_values_are_bound_as_frappe_stores_them(self, file: Path) -> None:
		with contextlib.closing(sqlite.connect(file, "site")) as db:
			values = [datetime(2026, 1, 2, 3), date(2026, 1, 2), Decimal("1.5"), None, "x"]
			(row,) = db.sql("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e", values)
		assert list(row.values()) == ["2026-01-02 03:00:00.000000", "2026-01-02", 1.5, None, "x"]

	def test_a_connection_that_was_cut_answers_no_more(self, file: Path) -> None:
		with contextlib.closing(sqlite.connect(file, "site")) as db:
			db.cut()
			with pytest.raises(SourceUnavailable) as error:
				db.sql(SLOW["sqlite"])
			assert error.value.kind == "timeout"


class TestRendering:
	def test_values_are_named_in_their_order_and_stay_outside(self) -> None:
		t = table("Note")
		query = DIALECTS["mariadb"].from_(t)
		statement, binds = render(query.select(t["name"]).where((t.a == "x") & (t.b > 5)), "%({})s")
		assert statement == "SELECT `name` FROM `tabNote` WHERE `a`=%(p0)s AND `b`>%(p1)s"
		assert binds == {"p0": "x", "p1": 5}

	def test_a_bound_value_outside_of_rendering_is_refused(self) -> None:
		with pytest.raises(RuntimeError, match="rendered by render"):
			bind("x").get_sql()
		assert isinstance(bind(bind("x")), Bind)

	def test_tables_without_a_doctype_have_plain_names(self) -> None:
		assert raw_table("__Auth").get_sql(quote_char='"') == '"__Auth"'
