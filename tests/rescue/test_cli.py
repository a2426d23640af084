"""The break-glass command line: its exit statuses, its files, its lists."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import recovery_console
from recovery_console.core.errors import OutputError
from recovery_console.core.knowledge import known_errors
from recovery_console.core.registry import all_checks
from recovery_console.rescue.cli import cli
from recovery_console.rescue.output import emit
from tests.faults import all_faults
from tests.support.sample import SampleSite
from tests.support.unprivileged import as_nobody, let_others_pass

PROGRAM = [sys.executable, "-m", "recovery_console.rescue"]


def call(*arguments: str | Path) -> Result:
	return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def at(site: SampleSite, *arguments: str | Path) -> Result:
	return call("--bench", site.bench.folder, "--site", site.name, *arguments)


def program(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
	"""Run the real program; an exit by any door must not show a traceback."""
	done = subprocess.run([*PROGRAM, *arguments], capture_output=True, timeout=60, **options)  # type: ignore[call-overload]
	assert b"Traceback" not in done.stderr
	return done  # type: ignore[no-any-return]


class TestExitStatus:
	def test_of_diagnose_is_that_of_the_site(self, site: SampleSite) -> None:
		assert at(site, "diagnose", "--family", "config", "--family", "cache").exit_code == 0
		site.set_config(db_name="gone")
		assert at(site, "diagnose", "--check", "database.reachable").exit_code == 2
		assert at(site, "diagnose", "--check", "email.stuck_sending").exit_code == 3

	@pytest.mark.parametrize(
		("arguments", "says"),
		[
			(["nonsense"], "nonsense"),
			(["diagnose", "--nonsense"], "--nonsense"),
			(["diagnose", "--format", "yaml"], "yaml"),
			(["diagnose", "--deadline", "0"], "0"),
			(["diagnose", "--deadline", "soon"], "soon"),
			(["diagnose", "extra"], "extra"),
			(["diagnose", "--family", "emial"], "Did you mean 'email'?"),
			(["diagnose", "--check", "email.stuck"], "Did you mean 'email.stuck_sending'?"),
			(["list"], "Missing argument"),
			(["list", "everything"], "everything"),
			(["--nonsense"], "--nonsense"),
			(["--bench"], "--bench"),
		],
	)
	def test_of_a_call_that_makes_no_sense_is_64(
		self, site: SampleSite, arguments: list[str], says: str
	) -> None:
		answer = at(site, *arguments)
		assert answer.exit_code == 64
		assert says in answer.stderr
		assert answer.stdout == ""

	@pytest.mark.parametrize(
		"name", ["nowhere.example.org", "../sites/erp.example.org", "assets", ".", "a/b"]
	)
	def test_of_a_site_that_is_not_there_is_66_and_names_those_that_are(
		self, site: SampleSite, name: str
	) -> None:
		answer = call("--bench", site.bench.folder, "--site", name, "diagnose")
		assert answer.exit_code == 66
		assert site.name in answer.stderr
		assert "Nothing was changed." in answer.stderr

	@pytest.mark.parametrize("place", ["nowhere", "a file", "."])
	def test_of_a_bench_that_is_not_there_is_66(self, tmp_path: Path, place: str) -> None:
		(tmp_path / "a file").touch()
		answer = call("--bench", tmp_path / place, "--site", "x", "diagnose")
		assert answer.exit_code == 66
		assert "There is no bench at" in answer.stderr

	def test_the_only_site_need_not_be_named_and_the_bench_may_be_above(self, site: SampleSite) -> None:
		answer = call("--bench", site.path / "private", "diagnose", "--family", "config")
		assert answer.exit_code == 0
		assert site.name in answer.stdout

	def test_of_several_sites_one_must_be_named(self, site: SampleSite) -> None:
		other = site.bench.folder / "sites" / "b.example.org"
		other.mkdir()
		(other / "site_config.json").write_text("{}")
		try:
			answer = call("--bench", site.bench.folder, "diagnose")
		finally:
			(other / "site_config.json").unlink()
			other.rmdir()
		assert answer.exit_code == 64
		assert "2 sites, and none was named" in answer.stderr
		assert f"b.example.org, {site.name}" in answer.stderr

	def test_a_bench_without_sites_says_so(self, tmp_path: Path) -> None:
		for name in ("sites", "apps"):
			(tmp_path / name).mkdir()
		answer = call("--bench", tmp_path, "diagnose")
		assert answer.exit_code == 64
		assert "no site" in answer.stderr

	def test_of_a_fault_of_the_console_is_70_in_one_line(self) -> None:
		breaks = (
			"from recovery_console.core import registry\n"
			"registry.FAMILIES = None\n"
			"from recovery_console.rescue.cli import main\n"
			"main()"
		)
		done = subprocess.run(
			[sys.executable, "-c", breaks, "list", "checks"], capture_output=True, timeout=60, text=True
		)
		assert done.returncode == 70
		assert done.stderr.startswith("error: TypeError: ")
		assert "please report it" in done.stderr
		assert "Traceback" not in done.stderr

	def test_of_an_interrupted_call_is_130(self) -> None:
		terminal, stdin = os.openpty()
		process = subprocess.Popen(
			[*PROGRAM, "explain", "-"],
			stdin=stdin,
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			# What starts the tests may ignore the signal, and its children would, too.
			preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
		)
		try:
			assert process.stderr is not None
			assert b"Paste" in process.stderr.readline()  # from now on it waits for the text
			process.send_signal(signal.SIGINT)
			_, stderr = process.communicate(timeout=20)
		finally:
			process.kill()
			os.close(stdin)
			os.close(terminal)
		assert process.returncode == 130
		assert b"Traceback" not in stderr

	def test_of_a_reader_that_went_away_is_141(self) -> None:
		reading, writing = os.pipe()
		os.close(reading)
		try:
			done = subprocess.run(
				[*PROGRAM, "list", "checks"], stdout=writing, stderr=subprocess.PIPE, timeout=60
			)
		finally:
			os.close(writing)
		assert (done.returncode, done.stderr) == (141, b"")

	@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT TESTED: this system has no /dev/full")
	def test_of_a_full_disk_is_73(self) -> None:
		with open("/dev/full", "wb") as full:
			done = subprocess.run(
				[*PROGRAM, "list", "checks"], stdout=full, stderr=subprocess.PIPE, timeout=60
			)
		assert done.returncode == 73
		assert b"No space left" in done.stderr
		assert b"Traceback" not in done.stderr

	def test_help_and_version_are_no_errors(self) -> None:
		assert program("--help").returncode == 0
		assert program("diagnose", "--help").returncode == 0
		version = program("--version")
		assert (version.returncode, version.stdout.decode().split()[-1]) == (0, recovery_console.__version__)

	def test_a_call_without_a_command_shows_the_help_and_is_no_diagnosis(self) -> None:
		done = program()
		assert done.returncode in (0, 64)
		assert b"diagnose" in done.stdout + done.stderr

	def test_a_terminal_without_our_letters_does_not_end_it(self) -> None:
		environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
		done = program("explain", "x" * 400 + " Emails are muted ü", env=environment)
		assert done.returncode == 0


class TestOutput:
	def test_json_on_stdout_is_json_and_nothing_else(self, site: SampleSite) -> None:
		answer = at(site, "diagnose", "--family", "config", "--format", "json")
		assert json.loads(answer.stdout)["site"] == site.name
		assert answer.stderr == ""

	def test_html_is_one_page(self, site: SampleSite) -> None:
		answer = at(site, "diagnose", "--family", "config", "--format", "html")
		assert answer.stdout.lstrip().lower().startswith("<!doctype html>")

	def test_a_file_is_written_for_this_user_alone(self, site: SampleSite, tmp_path: Path) -> None:
		file = tmp_path / "report.json"
		answer = at(site, "diagnose", "--family", "config", "--format", "json", "--output", file)
		assert answer.exit_code == 0
		assert answer.stdout == ""
		assert answer.stderr == f"Written to {file}\n"
		assert json.loads(file.read_text())["version"] == 1
		assert stat.S_IMODE(file.stat().st_mode) == 0o600
		assert [path.name for path in tmp_path.iterdir()] == ["report.json"]

	def test_a_dash_is_stdout(self, site: SampleSite) -> None:
		answer = at(site, "diagnose", "--family", "config", "--output", "-")
		assert answer.stdout.startswith(("OK", "INFO"))

	@pytest.mark.parametrize("place", ["no/such/folder/report.txt", "folder"])
	def test_that_cannot_be_written_is_73_and_leaves_nothing_behind(
		self, site: SampleSite, tmp_path: Path, place: str
	) -> None:
		(tmp_path / "folder").mkdir()
		answer = at(site, "diagnose", "--family", "config", "--output", tmp_path / place)
		assert answer.exit_code == 73
		assert "cannot be written" in answer.stderr
		assert "Nothing was changed." in answer.stderr
		assert [path.name for path in tmp_path.iterdir()] == ["folder"]

	def test_a_folder_without_rights_is_said(self, tmp_path: Path) -> None:
		let_others_pass(tmp_path)
		tmp_path.chmod(0o555)
		with pytest.raises(OutputError, match="Permission denied") as refused:
			as_nobody(lambda: emit("text", str(tmp_path / "report.txt")))
		assert refused.value.exit_status == 73

	def test_an_earlier_file_is_replaced_whole(self, tmp_path: Path) -> None:
		file = tmp_path / "report.txt"
		file.write_text("earlier " * 100)
		emit("now \udcff", str(file))
		assert file.read_text() == "now ?\n"


class TestLists:
	def test_checks(self) -> None:
		listed = json.loads(call("list", "checks", "--format", "json").stdout)
		assert [row["id"] for row in listed] == list(all_checks())
		row = next(row for row in listed if row["id"] == "email.stuck_sending")
		assert row["question"].endswith("?")
		assert all(isinstance(value, str) for value in row["thresholds"].values())

	def test_errors(self) -> None:
		listed = json.loads(call("list", "errors", "--format", "json").stdout)
		assert [row["id"] for row in listed] == [error.id for error in known_errors()]
		text = call("list", "errors")
		assert "DB-01       database/transient            Deadlock between two transactions\n" in text.stdout
		assert text.stderr == f"{len(listed)} errors\n"

	def test_faults(self) -> None:
		listed = json.loads(call("list", "faults", "--format", "json").stdout)
		assert [row["id"] for row in listed] == sorted(all_faults())
		assert {row["severity"] for row in listed} <= {"info", "warning", "critical"}
		assert "database.wrong_password" in call("list", "faults").stdout

	def test_faults_are_not_part_of_an_installed_package(
		self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
	) -> None:
		installed = tmp_path / "site-packages" / "recovery_console"
		monkeypatch.setattr(recovery_console, "__file__", str(installed / "__init__.py"))
		answer = call("list", "faults")
		assert answer.exit_code == 69
		assert "source checkout" in answer.stderr
		assert answer.stdout == ""

	def test_faults_that_cannot_be_loaded_are_said(self, tmp_path: Path) -> None:
		"""A checkout in which a fault needs something that is not installed."""
		(tmp_path / "recovery_console").symlink_to(Path(recovery_console.__file__).parent)
		for folder in ("tests", "tests/faults"):
			(tmp_path / folder).mkdir()
			(tmp_path / folder / "__init__.py").write_text(
				"import a_package_that_nobody_has" if "/" in folder else ""
			)
		done = program("list", "faults", cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)})
		assert done.returncode == 69
		assert b"a_package_that_nobody_has" in done.stderr
		assert b"pip install" in done.stderr

	@pytest.mark.parametrize("what", ["actions", "runbooks"])
	def test_of_repairs_say_how_risky_each_is(self, what: str) -> None:
		listed = json.loads(call("list", what, "--format", "json").stdout)
		assert {row["risk"] for row in listed} == {"read", "reversible", "disruptive", "destructive"}


def test_no_command_imports_frappe(site: SampleSite) -> None:
	look = (
		"import sys\n"
		"sys.modules['frappe'] = None\n"
		f"sys.argv = ['x', '--bench', {str(site.bench.folder)!r}, '--site', {site.name!r}, 'diagnose',"
		" '--format', 'html']\n"
		"from recovery_console.rescue.cli import main\n"
		"main()"
	)
	done = subprocess.run([sys.executable, "-c", look], capture_output=True, timeout=90, text=True)
	assert done.returncode in (0, 1, 2, 3), done.stderr
	assert "cannot be loaded" not in done.stdout
