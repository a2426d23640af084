"""The backups family: limits to the very hour, names of every kind, and what cannot be read."""

from __future__ import annotations

import gzip
import os

import pytest

from recovery_console.core.checks.backups._sets import all_sets
from recovery_console.core.checks.backups.contents import Contents
from recovery_console.core.checks.backups.retention import Retention
from recovery_console.core.finding import Status
from recovery_console.core.runner import run_check
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.faults.backups._files import dump, folder, only, part, replace
from tests.support.sample import SampleSite


def status(site: SampleSite, check: str) -> Status:
	(result,) = look_at(site, check).results
	return result.status


@pytest.mark.parametrize(
	("hours", "expected"),
	[(23.99, Status.OK), (24, Status.WARNING), (47.99, Status.WARNING), (48, Status.CRITICAL)],
)
def test_the_age_of_the_newest_backup(site: SampleSite, hours: float, expected: Status) -> None:
	only(site, (hours, hours + 6))
	assert status(site, "backups.age") is expected


@pytest.mark.parametrize(("hours", "expected"), [(12.9, Status.OK), (13.1, Status.WARNING)])
def test_late_is_measured_by_the_usual_interval(site: SampleSite, hours: float, expected: Status) -> None:
	only(site, (hours, hours + 6, hours + 12))
	assert status(site, "backups.schedule") is expected


def test_a_new_site_may_have_no_backup_yet(site: SampleSite) -> None:
	only(site, ())
	site.update("User", "Administrator", creation=site.hours_ago(20))
	assert status(site, "backups.age") is Status.OK
	site.update("User", "Administrator", creation=site.hours_ago(30))
	assert status(site, "backups.age") is Status.WARNING


def test_without_the_database_the_time_of_the_file_counts(site: SampleSite) -> None:
	only(site, (30, 36))
	site.set_config(db_name="_not_there")
	assert status(site, "backups.age") is Status.WARNING
	assert status(site, "backups.retention") is Status.UNKNOWN
	only(site, ())
	assert status(site, "backups.age") is Status.CRITICAL


def test_every_kind_of_name_is_known(site: SampleSite) -> None:
	slug = site.name.replace(".", "_")
	for path in folder(site).iterdir():
		path.unlink()
	for name in (
		f"20261101_010203-{slug}-database.sql.gz",
		f"20261101_010203-{slug}-files.tgz",
		f"20261101_010203-{slug}-private-files.tgz",
		f"20261101_010203-{slug}-site_config_backup.json",
		f"20261102_010203-{slug}-partial-database.sql.gz",
		f"20261103_010203-{slug}-database-enc.sql.gz",
		f"20261103_010203-{slug}-site_config_backup-enc.json",
		"20261104_010203-other_example_org-database.sql.gz",
		"notes.txt",
	):
		(folder(site) / name).write_bytes(b"x")
	with open_site(site.bench.folder, site.name) as opened:
		found = {item.stamp[:8]: item for item in all_sets(opened)}
	assert sorted(found) == ["20261101", "20261102", "20261103"]
	assert found["20261101"].has_database
	assert found["20261101"].has_files
	assert found["20261102"].partial
	assert not found["20261102"].has_database
	assert found["20261103"].encrypted


def test_backups_outside_the_bench_are_found(site: SampleSite) -> None:
	elsewhere = site.bench.folder.parent / "backups-elsewhere"
	elsewhere.mkdir(exist_ok=True)
	for path in folder(site).iterdir():
		path.rename(elsewhere / path.name)
	site.set_config(backup_path=str(elsewhere))
	elsewhere.chmod(0o700)
	try:
		assert look_at(site, families=("backups",)).findings == []
	finally:
		for path in elsewhere.iterdir():
			path.unlink()


def test_a_backup_that_is_still_being_written_is_let_be(site: SampleSite) -> None:
	only(site, (2, 8, 14))
	path = replace(site, 0.1, "database.sql.gz", b"")
	os.utime(path, (site.bench.now.timestamp() - 60,) * 2)
	report = look_at(site, families=("backups",))
	assert report.findings == []


def test_a_dump_is_read_over_the_seams_of_its_pieces(site: SampleSite) -> None:
	tables = ("__Auth", "tabDefaultValue", "tabDocType", "tabSingles", "tabUser")
	filler = "-" * (1024 * 1024 - 20)
	text = "".join(f"{filler}CREATE TABLE `{name}` (x);\n" for name in tables)
	replace(site, 2, "database.sql.gz", dump(text))
	assert status(site, "backups.contents") is Status.OK


def test_a_dump_of_postgres_and_a_file_of_sqlite_are_whole(site: SampleSite) -> None:
	tables = ("__Auth", "tabDefaultValue", "tabDocType", "tabSingles", "tabUser")
	text = "".join(f'CREATE TABLE public."{name}" (\n' for name in tables)
	content = gzip.compress((text + "\n-- PostgreSQL database dump complete\n").encode())
	replace(site, 2, "database.sql.gz", content)
	assert status(site, "backups.contents") is Status.OK
	page = b"SQLite format 3\0" + (4096).to_bytes(2, "big") + bytes(10) + (2).to_bytes(4, "big")
	replace(site, 2, "database.sql.gz", gzip.compress(page.ljust(8192, b"\0")))
	assert status(site, "backups.contents") is Status.OK
	replace(site, 2, "database.sql.gz", gzip.compress(page.ljust(8191, b"\0")))
	assert status(site, "backups.contents") is Status.CRITICAL


def test_reading_ends_in_time(site: SampleSite) -> None:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		result = run_check(opened, Contents(seconds=-1))
	assert result.status is Status.UNKNOWN
	assert "could not be read to its end" in (result.reason or "")


def test_a_folder_that_may_not_be_read_is_unknown(site: SampleSite) -> None:
	if os.geteuid() == 0:
		pytest.skip("nothing is closed to root")
	folder(site).chmod(0)
	assert status(site, "backups.age") is Status.UNKNOWN


def test_one_backup_is_few_only_for_a_site_of_some_age(site: SampleSite) -> None:
	only(site, (2,))
	assert part(site, 2, "database.sql.gz").exists()
	assert status(site, "backups.retention") is Status.WARNING
	site.update("User", "Administrator", creation=site.now - Retention().young * 0.9)
	assert status(site, "backups.retention") is Status.OK
