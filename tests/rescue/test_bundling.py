"""`bundle`: evidence of any site in one file, with Frappe and without."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery_console.rescue.cli import cli
from tests.support.console import install_console
from tests.support.sample import SampleSite


def bundle(site: SampleSite, *arguments: str) -> Result:
	return CliRunner().invoke(
		cli, ["--bench", str(site.bench.folder), "--site", site.name, "bundle", *arguments]
	)


def test_it_is_written_and_its_place_printed(site: SampleSite, tmp_path: Path) -> None:
	path = tmp_path / "evidence.zip"
	done = bundle(site, "--output", str(path))
	assert done.exit_code == 0, done.output
	assert done.stdout.strip() == str(path)
	assert "SHA-256" in done.stderr
	with zipfile.ZipFile(path) as opened:
		assert "report.html" in opened.namelist()
	assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_name_it_is_called_after_the_site(
	site: SampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.chdir(tmp_path)
	done = bundle(site, "--format", "json")
	assert json.loads(done.stdout)["site"] == site.name
	[path] = tmp_path.iterdir()
	assert path.name.startswith(f"evidence-{site.name}-20")


def test_while_the_database_is_down_it_says_what_is_missing(site: SampleSite, tmp_path: Path) -> None:
	site.set_config(db_name="gone")
	done = bundle(site, "--output", str(tmp_path / "evidence.zip"))
	assert done.exit_code == 0, done.output
	assert "unknown   errors.json" in done.stderr


def test_with_an_incident_it_holds_its_timeline(site: SampleSite, tmp_path: Path) -> None:
	install_console(site)
	path = tmp_path / "evidence.zip"
	done = bundle(site, "--output", str(path), "--incident", "RC-INC-2026-00001")
	assert done.exit_code == 0, done.output
	with zipfile.ZipFile(path) as opened:
		lines = json.loads(opened.read("timeline.json"))
		assert [line["detail"] for line in lines] == ["It was seen.", "It is over. — œ ✓"]
		assert json.loads(opened.read("manifest.json"))["incident"] == "RC-INC-2026-00001"


def test_an_incident_that_there_is_not_is_an_error(site: SampleSite, tmp_path: Path) -> None:
	done = bundle(site, "--output", str(tmp_path / "evidence.zip"), "--incident", "RC-INC-2026-99999")
	assert done.exit_code == 66
	assert "There is no incident RC-INC-2026-99999" in done.stderr
	assert not (tmp_path / "evidence.zip").exists()


def test_a_place_that_cannot_be_written_is_an_error(site: SampleSite, tmp_path: Path) -> None:
	(tmp_path / "file").write_text("x")
	done = bundle(site, "--output", str(tmp_path / "file" / "evidence.zip"))
	assert done.exit_code == 73
	assert "cannot be written" in done.stderr
