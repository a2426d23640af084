"""What is kept of past diagnoses."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recovery_console.core.errors import OutputError
from recovery_console.core.finding import Status
from recovery_console.core.site import Site, open_site
from recovery_console.core.snapshot import FILE, MOST_LINES, append, count, history, measurements, to_thin

REPORT = {
	"started": "2026-11-22T04:00:00+00:00",
	"status": "critical",
	"families": {"email": "critical"},
	"checks": [
		{
			"id": "email.stuck_sending",
			"status": "critical",
			"measurements": {"stuck": 12},
			"findings": [{"severity": "critical"}, {"severity": "warning"}, {"severity": "info"}],
		},
		{"id": "jobs.workers", "status": "unknown", "measurements": {}, "findings": []},
	],
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
	"""A site whose database cannot be asked: it has none."""
	(tmp_path / "apps").mkdir()
	folder = tmp_path / "sites" / "erp.example.org"
	(folder / "private").mkdir(parents=True)
	(folder / "site_config.json").write_text("{}")
	with open_site(tmp_path, "erp.example.org") as opened:
		yield opened


def at(hour: int) -> dict[str, object]:
	return {**REPORT, "started": f"2026-11-22T{hour:02}:00:00+00:00"}


def test_it_counts_findings_and_checks_that_could_not_look() -> None:
	counted = count(REPORT)
	assert (counted.critical, counted.warning, counted.unknown) == (1, 1, 1)


def test_it_names_measurements_after_their_check() -> None:
	assert measurements(REPORT) == {"email.stuck_sending.stuck": 12}


def test_what_was_added_is_the_history_oldest_first_without_a_database(site: Site) -> None:
	for hour in (5, 4):
		append(site.path, at(hour))
	past = history(site)
	assert [item.taken.hour for item in past] == [4, 5]
	assert past[0].status is Status.CRITICAL
	assert past[0].families == {"email": Status.CRITICAL}


def test_only_its_owner_may_read_the_file(site: Site) -> None:
	path = append(site.path, REPORT)
	assert path == site.path / FILE
	assert path.stat().st_mode & 0o777 == 0o600
	assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_oldest_lines_go(site: Site) -> None:
	path = site.path / FILE
	path.parent.mkdir()
	path.write_text("".join(json.dumps({"number": number}) + "\n" for number in range(MOST_LINES + 5)))
	append(site.path, REPORT)
	lines = path.read_text().splitlines()
	assert len(lines) == MOST_LINES
	assert json.loads(lines[0]) == {"number": 6}


def test_a_line_that_was_cut_off_is_passed_over(site: Site) -> None:
	append(site.path, at(4))
	with (site.path / FILE).open("a") as file:
		file.write('{"started": "2026-11-22T05:0\n{"status": "ok"}\n{"started": "x", "status": "ok"}\n[]\n')
	assert len(history(site)) == 1
	append(site.path, at(6))
	assert [item.taken.hour for item in history(site)] == [4, 6]


def test_a_status_of_another_version_is_passed_over(site: Site) -> None:
	append(site.path, {**REPORT, "status": "splendid"})
	assert history(site) == []


def test_no_history_is_no_error(site: Site) -> None:
	assert history(site) == []


def test_the_history_is_limited_to_the_latest(site: Site) -> None:
	for hour in range(4):
		append(site.path, at(hour))
	assert [item.taken.hour for item in history(site, limit=2)] == [2, 3]


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
	(tmp_path / "private").write_text("in the way")
	with pytest.raises(OutputError, match="cannot be written"):
		append(tmp_path, REPORT)


def test_two_writers_lose_nothing(site: Site) -> None:
	context = multiprocessing.get_context("spawn")
	writers = [context.Process(target=_append_ten, args=(str(site.path),)) for _number in range(3)]
	for writer in writers:
		writer.start()
	for writer in writers:
		writer.join()
	assert len((site.path / FILE).read_text().splitlines()) == 30
	assert sorted(os.listdir((site.path / FILE).parent)) == sorted([FILE.name, "snapshots.lock"])


def _append_ten(path: str) -> None:
	for _number in range(10):
		append(Path(path), REPORT)


def test_what_may_go() -> None:
	now = datetime(2026, 11, 22, 12)
	rules = {"every": timedelta(days=90), "once_a_day": timedelta(days=730)}
	kept = [
		("just inside", now - timedelta(days=90)),
		("first of its day", datetime(2026, 8, 1, 0, 5)),
		("second of its day", datetime(2026, 8, 1, 1, 5)),
		("last of two years", now - timedelta(days=730)),
		("too old", now - timedelta(days=730, seconds=1)),
	]
	assert to_thin(kept, now, **rules) == ["too old", "second of its day"]
	assert to_thin([], now, **rules) == []


def test_root_does_not_follow_where_the_sites_user_leads(server_folder: Path) -> None:
	if os.geteuid() != 0:
		pytest.skip("NOT TESTED: only root can give files to others")
	site, victim = server_folder / "kept" / "site", server_folder / "kept" / "victim"
	site.mkdir(parents=True)
	victim.write_text("root's own")
	victim.chmod(0o600)
	folder = site / FILE.parent
	folder.mkdir(parents=True)
	for path in (site, *site.rglob("*")):
		os.chown(path, 65534, 65534)
	lock = (site / FILE).with_suffix(".lock")
	lock.symlink_to(victim)
	os.lchown(lock, 65534, 65534)
	with pytest.raises(OutputError):
		append(site, {"started": "2026-01-01T00:00:00+00:00"})
	assert (victim.stat().st_uid, victim.read_text()) == (0, "root's own")
	lock.unlink()
	written = append(site, {"started": "2026-01-01T00:00:00+00:00"})
	assert written.stat().st_uid == 65534
	assert os.geteuid() == 0
