"""site_config.json and common_site_config.json as they are found in the field."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.backends.config import Config, ConfigFile, read_config, read_config_file
from recovery_console.core.bench import bench_id, queue_limits
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Status
from recovery_console.core.site import open_site
from tests.conftest import Samples, look_at
from tests.support.sample import SampleSite
from tests.support.unprivileged import as_nobody, let_others_pass

GOOD = b'{"db_name": "_abc"}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
	return tmp_path / "site_config.json"


class TestProblems:
	@pytest.mark.parametrize(
		("content", "kind", "detail"),
		[
			(None, "missing", "no such file"),
			(b"", "empty", "full disk"),
			(b" \n\t", "empty", "full disk"),
			(b'{"db_name": "_abc",}', "syntax", "line 1, column"),
			(b'{\n "db_name": "_abc"\n', "syntax", "line 3, column 1"),
			(b"{'db_name': '_abc'}", "syntax", "line 1, column 2"),
			(GOOD + b"}", "syntax", "line 1, column 20"),
			(b"<<<<<<< HEAD\n" + GOOD, "syntax", "line 1"),
			(b"[" * 100_000, "syntax", "nesting"),
			(b'{"a": ' + b"1" * 5_000 + b"}", "syntax", "not JSON"),
			(b'{"db_name": "b\xfccher"}', "encoding", "byte 14"),
			(GOOD.decode().encode("utf-16"), "encoding", "not UTF-8"),
			(b"[]", "not_object", "list"),
			(b'"text"', "not_object", "str"),
			(b"null", "not_object", "NoneType"),
			(b" " * (4 * 1024 * 1024) + GOOD, "too_large", "4 MiB"),
		],
	)
	def test_are_named_and_nothing_is_made_up(
		self, file: Path, content: bytes | None, kind: str, detail: str
	) -> None:
		if content is not None:
			file.write_bytes(content)
		read = read_config_file(file)
		assert read.values == {}
		assert read.problem is not None
		assert (read.problem.path, read.problem.kind) == (file, kind)
		assert detail in read.problem.detail

	def test_a_byte_order_mark_is_named_and_the_values_are_read(self, file: Path) -> None:
		file.write_bytes(b"\xef\xbb\xbf" + GOOD)
		read = read_config_file(file)
		assert read.values == {"db_name": "_abc"}
		assert read.problem is not None
		assert read.problem.kind == "bom"

	def test_a_folder_in_its_place_is_unreadable(self, file: Path) -> None:
		file.mkdir()
		read = read_config_file(file)
		assert read.problem is not None
		assert (read.problem.kind, read.problem.detail) == ("unreadable", "Is a directory")

	def test_that_may_not_be_read_is_unreadable(self, file: Path) -> None:
		file.write_bytes(GOOD)
		file.chmod(0)
		let_others_pass(file.parent)
		read = as_nobody(lambda: read_config_file(file))
		assert read.problem is not None
		assert (read.problem.kind, read.problem.detail) == ("unreadable", "Permission denied")

	def test_behind_a_closed_folder_is_unreadable(self, tmp_path: Path) -> None:
		closed = tmp_path / "closed"
		closed.mkdir()
		let_others_pass(tmp_path)
		(closed / "site_config.json").write_bytes(GOOD)
		closed.chmod(0o700 if os.geteuid() == 0 else 0)
		try:
			read = as_nobody(lambda: read_config_file(closed / "site_config.json"))
		finally:
			closed.chmod(0o700)
		assert read.problem is not None
		assert read.problem.kind == "unreadable"

	def test_a_link_that_leads_nowhere_is_missing(self, file: Path) -> None:
		file.symlink_to("elsewhere.json")
		read = read_config_file(file)
		assert read.problem is not None
		assert read.problem.kind == "missing"


class TestValues:
	def config(self, site: dict[str, Any], common: dict[str, Any], environment: dict[str, str]) -> Config:
		return Config(ConfigFile(Path("site"), site), ConfigFile(Path("common"), common), environment)

	def test_site_wins_over_common_and_the_environment_over_both(self) -> None:
		config = self.config(
			{"a": 1, "b": None, "db_host": "x"}, {"a": 2, "b": 3, "c": 4}, {"db_host": "y", "db_port": ""}
		)
		assert [config.get(key) for key in ("a", "b", "c", "d", "db_host")] == [1, None, 4, None, "y"]
		assert config.get("d", "default") == "default"
		assert config.defined_in("a") == (Path("site"), Path("common"))
		assert config.defined_in("c") == (Path("common"),)
		assert config.problems == ()

	@pytest.mark.parametrize(
		("value", "expected"),
		[
			*((1, True), ("1", True), (True, True), (2.0, True), (0, False), ("0", False), ("", False)),
			*((None, False), ("yes", False), ([1], False), ({}, False), ("1e400", False)),
		],
	)
	def test_a_switch_reads_as_frappe_reads_it(self, value: Any, expected: bool) -> None:
		assert self.config({"switch": value}, {}, {}).flag("switch") is expected

	@pytest.mark.parametrize(
		("value", "expected"), [(5, 5), ("5", 5), ("5.9", 5), (None, 7), ("x", 7), ([], 7), ("inf", 7)]
	)
	def test_what_is_no_number_is_the_default(self, value: Any, expected: int) -> None:
		assert self.config({"n": value}, {}, {}).number("n", 7) == expected

	def test_the_environment_overrides_what_the_version_reads_from_it(
		self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		(tmp_path / "site_config.json").write_bytes(b'{"db_name": "_abc", "db_host": "file"}')
		monkeypatch.setenv("FRAPPE_DB_NAME", "from_environment")
		monkeypatch.setenv("FRAPPE_DB_HOST", "environment")
		monkeypatch.setenv("FRAPPE_DB_PORT", "")
		old, new = (read_config(tmp_path, tmp_path, version) for version in (15, 16))
		assert (old.get("db_name"), old.get("db_host"), old.get("db_port")) == ("_abc", "environment", None)
		assert (new.get("db_name"), new.get("db_host")) == ("from_environment", "environment")

	def test_queue_limits_hold_custom_queues_and_survive_nonsense(self) -> None:
		workers = {"mail": {"timeout": 60}, "odd": {"timeout": "x"}, "none": None, "bare": {}}
		standard = {"short": 300, "default": 300, "long": 1500}
		custom = {"mail": 60, "odd": 300, "none": 300, "bare": 300}
		assert queue_limits(self.config({}, {"workers": workers}, {})) == standard | custom
		assert queue_limits(self.config({}, {"workers": ["x"]}, {})).keys() == {"short", "default", "long"}

	def test_the_id_of_a_bench_is_its_path_as_frappe_writes_it(
		self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		bench, link = tmp_path / "bench", tmp_path / "link"
		bench.mkdir()
		link.symlink_to(bench)
		plain = str(bench).strip("/").replace("/", "-")
		assert bench_id(bench, self.config({}, {}, {})) == plain
		assert bench_id(bench, self.config({}, {"bench_id": "b7"}, {})) == "b7"
		monkeypatch.setenv("FRAPPE_BENCH_ROOT", str(link))
		assert bench_id(bench, self.config({}, {}, {})) == str(link).strip("/").replace("/", "-")
		monkeypatch.setenv("FRAPPE_BENCH_ROOT", str(tmp_path))
		assert bench_id(bench, self.config({}, {}, {})) == plain


class TestSettingsThatMakeNoSense:
	"""Values of the wrong kind in a file that is JSON: said, never a fault of the console."""

	@pytest.mark.parametrize("database", ["mariadb", "postgres", "sqlite"])
	@pytest.mark.parametrize(
		"values",
		[
			{"db_name": None},
			{"db_name": ["a", "b"]},
			{"db_name": "a\0b"},
			{"db_name": "../../x"},
			{"db_type": "oracle"},
			{"db_type": 7},
		],
		ids=str,
	)
	def test_make_the_database_unavailable(
		self, request: pytest.FixtureRequest, samples: Samples, database: str, values: dict[str, Any]
	) -> None:
		if database not in request.config.getoption("--databases").split(","):
			pytest.skip(f"{database} was left out with --databases")
		self.check(samples.site(database), values)

	@pytest.mark.parametrize("database", ["mariadb", "postgres"])
	@pytest.mark.parametrize(
		"values",
		[
			{"db_port": 99_999_999},
			{"db_port": -5},
			{"db_port": [1]},
			{"db_host": 7},
			{"db_host": {"a": 1}},
			{"db_host": "a b"},
			{"db_host": "h" * 300},
			{"db_host": "\ud800"},
			{"db_password": "\ud800"},
			{"db_password": {"a": 1}},
			{"db_user": ["x"]},
			{"db_socket": 5, "db_host": "localhost"},
		],
		ids=str,
	)
	def test_of_a_server_make_the_database_unavailable(
		self, request: pytest.FixtureRequest, samples: Samples, database: str, values: dict[str, Any]
	) -> None:
		if database not in request.config.getoption("--databases").split(","):
			pytest.skip(f"{database} was left out with --databases")
		self.check(samples.site(database), values)

	def check(self, site: SampleSite, values: dict[str, Any]) -> None:
		config = {**site.config(), **values}
		site.config_path.write_text(json.dumps(config))
		with open_site(site.bench.folder, site.name) as opened, contextlib.suppress(SourceUnavailable):
			opened.db.count(opened.db.from_("DocType"))
		report = look_at(site, "config.readable", "database.reachable")
		assert report.status in (Status.CRITICAL, Status.OK)
		assert all(finding.render(finding.remedy) for finding in report.findings)
