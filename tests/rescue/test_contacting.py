"""`contacts` and the reports of an incident that are handed to others, in break-glass."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery_console.core.contacts_card import card_path
from recovery_console.rescue.cli import cli
from tests.support.sample import SampleSite


def at(site: SampleSite, *arguments: str) -> Result:
	return CliRunner().invoke(
		cli, ["--bench", str(site.bench.folder), "--site", site.name, *arguments], standalone_mode=True
	)


@pytest.fixture
def down(site: SampleSite) -> SampleSite:
	"""A site whose database does not answer, with a card."""
	for form, text in (("text", "Olga +31 20 5550100\n"), ("html", "<!doctype html>\n")):
		path = card_path(site.path, form)
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text(text)
	site.set_config(db_name="gone")
	return site


def test_the_card_is_shown_while_nothing_works(down: SampleSite) -> None:
	done = at(down, "contacts")
	assert (done.exit_code, done.stdout) == (0, "Olga +31 20 5550100\n")
	assert at(down, "contacts", "--format", "html").stdout == "<!doctype html>\n"


def test_it_is_written_to_a_file_that_belongs_to_its_user_alone(down: SampleSite, tmp_path: Path) -> None:
	path = tmp_path / "card.html"
	assert at(down, "contacts", "--format", "html", "--output", str(path)).exit_code == 0
	assert path.read_text() == "<!doctype html>\n"
	assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_card_it_says_what_to_do(site: SampleSite) -> None:
	done = at(site, "contacts")
	assert done.exit_code == 66
	assert "no contacts card" in done.stderr
	assert "bench migrate" in done.stderr


@pytest.mark.parametrize(("form", "said"), [("packet", "1. Description"), ("vendor", "Subject: S1 ")])
def test_an_incident_is_handed_over_while_the_database_is_down(
	down: SampleSite, form: str, said: str
) -> None:
	name = at(down, "incident", "open", "Nobody can pay", "--severity", "S1").stdout.strip()
	done = at(down, "incident", "report", name, "--format", form)
	assert done.exit_code == 0, done.output
	assert said in done.stdout
	assert "Nobody can pay" in done.stdout
	assert "It could not be read" in done.stdout
