"""Fills a site in MariaDB with many rows, inside the server and in the order of time, as years of use would have.

The same statements fill a sample site and a real one: tables and columns that a site lacks are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.benchmarks.members import ADDRESS, PERSONS
from tests.benchmarks.rows import (
	BOOKS,
	LOGS,
	PEOPLE,
	PREFIXES,
	SESSIONS,
	YEAR,
	Rows,
	text,
)
from tests.support.sepa_numbers import BICS, iban

Execute = Callable[..., list[dict[str, Any]]]
#: So many rows at most go into one transaction.
_STEP = 100_000


def fill(execute: Execute, now: datetime, size: int, people: int = PEOPLE) -> dict[str, int]:
	"""Fill a site and bring the server's statistics up to date.

	Args:
		execute: Runs a statement, as ``SampleSite.sql``.
		now: The site's present time, as its columns hold it.
		size: So many rows in each log and book.
		people: So many members with mandates, users and customers.

	Returns:
		How many rows each table got.
	"""
	columns = _columns(execute)
	_people(execute, people)
	facts = {
		"now": f"TIMESTAMP('{now:%Y-%m-%d %H:%M:%S}')",
		"company": _first(execute, "Company"),
		"bank_account": _first(execute, "Bank Account"),
	}
	filled: dict[str, int] = {}
	for rows in (*LOGS, *BOOKS, *PERSONS):
		known = columns.get(f"tab{rows.doctype}")
		if known is not None and (people or rows.source != "bench_people"):
			many = people if rows.source == "bench_people" else int(size * rows.many)
			for statement in statements(rows, known, many, facts):
				execute(statement)
			filled[rows.doctype] = filled.get(rows.doctype, 0) + many
	if people:
		_sessions(execute, facts["now"], people)
	for prefix in PREFIXES:
		execute(f"REPLACE INTO `tabSeries` (`name`, `current`) VALUES ('{prefix}-{YEAR}-', {size})")
	execute("DROP TABLE bench_people")
	execute(f"ANALYZE TABLE {', '.join(f'`tab{doctype}`' for doctype in filled)}")
	return filled


def spread(execute: Execute, now: datetime, size: int, days: Mapping[str, int]) -> None:
	"""Fill these logs again, with as many rows, over so many days each."""
	columns = _columns(execute)
	facts = {"now": f"TIMESTAMP('{now:%Y-%m-%d %H:%M:%S}')", "company": "''", "bank_account": "''"}
	for rows in (replace(rows, days=days[rows.doctype]) for rows in LOGS if rows.doctype in days):
		execute(f"TRUNCATE TABLE `tab{rows.doctype}`")
		for statement in statements(rows, columns[f"tab{rows.doctype}"], size, facts):
			execute(statement)
		execute(f"ANALYZE TABLE `tab{rows.doctype}`")


def statements(rows: Rows, known: Mapping[str, str], many: int, facts: Mapping[str, str]) -> Iterator[str]:
	"""Yield the statements that insert the rows of one table, oldest first."""
	when = f"{facts['now']} - INTERVAL FLOOR(({many} - seq) * {rows.days * 86400 / many} + 30) SECOND"
	texts = {
		"name": "seq + 1000000" if known["name"] != "varchar" else rows.name,
		"creation": "{when}",
		"modified": "{when}",
		"owner": "'Administrator'",
		"modified_by": "'Administrator'",
		**rows.columns,
	}
	chosen = {column: text for column, text in texts.items() if column in known}
	selected = ", ".join(chosen.values())
	for key, value in {**facts, "when": when, "n": str(many)}.items():
		selected = selected.replace("{" + key + "}", value)
	into = ", ".join(f"`{column}`" for column in chosen)
	for low in range(1, many + 1, _STEP):
		high = min(many, low + _STEP - 1)
		source = rows.source.format(low=low, high=high)
		where = f" WHERE seq BETWEEN {low} AND {high}" if source == rows.source else ""
		yield f"INSERT INTO `tab{rows.doctype}` ({into}) SELECT {selected} FROM {source}{where}"


def _columns(execute: Execute) -> dict[str, dict[str, str]]:
	found: dict[str, dict[str, str]] = {}
	for row in execute(
		"SELECT table_name AS t, column_name AS c, data_type AS k FROM information_schema.columns"
		" WHERE table_schema = DATABASE()"
	):
		found.setdefault(row["t"], {})[row["c"]] = row["k"]
	return found


def _people(execute: Execute, people: int) -> None:
	"""One row per person with an account number; MariaDB cannot work out check digits."""
	execute(
		"CREATE TABLE bench_people (seq INT PRIMARY KEY, iban VARCHAR(34), bic VARCHAR(11)) ENGINE=InnoDB"
	)
	for low in range(1, people + 1, 5000):
		values = ", ".join(
			f"({seq}, '{account_number(seq)}', '{BICS[bank(seq)]}')"
			for seq in range(low, min(people, low + 4999) + 1)
		)
		execute(f"INSERT INTO bench_people VALUES {values}")


def bank(seq: int) -> str:
	"""Return the bank of the nth person."""
	return ("ABNA", "INGB", "RABO", "TRIO")[seq % 4]


def account_number(seq: int) -> str:
	"""Return the IBAN of the nth person."""
	return iban(bank(seq), 500_000_000 + 23 * seq)


def _first(execute: Execute, doctype: str) -> str:
	rows: Sequence[Mapping[str, Any]] = execute(f"SELECT MIN(name) AS name FROM `tab{doctype}`")
	return text(str(rows[0]["name"] or "").replace("'", "''"))


def _sessions(execute: Execute, now: str, people: int) -> None:
	many = people * SESSIONS // PEOPLE
	execute(
		"INSERT INTO `tabSessions` (`user`, `sid`, `sessiondata`, `ipaddress`, `lastupdate`, `status`)"
		f" SELECT {ADDRESS}, SHA1(seq), '{{}}', '192.0.2.10',"
		f" {now} - INTERVAL MOD(seq * 7, 432000) SECOND, 'Active' FROM seq_1_to_{many}"
	)
