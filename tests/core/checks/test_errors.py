"""Boundaries of the checks on errors, and how log files are read."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta
from pathlib import Path

import pytest

from recovery_console.core.checks.errors import _groups, _log_files
from recovery_console.core.finding import Finding, Severity, Status
from recovery_console.core.knowledge import sandbox
from recovery_console.core.report import Report
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.faults.errors._errors import log, traceback
from tests.support.console import Console
from tests.support.sample import SampleSite


def said(report: Report) -> list[Finding]:
	return [finding for result in report.results for finding in result.findings]


def statuses(report: Report) -> dict[str, Status]:
	return {result.check.id: result.status for result in report.results}


def test_what_cannot_be_asked_is_unknown(site: SampleSite) -> None:
	site.bench.redis_cache.stop()
	assert statuses(look_at(site, "errors.waiting")) == {"errors.waiting": Status.UNKNOWN}
	site.set_config(db_name="gone")
	found = statuses(look_at(site, families=("errors",)))
	assert found.pop("errors.log_files") is Status.OK
	assert set(found.values()) == {Status.UNKNOWN}


def test_ten_an_hour_and_twenty_a_day_are_tolerated(any_site: SampleSite) -> None:
	for number in range(10):
		log(any_site, f"hour{number}", any_site.minutes_ago(59), "x", f"Title {chr(65 + number)}")
		log(any_site, f"day{number}", any_site.hours_ago(23.9), "x", f"Title {chr(75 + number)}")
	log(any_site, "yesterday", any_site.hours_ago(24.1), "x")
	assert said(look_at(any_site, "errors.rate")) == []
	log(any_site, "one-more", any_site.minutes_ago(1), "x")
	(finding,) = said(look_at(any_site, "errors.rate"))
	assert (finding.count, finding.evidence["last_day"], finding.evidence["day_before"]) == (11, 21, 1)


def test_a_known_error_is_explained(site: SampleSite) -> None:
	text = traceback("(1213, 'Deadlock found when trying to get lock')", "pymysql.err.OperationalError")
	for number in range(10):
		log(site, f"lock{number}", site.hours_ago(2), text)
	(finding,) = said(look_at(site, "errors.repeated"))
	assert finding.severity is Severity.WARNING
	assert finding.evidence["known_error"]
	assert finding.evidence["known_cause"].strip() in finding.render(finding.cause)


def known_error(site: SampleSite, name: str, pattern: str, *, enabled: int = 1) -> None:
	"""A Known Error of the site; one with the id of ours stands for ours."""
	console = Console(site)
	console.data.insert(
		"Known Error", name=name, title=name, pattern=pattern, cause="Ours.", fix="Do it.", enabled=enabled
	)


def test_what_a_site_knows_itself_explains_its_errors(any_site: SampleSite) -> None:
	known_error(any_site, "OWN-1", r"Flux capacitor \d+ is empty")
	text = traceback("Flux capacitor 7 is empty", "erpnext.Broken")
	for number in range(10):
		log(any_site, f"flux{number}", any_site.hours_ago(2), text)
	any_site.add_job("default", method="frappe.ping", status="failed", exc=text)
	findings = said(look_at(any_site, "errors.repeated", "jobs.failed"))
	assert [(finding.evidence["known_error"], finding.evidence["known_cause"]) for finding in findings] == [
		("OWN-1", " Ours.")
	] * 2


def test_a_slow_pattern_of_a_site_holds_nothing_up(site: SampleSite, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(sandbox, "_slow", {})
	known_error(site, "OWN-1", "failed (a+)+$")
	for number in range(10):
		log(site, f"slow{number}", site.hours_ago(2), traceback(f"failed {'a' * 200}!", "KeyError"))
	(finding,) = said(look_at(site, "errors.repeated"))
	assert finding.evidence["known_error"] == ""


def test_a_known_error_that_was_switched_off_explains_nothing(any_site: SampleSite) -> None:
	text = traceback("(1213, 'Deadlock found when trying to get lock')", "pymysql.err.OperationalError")
	for number in range(10):
		log(any_site, f"lock{number}", any_site.hours_ago(2), text)
	any_site.add_job("default", method="frappe.ping", status="failed", exc=text)
	known = [f.evidence["known_error"] for f in said(look_at(any_site, "errors.repeated", "jobs.failed"))]
	assert known == ["DB-01", "DB-01"]
	known_error(any_site, "DB-01", "Deadlock found", enabled=0)
	known = [f.evidence["known_error"] for f in said(look_at(any_site, "errors.repeated", "jobs.failed"))]
	assert known == ["", ""]


def test_long_messages_of_one_problem_are_one_group(site: SampleSite) -> None:
	for number in range(10):
		long = f"Row #{10**number}: ACC-SINV-2025-{number:05} is wrong, " + "and so is what follows " * 40
		log(site, f"long{number}", site.hours_ago(2), traceback(long))
	(finding,) = said(look_at(site, "errors.repeated"))
	assert finding.count == 10


def test_nobody_is_named_in_what_is_kept(site: SampleSite) -> None:
	secret = "Anna <b>Bakker</b> anna.bakker@example.org NL91ABNA0417164300 password=hunter2"
	for number in range(10):
		log(site, f"private{number}", site.hours_ago(2), traceback(secret), secret)
	shown = str(look_at(site, "errors.repeated").as_dict())
	assert not [part for part in ("anna.bakker", "NL91", "hunter2") if part in shown]


def test_long_texts_are_read_from_their_end(any_site: SampleSite) -> None:
	log(any_site, "long", any_site.hours_ago(1), "é" * 50_000 + "\n" + traceback("at the end", "KeyError"))
	with open_site(any_site.bench.folder, any_site.name, clock=lambda: any_site.bench.now) as opened:
		(error,) = _groups.read(opened, timedelta(days=1))
	assert len(error.text) == _groups.LAST_WORDS
	assert _groups.mark(error, "").error == "KeyError"


def test_an_error_known_before_the_update_is_not_new(site: SampleSite) -> None:
	site.update("Installed Application", {"app_name": "frappe"}, creation=site.hours_ago(4))
	for number in range(5):
		log(site, f"after{number}", site.hours_ago(1), traceback(f"Row #{number}", "KeyError", line=number))
	log(site, "before", site.days_ago(3), traceback("Row #77", "KeyError", line=99))
	assert said(look_at(site, "errors.new_since_update")) == []


def test_without_an_update_nothing_is_new(site: SampleSite) -> None:
	assert statuses(look_at(site, "errors.new_since_update")) == {"errors.new_since_update": Status.SKIPPED}


def test_a_log_is_read_within_its_limit(site: SampleSite, tmp_path: Path) -> None:
	stamp = f"{site.bench.now.astimezone():%Y-%m-%d %H:%M:%S},"
	entry = "ERROR frappe x\n" + traceback("it broke", "KeyError")
	many = 3 * _log_files.MOST_BYTES // len(entry)
	text = "".join(f"{stamp}{number % 1000:03} {entry}" for number in range(many))
	(site.path / "logs" / "frappe.log").write_text(text)
	with gzip.open(site.path / "logs" / "scheduler.log.2.gz", "wt") as packed:
		packed.write(text)
	with open_site(site.bench.folder, site.name, clock=lambda: site.bench.now) as opened:
		found, read_bytes = _log_files.read(opened, timedelta(days=1))
	assert 0 < len(found) <= 1000
	assert read_bytes <= _log_files.MOST_BYTES


def test_old_files_and_a_damaged_archive(site: SampleSite) -> None:
	packed = site.path / "logs" / "frappe.log.1.gz"
	packed.write_bytes(b"\x1f\x8b no archive")
	assert statuses(look_at(site, "errors.log_files")) == {"errors.log_files": Status.UNKNOWN}
	os.utime(packed, (0, 0))
	assert statuses(look_at(site, "errors.log_files")) == {"errors.log_files": Status.OK}


def test_a_chain_of_exceptions_is_one_error() -> None:
	chained = (
		"2026-11-22 05:00:00,001 ERROR frappe x\n"
		+ traceback("first", "KeyError")
		+ "\nDuring handling of the above exception, another exception occurred:\n\n"
		+ traceback("second", "ValueError")
		+ "2026-11-22 05:00:01,001 ERROR frappe y\n"
		+ traceback("third", "TypeError")
		+ "Traceback (most recent call last):"
	)
	ends = [text.splitlines()[-1] for _at, text in _log_files.tracebacks(chained)]
	assert ends == ["ValueError: second", "TypeError: third", "Traceback (most recent call last):"]
