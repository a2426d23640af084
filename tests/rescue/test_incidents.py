"""`incident …` in break-glass: what is opened and noted while the site cannot keep it."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery_console.core.incidents_beside import IncidentsBeside, TakenIn
from recovery_console.rescue.cli import cli
from tests.support.sample import SampleSite

TITLE = "Nobody can print <b>labels</b>"


@pytest.fixture
def down(site: SampleSite) -> Iterator[SampleSite]:
	"""A site whose database does not answer."""
	site.set_config(db_name="gone")
	yield site
	site.bench.restore()


def at(site: SampleSite, *arguments: str) -> Result:
	return CliRunner().invoke(
		cli, ["--bench", str(site.bench.folder), "--site", site.name, "incident", *arguments]
	)


def opened(site: SampleSite, *arguments: str) -> str:
	done = at(site, "open", TITLE, *arguments)
	assert done.exit_code == 0, done.output
	return done.stdout.strip()


def path_of(site: SampleSite, name: str) -> Path:
	return site.path / "private" / "recovery_console" / "incidents" / f"{name}.jsonl"


def test_an_incident_is_opened_while_the_database_is_down(down: SampleSite) -> None:
	name = opened(down, "--severity", "S1", "--category", "vendor", "--description", "Since nine o'clock")
	listed = at(down, "list")
	assert name in listed.stdout
	assert "S1" in listed.stdout
	assert "Only what is kept beside the site is shown" in listed.stderr
	found = json.loads(at(down, "show", name, "--format", "json").stdout)
	assert found["title"] == TITLE
	assert (found["severity"], found["category"], found["status"]) == ("S1", "Vendor", "Detected")
	assert found["beside_the_site"] is True
	assert [line["event"] for line in found["timeline"]] == ["Opened"]


def test_its_file_belongs_to_the_bench_alone(down: SampleSite) -> None:
	path = path_of(down, opened(down))
	assert stat.S_IMODE(path.stat().st_mode) == 0o600
	assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_notes_and_statuses_make_its_timeline(down: SampleSite) -> None:
	name = opened(down)
	assert at(down, "note", name, "Printer restarted").exit_code == 0
	assert at(down, "ack", name, "--note", "I look").exit_code == 0
	assert at(down, "resolve", name, "--note", "New cable").exit_code == 0
	shown = at(down, "show", name).stdout
	assert shown.splitlines()[0].split() == ["S2", name, "Resolved"]
	assert "Printer restarted" in shown
	assert "Acknowledged: I look" in shown
	assert name not in at(down, "list").stdout
	assert name in at(down, "list", "--all").stdout


def test_what_it_cannot_become_is_refused(down: SampleSite) -> None:
	name = opened(down)
	at(down, "resolve", name, "--note", "New cable")
	refused = at(down, "ack", name)
	assert refused.exit_code == 64
	assert "that is Resolved cannot become Acknowledged" in refused.stderr
	assert at(down, "note", name, " ").exit_code == 64
	assert at(down, "open", " ").exit_code == 64


def test_secrets_do_not_reach_the_file(down: SampleSite) -> None:
	name = opened(down, "--description", "password=hunter2 mysql://root:hunter2@db/x")
	at(down, "note", name, "Authorization: Bearer hunter2hunter2hunter2")
	assert "hunter2" not in path_of(down, name).read_text()


def test_a_text_comes_from_standard_input(down: SampleSite) -> None:
	name = opened(down)
	arguments = ["--bench", str(down.bench.folder), "--site", down.name, "incident", "note", name, "-"]
	assert CliRunner().invoke(cli, arguments, input="line one\nline two\n").exit_code == 0
	assert "line one line two" in " ".join(at(down, "show", name).stdout.split())


def test_a_report_can_be_handed_on(down: SampleSite, tmp_path: Path) -> None:
	name = opened(down)
	text = at(down, "report", name).stdout
	assert text.startswith("# S2 Nobody can print &lt;b&gt;labels")
	assert "## Timeline" in text
	target = tmp_path / "report.json"
	assert at(down, "report", name, "--format", "json", "--output", str(target)).exit_code == 0
	assert json.loads(target.read_text())["name"] == name
	assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["BG-20260101-000000-ABCD", "RC-INC-1999-00001", "../../etc/passwd", ""])
def test_an_incident_that_there_is_not_is_said(site: SampleSite, name: str) -> None:
	for command in (["show", name], ["note", name, "text"], ["ack", name], ["report", name]):
		done = at(site, *command)
		assert done.exit_code == 66, done.output
		assert "incident list --all" in done.stderr
	assert not (site.path / "private" / "recovery_console" / "incidents").exists()


def test_a_note_on_an_incident_of_the_site_is_kept_while_it_cannot_be_looked_up(down: SampleSite) -> None:
	assert at(down, "note", "RC-INC-2026-00007", "Called the vendor").exit_code == 0
	shown = at(down, "show", "RC-INC-2026-00007")
	assert "Called the vendor" in shown.stdout
	assert "cannot be read now" in shown.stdout


def test_what_somebody_changed_is_not_shown_as_true(down: SampleSite) -> None:
	name = opened(down)
	path = path_of(down, name)
	path.write_text(path.read_text().replace("S2", "S4"))
	assert "was changed" in at(down, "show", name).stderr
	listed = at(down, "list")
	assert listed.exit_code == 0
	assert "was changed" in listed.stderr


def test_half_a_line_that_a_crash_left_is_none(down: SampleSite) -> None:
	name = opened(down)
	with path_of(down, name).open("ab") as file:
		file.write(b'{"number": 2, "at": "2026-')
	assert at(down, "note", name, "after the crash").exit_code == 0
	shown = json.loads(at(down, "show", name, "--format", "json").stdout)
	assert [line["event"] for line in shown["timeline"]] == ["Opened", "Note"]


def test_what_the_site_took_in_is_not_told_twice(down: SampleSite) -> None:
	name = opened(down)
	beside = IncidentsBeside(down.path)
	assert beside.waits(name)
	beside.mark_taken(name, TakenIn("RC-INC-2026-00001", 1))
	assert not beside.waits(name)
	assert name not in at(down, "list").stdout
	at(down, "note", name, "later")
	assert [entry.number for entry in beside.pending(name)] == [2]


@pytest.mark.parametrize(
	"arguments",
	[
		["open"],
		["open", "x", "--severity", "P1"],
		["list", "extra"],
		["nonsense"],
		["report", "X", "--format", "pdf"],
	],
)
def test_a_call_that_makes_no_sense_exits_with_64(site: SampleSite, arguments: list[str]) -> None:
	assert at(site, *arguments).exit_code == 64
