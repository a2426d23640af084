"""The three databases: real servers, read-only, within limits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pypika import functions as fn

from recovery_console.core.backends.database import ROW_LIMIT, Database
from recovery_console.core.backends.sql import DIALECTS, Bind, Fn, bind, raw_table, render, table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite

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
