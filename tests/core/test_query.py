"""Queries that are handed to the console: which are refused, how each database would carry them out, what would help."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core import query_text
from recovery_console.core.errors import UsageError
from recovery_console.core.query_advice import LEAST_ROWS
from recovery_console.core.site import open_site
from recovery_console.rescue.querying import as_text, explain_query
from tests.support.sample import SampleSite

REFUSED = (
	"",
	"-- nothing",
	"DELETE FROM `tabUser`",
	"UPDATE `tabUser` SET enabled = 0",
	"EXPLAIN SELECT 1",
	"ANALYZE SELECT 1",
	"(ANALYZE) SELECT 1",
	"SELECT 1; SELECT 2",
	"SELECT 1; DELETE FROM `tabUser`;",
	"SELECT ';' -- '",
	"-- x\rDELETE FROM `tabUser`\n",
	"WITH gone AS (DELETE FROM `tabUser` RETURNING name) SELECT * FROM gone",
	"SELECT name INTO OUTFILE '/tmp/x' FROM `tabUser`",
	"SELECT name INTO planted FROM `tabUser`",
	"SELECT name FROM `tabUser` FOR UPDATE",
	"SELECT /*!50000 SLEEP(9) */ 1",
	"SELECT * FROM (SELECT SLEEP(9)) t",
	"SELECT `SLEEP`/**/ (9)",
	'SELECT "pg_sleep"(9)',
	"SELECT pg_read_file('/etc/passwd')",
	"SELECT LOAD_FILE('/etc/passwd')",
	"SELECT password FROM `__Auth`",
	"SELECT 1 FROM mysql.user",
	"SELECT '\\' FROM __Auth --'",
	'SELECT 1 FROM U&"\\005f_Auth"',
	"SELECT name FROM `tabUser` WHERE name = %s",
	"SELECT name FROM `tabUser` WHERE name = %(name)s",
	"SELECT " + "1," * 60_000 + "1",
)


@pytest.mark.parametrize("dialect", ["mariadb", "postgres", "sqlite"])
@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_all_but_one_select_is_refused_with_advice(text: str, dialect: str) -> None:
	with pytest.raises(UsageError) as error:
		query_text.read(text, dialect)
	assert error.value.remedy


@pytest.mark.parametrize(
	"text",
	[
		"SELECT 1",
		"  select name from `tabUser` ; ",
		"/* why */ SELECT name FROM `tabUser` -- at the end",
		"(SELECT 1) UNION (SELECT 2)",
		"WITH x AS (SELECT 1 AS a) SELECT a FROM x",
		"SELECT REPLACE(name, 'a', 'b') FROM `tabUser` WHERE idx % 2 = 0",
		"SELECT name FROM `tabUser` WHERE name LIKE '%s'",
	],
)
def test_one_select_is_let_through(text: str) -> None:
	for dialect in ("mariadb", "postgres", "sqlite"):
		assert query_text.read(text, dialect).text.lstrip("(").upper().startswith(("SELECT", "WITH"))


def test_names_and_conditions_are_read() -> None:
	query = query_text.read(
		"SELECT u.*, COUNT(*) FROM tabUser u LEFT JOIN `tabHas Role` AS r ON r.parent = u.name"
		" WHERE DATE(u.creation) = '2026-01-01' AND u.email LIKE '%x' AND seen NOT IN (1, 2)"
		" GROUP BY u.name ORDER BY u.full_name DESC",
		"mariadb",
	)
	assert query.tables == {
		"tabuser": "tabUser",
		"u": "tabUser",
		"tabhas role": "tabHas Role",
		"r": "tabHas Role",
	}
	said = [(c.table, c.column, c.operator, c.function, c.pattern, c.joins) for c in query.conditions]
	assert said == [
		("r", "parent", "=", "", "", True),
		("u", "name", "=", "", "", True),
		("u", "creation", "=", "DATE", "", False),
		("u", "email", "LIKE", "", "%x", False),
		("", "seen", "NOT", "", "", False),
	]
	assert (query.ordered, query.limited, query.all_columns) == ((("u", "full_name"),), False, True)


def test_a_statement_without_its_values() -> None:
	text = "SELECT a FROM `tabUser` WHERE email IN ('anna@example.org', 'b') AND x = -1.5 AND y = 'it''s' LIMIT 20"
	assert query_text.without_values(text, "mariadb") == (
		"SELECT a FROM `tabUser` WHERE email IN (?) AND x = - ? AND y = ? LIMIT ?"
	)
	assert query_text.without_values('SELECT "anna@example.org"', "mariadb") == "SELECT ?"
	assert len(query_text.without_values("SELECT " + "a, " * 500, "mariadb")) < 310


def asked(site: SampleSite, text: str) -> dict[str, Any]:
	with open_site(site.bench.folder, site.name) as opened:
		return explain_query(opened, site.database.translate(text))


@pytest.fixture
def big(any_site: SampleSite) -> SampleSite:
	"""A site with more errors than are read in no time."""
	any_site.insert_many(
		"Error Log",
		[
			{"name": f"big{number}", "method": f"m{number % 500}", "error": "x", "seen": number % 2}
			for number in range(3 * LEAST_ROWS)
		],
	)
	if any_site.database.dialect != "sqlite":
		table = "TABLE" if any_site.database.dialect == "mariadb" else ""
		any_site.sql(f"ANALYZE {table} `tabError Log`")
	return any_site


def kinds(answer: dict[str, Any]) -> list[tuple[str, str]]:
	return [(item["kind"], item["column"]) for item in answer["advice"]]


def test_one_row_by_its_name_is_cheap(big: SampleSite) -> None:
	answer = asked(big, "SELECT method FROM `tabError Log` WHERE name = 'big7'")
	assert answer["advice"] == []
	assert answer["sorts"] is False
	assert "full scan" not in [step["access"] for step in answer["steps"]]
	assert "Nothing to improve was found." in as_text(answer)
	assert "big7" not in str(answer)


def test_a_column_without_an_index(big: SampleSite) -> None:
	answer = asked(big, "SELECT name FROM `tabError Log` WHERE method = 'm7' LIMIT 20")
	(step,) = answer["steps"]
	assert (step["table"], step["access"], step["index"]) == ("tabError Log", "full scan", None)
	assert step["rows"] >= 2 * LEAST_ROWS
	assert kinds(answer) == [("index", "method")]
	text = answer["advice"][0]["text"]
	assert f'bench --site {big.name} add-database-index --doctype "Error Log" --column "method"' in text
	assert "search_index" in text
	assert "m7" not in as_text(answer)


def test_a_long_text_takes_no_index(big: SampleSite) -> None:
	answer = asked(big, "SELECT name FROM `tabError Log` WHERE error = 'y' LIMIT 20")
	assert kinds(answer) == [("index", "error")]
	assert "add-database-index" not in answer["advice"][0]["text"]


def test_ways_to_compare_that_defeat_every_index(big: SampleSite) -> None:
	answer = asked(
		big,
		"SELECT * FROM `tabError Log` WHERE method LIKE '%7' AND LOWER(owner) = 'x' AND COALESCE(name, '') = 'z'"
		" ORDER BY method",
	)
	assert answer["sorts"] is True
	assert kinds(answer) == [
		("pattern", "method"),
		("function", "owner"),
		("function", "name"),
		("sort", "method"),
		("limit", ""),
	]
	shown = as_text(answer)
	assert "(filesort)" in shown
	assert "[pattern]" in shown


def test_a_join_without_an_index(big: SampleSite) -> None:
	answer = asked(
		big,
		"SELECT a.name FROM `tabError Log` a JOIN `tabError Log` b ON b.method = a.method WHERE a.name = 'big1' LIMIT 5",
	)
	assert ("index", "method") in kinds(answer)


def test_everything_of_a_table(big: SampleSite) -> None:
	answer = asked(big, "SELECT method, COUNT(*) FROM `tabError Log` GROUP BY method")
	assert {("condition", ""), ("limit", "")} <= set(kinds(answer))


def test_what_the_database_does_not_understand_is_said(any_site: SampleSite) -> None:
	for text in ("SELECT no_such FROM `tabUser`", "SELECT name FROM `tabNo Such`", "SELECT FROM WHERE"):
		with pytest.raises(UsageError, match="cannot plan this query"):
			asked(any_site, text)


def test_nothing_is_executed(any_site: SampleSite) -> None:
	before = any_site.checksums()
	asked(any_site, "SELECT name FROM `tabUser` WHERE name IN (SELECT parent FROM `tabHas Role`)")
	assert any_site.checksums() == before
