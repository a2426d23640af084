"""Repairs of the database do what they say, on each database that knows them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from recovery_console.core.action import build
from recovery_console.core.action_registry import find_action
from recovery_console.core.actions.database._running import Running
from recovery_console.core.errors import ConsoleError, NotApplicable, UsageError
from tests.conftest import Samples
from tests.core.actions._trying import acts_done, breaks, findings, planned, writable
from tests.faults import all_faults
from tests.faults.database._help import postgres, run_beside
from tests.support.sample import SampleSite

#: Fault, action, its parameters.
REPAIRS: list[tuple[str, str, dict[str, Any]]] = [
	("database.long_query", "database.end_query", {"longer_than": "1 s"}),
	("database.console_left_open", "database.end_idle_transaction", {"longer_than": "1 s"}),
	("database.waits_for_a_row", "database.end_blocker", {"longer_than": "1 s"}),
	("database.index_of_field_dropped", "database.add_missing_index", {"big_rows": 1}),
	("database.index_of_child_table_dropped", "database.add_missing_index", {"big_rows": 1}),
	("database.table_in_myisam", "database.convert_engine", {}),
	("database.table_of_another_collation", "database.convert_collation", {}),
	("database.table_without_emoji", "database.convert_collation", {}),
	("database.mostly_empty_file", "database.reclaim_space", {}),
	("database.never_vacuumed", "database.reclaim_space", {}),
	("database.journal_of_the_old_kind", "database.set_journal_mode", {}),
	("database.log_never_taken_in", "database.checkpoint", {}),
	("database.table_cut_off", "database.repair_table", {}),
	("database.index_out_of_step", "database.repair_table", {}),
]
CASES = [
	pytest.param(database, fault, action, given, id=f"{fault}-{database}")
	for fault, action, given in REPAIRS
	for database in all_faults()[fault].databases
]


@pytest.mark.parametrize(("database", "fault", "action", "given"), CASES)
def test_what_a_fault_broke_is_mended(
	samples: Samples,
	request: pytest.FixtureRequest,
	database: str,
	fault: str,
	action: str,
	given: dict[str, Any],
) -> None:
	if database not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	site = samples.site(database)
	breaks(site, fault)
	found = all_faults()[fault]
	assert findings(site, found.check)
	plan, said = acts_done(site, action, **given)
	assert plan.count == len(said) >= 1
	assert plan.count == found.count or found.count == 1
	site.close()
	assert not findings(site, found.check)


@pytest.mark.parametrize(
	("named", "told"),
	[
		(["--site", "{site}"], True),
		(["--site=all"], True),
		([], True),
		(["--site", "another.example.org"], False),
	],
)
def test_a_migration_that_runs_is_told_before_its_lock_is_taken(
	samples: Samples, named: list[str], told: bool
) -> None:
	site = samples.site("mariadb")
	breaks(site, "database.waits_for_a_row")
	words = [word.format(site=site.name) for word in named]
	waits = [sys.executable, "-c", "input()", "frappe", *words, "migrate"]
	with subprocess.Popen(waits, cwd=site.bench.folder, stdin=subprocess.PIPE) as migration:
		plan = planned(site, "database.end_blocker", longer_than="1 s")
		migration.communicate(b"\n")
	assert any(f"(process {migration.pid})" in warning for warning in plan.warnings) is told


def test_another_query_under_the_same_number_is_left_alone(samples: Samples) -> None:
	site = samples.site("mariadb")
	breaks(site, "database.long_query")
	plan = planned(site, "database.end_query", longer_than="1 s")
	[act] = plan.edits
	moved = type(act)(act.what, act.kind_of, act.name, {**act.arguments, "digest": "another"})  # type: ignore[attr-defined,call-arg]
	with writable(site) as opened:
		said = build(find_action("database.end_query"), {}).perform(opened, moved)  # type: ignore[arg-type]
	assert said == "It had ended by itself."
	assert findings(site, "database.long_queries")


@pytest.mark.parametrize(
	("action", "given"),
	[
		("database.end_query", {"queries": "1 OR 1=1"}),
		("database.end_query", {"queries": ["999999999"]}),
		("database.analyse", {"tables": ["tabUser`; DROP TABLE `tabUser"]}),
		("database.analyse", {"tables": ["<script>"]}),
		("database.reclaim_space", {"tables": ["mysql.user"]}),
		("database.convert_engine", {"tables": ["tabUser"]}),
		("database.add_missing_index", {"indexes": ["User.name"]}),
		("database.repair_table", {"names": ["tabUser"]}),
	],
)
def test_what_is_not_there_is_refused(samples: Samples, action: str, given: dict[str, Any]) -> None:
	site = samples.site("mariadb")
	with pytest.raises(UsageError) as caught:
		planned(site, action, **given)
	assert "Nothing was changed." in str(caught.value)


def test_a_healthy_site_gives_nothing_to_do(any_site: SampleSite) -> None:
	for action in ("end_query", "end_idle_transaction", "end_blocker", "add_missing_index", "convert_engine"):
		try:
			assert not planned(any_site, f"database.{action}").count
		except NotApplicable:
			assert any_site.database.dialect != "postgres" or action.startswith("convert")


def test_statistics_are_renewed(any_site: SampleSite) -> None:
	plan, said = acts_done(any_site, "database.analyse", tables=["tabUser", "tabDocField"])
	assert [edit.subject.name for edit in plan.edits] == ["tabUser", "tabDocField"]
	assert len(said) == 2
	assert planned(any_site, "database.analyse", rows=1, most=3).count == 3


def test_postgres_freezes_and_drops_what_is_invalid(samples: Samples) -> None:
	site = samples.site("postgres")
	assert not planned(site, "database.freeze").count
	plan, said = acts_done(site, "database.freeze", older_than_transactions=1, most=3)
	assert plan.count == 3
	assert said[0] == "Frozen."
	site.sql("CREATE INDEX half_made ON `tabUser` (full_name)")
	connection = postgres(site).connect(site.db_name)
	with connection.cursor() as cursor:
		cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'half_made'::regclass")
	connection.close()
	plan, said = acts_done(site, "database.drop_invalid_index")
	assert [edit.subject.name for edit in plan.edits] == ["half_made"]
	assert said == ["Dropped."]
	assert not planned(site, "database.drop_invalid_index").count


def test_an_open_reader_keeps_the_log(samples: Samples) -> None:
	site = samples.site("sqlite")
	breaks(site, "database.log_never_taken_in")
	import sqlite3

	reader = sqlite3.connect(site.path / "db" / f"{site.db_name}.db", isolation_level=None)
	reader.execute("BEGIN")
	reader.execute("SELECT COUNT(*) FROM `tabUser`").fetchall()
	site.sql("UPDATE `tabUser` SET idx = idx")
	try:
		with pytest.raises(ConsoleError, match="reads on"):
			acts_done(site, "database.checkpoint")
	finally:
		reader.close()


def test_log_rows_go_after_as_many_days_as_log_settings_say(any_site: SampleSite) -> None:
	kept = any_site.rows("Logs To Clear", {"ref_doctype": "Error Log"}, ["days"])
	if not kept:
		any_site.insert("Logs To Clear", parent="Log Settings", ref_doctype="Error Log", days=30)
	days = int(kept[0]["days"]) if kept else 30
	for number, age in enumerate((days + 1, days + 0.01, days - 0.01)):
		at = any_site.days_ago(age)
		any_site.insert("Error Log", name=f"log{number}", method="x", error="x", creation=at, modified=at)
	for number in range(3):
		at = any_site.days_ago(400 - number)
		any_site.insert("Email Queue", name=f"mail{number}", status="Sent", creation=at, modified=at)
		any_site.insert(
			"Email Queue Recipient", name=f"to{number}", parent=f"mail{number}", recipient="a@b.c"
		)
	before = any_site.count("Error Log")
	others = any_site.count("Email Queue Recipient")
	plan, said = acts_done(any_site, "database.prune_logs", doctypes=["Error Log"])
	assert [edit.arguments["rows"] for edit in plan.edits] == [2]  # type: ignore[attr-defined]
	assert said == ["Rows deleted: 2."]
	assert any_site.count("Error Log") == before - 2
	assert any_site.count("Error Log", {"name": "log2"}) == 1
	plan, said = acts_done(any_site, "database.prune_logs", doctypes=["Email Queue"], rows=2)
	assert said == ["Rows deleted: 2."], "no more at once than asked for, the oldest first"
	assert any_site.count("Email Queue", {"name": "mail2"}) == 1
	assert any_site.count("Email Queue Recipient") == others - 2


def test_logs_that_log_settings_do_not_name_stay(site: SampleSite) -> None:
	site.delete("Logs To Clear", {"ref_doctype": "Error Log"})
	plan = planned(site, "database.prune_logs")
	assert "Error Log" in {left.subject.name for left in plan.left_out}
	for name in ("Error Log", "Customer", "Version"):
		with pytest.raises(UsageError):
			planned(site, "database.prune_logs", doctypes=[name])


@pytest.mark.parametrize(
	("statement", "whole"),
	[
		("ALTER TABLE `tabUser` ADD COLUMN x int", True),
		("  optimize table `tabUser`", True),
		("SELECT name FROM `tabUser`", False),
		("UPDATE `tabUser` SET x = 'ALTER'", False),
		("", False),
	],
)
def test_what_changes_a_table_as_a_whole_is_known(statement: str, whole: bool) -> None:
	assert Running(1, 900, statement, "Query").changes_tables is whole


@pytest.mark.parametrize("database", ["mariadb", "postgres"])
def test_a_change_of_a_table_is_ended_only_when_it_is_named(
	samples: Samples, request: pytest.FixtureRequest, database: str
) -> None:
	if database not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{database} was left out with --databases")
	site = samples.site(database)
	sleep = "SLEEP(30)" if database == "mariadb" else "PG_SLEEP(30)::text"
	run_beside(site, f"CREATE TEMPORARY TABLE rc_slow AS SELECT 1 AS one, {sleep} AS slept", seconds=2.2)
	plan = planned(site, "database.end_query", longer_than="1 s")
	assert plan.count == 0
	[left] = plan.left_out
	assert "migration" in left.why
	assert planned(site, "database.end_query", queries=[left.subject.name]).count == 1
