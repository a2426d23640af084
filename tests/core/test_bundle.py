"""An evidence bundle: all that is known, whole, checked, safe to open, within limits, and made when little works."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.bundle import Limits, write
from recovery_console.core.bundle_logs import whole_lines
from recovery_console.core.bundle_state import shown_settings
from recovery_console.core.errors import OutputError
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite

INCIDENT = {
	"name": "INC-1",
	"title": "Mails stuck in Sending: 40.",
	"severity": "S2",
	"status": "Detected",
	"timeline": [
		{
			"number": 1,
			"at": "2026-11-22 10:00:00",
			"event": "Opened",
			"detail": "=cmd|' /C calc'!A0",
			"seal": "ab",
		},
		{"number": 2, "at": "2026-11-22 10:05:00", "event": "Note", "detail": "jane.doe@example.org called"},
	],
	"impact": {
		"sentence": "31 members",
		"groups": [
			{
				"kind": "members",
				"doctype": "Member",
				"count": 31,
				"exact": True,
				"amounts": {},
				"samples": ["=1+1", "MEM-2"],
			}
		],
		"unknown": [],
	},
}
FILES = {
	"README.txt",
	"incident.json",
	"timeline.csv",
	"timeline.json",
	"impact.csv",
	"report.json",
	"report.html",
	"errors.json",
	"runs.json",
	"state/queues.json",
	"state/machine.json",
	"state/versions.json",
	"state/config.json",
	"manifest.json",
}


def bundle(
	site: SampleSite, path: Path, incident: Mapping[str, Any] = INCIDENT, **values: Any
) -> dict[str, Any]:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return write(opened, {"first_seen": now.isoformat(), **incident}, path, **values)


def read(path: Path, name: str) -> str:
	with zipfile.ZipFile(path) as opened:
		return opened.read(name).decode()


def entry(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
	[found] = [item for item in manifest["files"] if item["file"] == name]
	return dict(found)


def log(site: SampleSite, name: str, text: str | bytes) -> Path:
	path = site.path / "logs" / name
	path.parent.mkdir(exist_ok=True)
	path.write_bytes(text if isinstance(text, bytes) else text.encode())
	moment = site.bench.now.timestamp()
	os.utime(path, (moment, moment))
	return path


class TestWhole:
	def test_every_file_is_there_and_has_the_checksum_of_the_manifest(
		self, any_site: SampleSite, tmp_path: Path
	) -> None:
		path = tmp_path / "evidence.zip"
		manifest = bundle(any_site, path)
		with zipfile.ZipFile(path) as opened:
			assert opened.testzip() is None
			names = set(opened.namelist())
			assert names >= FILES
			inside = json.loads(opened.read("manifest.json"))
			for item in inside["files"]:
				content = opened.read(item["file"])
				assert item["bytes"] == len(content)
				assert item["sha256"] == hashlib.sha256(content).hexdigest()
				assert item["holds"]
		assert {item["file"] for item in inside["files"]} == names - {"manifest.json"}
		assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
		assert manifest["bytes"] == path.stat().st_size
		assert path.stat().st_mode & 0o777 == 0o600
		statuses = {item["file"]: item["status"] for item in manifest["files"]}
		assert statuses.pop("runs.json") == "in part"
		assert set(statuses.values()) == {"whole"}, statuses

	def test_the_report_is_of_this_moment_and_can_be_read(self, site: SampleSite, tmp_path: Path) -> None:
		path = tmp_path / "evidence.zip"
		bundle(site, path)
		report = json.loads(read(path, "report.json"))
		assert report["site"] == site.name
		assert len(report["checks"]) > 100
		assert "<html" in read(path, "report.html")

	def test_errors_are_grouped_with_samples(self, site: SampleSite, tmp_path: Path) -> None:
		trace = 'Traceback (most recent call last):\n  File "apps/acme/acme/x.py", line 1, in go\nValueError: no {n}'
		for number in range(7):
			site.insert(
				"Error Log", method="acme.go", error=trace.format(n=number), creation=site.minutes_ago(20)
			)
		path = tmp_path / "evidence.zip"
		bundle(site, path)
		groups = json.loads(read(path, "errors.json"))
		[own] = [group for group in groups if "ValueError" in group["error"]]
		assert own["count"] == 7
		assert len(own["samples"]) == 2
		assert "apps/acme" in own["samples"][0]["text"]

	def test_lists_open_safely_and_name_nobody(self, site: SampleSite, tmp_path: Path) -> None:
		path = tmp_path / "evidence.zip"
		bundle(site, path)
		rows = list(csv.DictReader(io.StringIO(read(path, "timeline.csv").removeprefix("\ufeff"))))
		assert [row["detail"] for row in rows] == ["'=cmd|' /C calc'!A0", "j***@example.org called"]
		assert "'=1+1" in read(path, "impact.csv")


class TestLogs:
	def test_the_end_of_the_window_is_taken_of_rotated_files_too(
		self, site: SampleSite, tmp_path: Path
	) -> None:
		now = site.bench.now.astimezone()
		old, new = ((now - timedelta(hours=age)).strftime("%Y-%m-%d %H:%M:%S,000") for age in (9, 0.5))
		log(site, "frappe.log", f"{old} ERROR long ago\n  more of it\n{new} ERROR lately\n  and why\n")
		log(site, "worker.log.2.gz", gzip.compress(f"{new} INFO packed away\n".encode()))
		log(site, "database.log", "SELECT secret FROM values\n")
		path = tmp_path / "evidence.zip"
		bundle(site, path)
		folder = f"logs/sites-{site.name}-logs-"
		assert read(path, f"{folder}frappe.log.txt") == f"{new} ERROR lately\n  and why\n"
		assert "packed away" in read(path, f"{folder}worker.log.2.gz.txt")
		with zipfile.ZipFile(path) as opened:
			assert not [name for name in opened.namelist() if "database" in name]

	def test_lines_of_other_sites_are_left_out_unless_a_shell_asks(
		self, site: SampleSite, tmp_path: Path
	) -> None:
		path = site.bench.folder / "logs" / "web.log"
		path.parent.mkdir(exist_ok=True)
		path.write_text("a line of somebody else\n")
		os.utime(path, (site.bench.now.timestamp(),) * 2)
		other = site.bench.folder / "sites" / "other.example.org"
		other.mkdir()
		(other / "site_config.json").write_text("{}")
		try:
			manifest = bundle(site, tmp_path / "one.zip")
			assert "other sites" in entry(manifest, "logs/")["why"]
			bundle(site, tmp_path / "two.zip", whole_bench=True)
			assert "somebody else" in read(tmp_path / "two.zip", "logs/logs-web.log.txt")
		finally:
			(other / "site_config.json").unlink()
			other.rmdir()
			path.unlink()
		with zipfile.ZipFile(tmp_path / "one.zip") as opened:
			assert not [name for name in opened.namelist() if "web.log" in name]

	def test_a_damaged_log_is_said_and_the_rest_is_there(self, site: SampleSite, tmp_path: Path) -> None:
		log(site, "worker.log.1.gz", b"\x1f\x8b damaged")
		manifest = bundle(site, tmp_path / "evidence.zip")
		assert entry(manifest, f"logs/sites-{site.name}-logs-worker.log.1.gz.txt")["status"] == "unknown"
		assert entry(manifest, "report.json")["status"] == "whole"

	def test_what_a_cut_leaves_of_a_key_goes(self) -> None:
		ended = "half a line\nMIIEsecret\n-----END RSA PRIVATE KEY-----\nafter"
		assert whole_lines(ended) == "\nafter"
		assert whole_lines("x\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n").startswith(
			"-----BEGIN"
		)


class TestWhenLittleWorks:
	def test_without_database_and_redis_it_says_what_it_does_not_know(
		self, site: SampleSite, tmp_path: Path
	) -> None:
		site.set_config(
			db_name="there_is_none", redis_queue="redis://127.0.0.1:1", redis_cache="redis://127.0.0.1:1"
		)
		path = tmp_path / "evidence.zip"
		manifest = bundle(site, path)
		assert not manifest["whole"]
		assert entry(manifest, "errors.json")["status"] == "unknown"
		assert entry(manifest, "errors.json")["why"]
		assert entry(manifest, "state/queues.json")["status"] == "unknown"
		assert entry(manifest, "state/versions.json")["status"] == "in part"
		assert json.loads(read(path, "report.json"))["status"] == "critical"
		assert json.loads(read(path, "timeline.json"))[0]["event"] == "Opened"

	def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(
		self, site: SampleSite, tmp_path: Path
	) -> None:
		(tmp_path / "file").write_text("x")
		with pytest.raises(OutputError, match="cannot be written"):
			bundle(site, tmp_path / "file" / "evidence.zip")
		assert sorted(tmp_path.iterdir()) == [tmp_path / "file"]


class TestLimits:
	def test_what_is_too_large_is_cut_and_said(self, site: SampleSite, tmp_path: Path) -> None:
		path = tmp_path / "evidence.zip"
		manifest = bundle(site, path, limits=Limits(whole=40_000, file=20_000))
		cut = entry(manifest, "report.json")
		assert cut["status"] == "cut"
		assert cut["bytes"] <= 20_000
		assert entry(manifest, "state/config.json")["status"] == "left out"
		assert sum(item.get("bytes", 0) for item in manifest["files"]) <= 40_000
		with zipfile.ZipFile(path) as opened:
			assert opened.testzip() is None

	def test_without_time_it_is_small_and_says_so(self, site: SampleSite, tmp_path: Path) -> None:
		manifest = bundle(site, tmp_path / "evidence.zip", limits=Limits(time=timedelta(seconds=-1)))
		assert {item["status"] for item in manifest["files"]} == {"left out"}

	def test_it_never_takes_much_memory(self, site: SampleSite, tmp_path: Path) -> None:
		line = (
			f"{site.bench.now.astimezone():%Y-%m-%d %H:%M:%S},000 ERROR password=hunter2 " + "x" * 200 + "\n"
		)
		for number in range(30):
			log(site, f"worker.log.{number}", line * 15_000)
		report = {"version": 1, "checks": []}
		tracemalloc.start()
		try:
			manifest = bundle(site, tmp_path / "evidence.zip", {**INCIDENT, "report": report})
			_now, most = tracemalloc.get_traced_memory()
		finally:
			tracemalloc.stop()
			for number in range(30):
				(site.path / "logs" / f"worker.log.{number}").unlink()
		assert most < 100 * 1024 * 1024
		assert manifest["bytes"] < 24 * 1024 * 1024


class TestSettings:
	def test_of_what_is_not_known_to_be_harmless_only_the_kind_is_told(self) -> None:
		shown = shown_settings(
			{
				"db_name": "_abc",
				"db_password": "hunter2",
				"mollie_live": "live_abcdefgh",
				"developer_mode": 1,
				"redis_cache": "redis://:hunter2@127.0.0.1:11000",
				"pin": 12345678,
				"nested": {"a": "live_abcdefgh"},
				"list": ["live_abcdefgh"],
				"nothing": None,
			}
		)
		assert shown["db_name"] == "_abc"
		assert shown["developer_mode"] == 1
		assert shown["mollie_live"] == "a text of 13 characters"
		assert shown["pin"] == "a number"
		text = json.dumps(shown)
		assert "hunter2" not in text
		assert "live_" not in text
