"""`explain-query`: from a query to its plan, by argument, file or standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery_console.rescue.cli import cli
from tests.support.sample import SampleSite

QUERY = "SELECT name FROM \"tabUser\" WHERE email = 'anna@example.org'"


def call(site: SampleSite, *arguments: str, stdin: str | None = None) -> Result:
	named = ("--bench", str(site.bench.folder), "--site", site.name, "explain-query")
	return CliRunner().invoke(cli, (*named, *arguments), input=stdin)


def test_an_argument_a_file_and_standard_input_give_the_same(site: SampleSite, tmp_path: Path) -> None:
	file = tmp_path / "slow.sql"
	file.write_text(f"{QUERY};\n")
	answers = [call(site, QUERY), call(site, "--file", str(file)), call(site, "-", stdin=QUERY)]
	assert [answer.exit_code for answer in answers] == [0, 0, 0]
	assert len({answer.stdout for answer in answers}) == 1
	assert "tabUser" in answers[0].stdout
	assert "anna" not in answers[0].output


def test_json_holds_the_steps(site: SampleSite) -> None:
	answer = json.loads(call(site, QUERY, "--format", "json").stdout)
	assert answer["version"] == 1
	assert answer["query"].endswith("WHERE email = ?")
	assert [step["table"] for step in answer["steps"]] == ["tabUser"]


@pytest.mark.parametrize(
	("query", "said"),
	[
		('DELETE FROM "tabUser"', "only a SELECT"),
		("SELECT no_such FROM tabUser", "cannot plan this query"),
		("", "The text is empty"),
	],
)
def test_what_makes_no_sense_exits_with_64_and_advice(site: SampleSite, query: str, said: str) -> None:
	answer = call(site, query)
	assert (answer.exit_code, answer.stdout) == (64, "")
	assert said in answer.stderr
	assert "Traceback" not in answer.output


def test_a_database_that_is_gone_is_said(site: SampleSite) -> None:
	site.set_config(db_name="gone")
	answer = call(site, QUERY)
	assert answer.exit_code == 69
	assert "is not there" in answer.stderr
