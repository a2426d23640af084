"""`explain`: from a text to what it means, with an exit status that a script can use."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery_console.core.knowledge import sandbox
from recovery_console.rescue import explaining
from recovery_console.rescue.cli import cli
from tests.support.sample import SampleSite

DEADLOCK = "(1213, 'Deadlock found when trying to get lock; try restarting transaction')"


def call(*arguments: str, stdin: str | bytes | None = None) -> Result:
	return CliRunner().invoke(cli, arguments, input=stdin)


class TestAnswers:
	def test_says_what_it_is_why_and_what_to_do(self) -> None:
		answer = call("explain", f"rq.job: {DEADLOCK}")
		assert answer.exit_code == 0
		for part in (
			"Deadlock between two transactions",
			"[DB-01,",
			"Why: ",
			"Do: ",
			"Risk: ",
			"Line 1: rq.job",
		):
			assert part in answer.stdout

	def test_says_when_nothing_is_known(self) -> None:
		answer = call("explain", "the cat sat on the mat")
		assert answer.exit_code == 1
		assert answer.stdout == "Nothing known was found in this text.\n"

	def test_reads_standard_input_and_counts(self) -> None:
		answer = call("explain", "-", stdin=f"one\n{DEADLOCK}\n{DEADLOCK}\n")
		assert answer.exit_code == 0
		assert "Line 2, on 2 lines: (1213" in answer.stdout

	def test_reads_a_file(self, tmp_path: Path) -> None:
		log = tmp_path / "worker.error.log"
		log.write_text(f"x\n{DEADLOCK}\n")
		assert "DB-01" in call("explain", "--file", str(log)).stdout

	@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
	def test_reads_what_windows_and_old_programs_write(self, encoding: str) -> None:
		assert "DB-01" in call("explain", "-", stdin=f"Fehler für ü\n{DEADLOCK}".encode(encoding)).stdout

	def test_json_holds_everything_and_no_secret(self) -> None:
		text = f"redis://:hunter2@localhost password=hunter3 {DEADLOCK}"
		answer = call("explain", text, "--format", "json")
		assert answer.exit_code == 0
		found = json.loads(answer.stdout)
		(match,) = found["matches"]
		assert found["version"] == 1
		assert found["notes"] == []
		assert (match["id"], match["line"], match["count"], match["of_site"]) == ("DB-01", 1, 1, False)
		assert match["auto"] == "approve"
		assert "hunter" not in answer.output

	def test_text_holds_no_secret(self) -> None:
		answer = call("explain", f"redis://:hunter2@localhost {DEADLOCK}")
		assert "hunter2" not in answer.output
		assert "redis://:[redacted]@localhost" in answer.stdout

	def test_json_says_when_nothing_is_known(self) -> None:
		answer = call("explain", "--format", "json", "the cat")
		assert answer.exit_code == 1
		assert json.loads(answer.stdout)["matches"] == []

	def test_gives_as_many_as_asked_for(self) -> None:
		everything = "Not permitted\nEmails are muted\nNo changes to update\n" + DEADLOCK
		found = json.loads(call("explain", everything, "--limit", "2", "--format", "json").stdout)
		assert [match["id"] for match in found["matches"]] == ["DB-01", "IMP-05"]


class TestCallsThatMakeNoSense:
	@pytest.mark.parametrize(
		("arguments", "stdin", "says"),
		[
			((), None, "Give one text"),
			(("x", "--file", "y"), None, "not both"),
			(("",), None, "empty"),
			(("-",), "", "empty"),
			(("-",), " \n\t\n", "empty"),
			(("-",), b"\x7fELF\x02\0\0\0", "binary"),
			(("-",), gzip.compress(b"x" * 1000), "binary"),
			(("--file", "/nowhere/at.all"), None, "No such file"),
			(("--file", "/"), None, "directory"),
			(("--file", "a\0b"), None, "cannot be read"),
			(("x", "y"), None, "unexpected extra argument"),
			(("x", "--format", "yaml"), None, "yaml"),
			(("x", "--limit", "0"), None, "0"),
		],
	)
	def test_exit_with_64_and_say_why(
		self, arguments: tuple[str, ...], stdin: str | bytes | None, says: str
	) -> None:
		answer = call("explain", *arguments, stdin=stdin)
		assert answer.exit_code == 64
		assert says in answer.stderr
		assert answer.stdout == ""

	def test_a_text_beyond_the_limit_is_refused_with_a_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setattr(explaining, "MOST_BYTES", 1024 * 1024)
		answer = call("explain", "-", stdin="x" * (1024 * 1024 + 1))
		assert answer.exit_code == 64
		assert "more than 1 MiB" in answer.stderr
		assert "tail -c" in answer.stderr

	def test_without_standard_input_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setattr(explaining.sys, "stdin", None)
		with pytest.raises(explaining.UsageError, match="no standard input"):
			explaining.read_text("-", None)

	def test_on_a_terminal_it_says_how_to_end(
		self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
	) -> None:
		class Terminal(io.TextIOWrapper):
			def isatty(self) -> bool:
				return True

		monkeypatch.setattr(explaining.sys, "stdin", Terminal(io.BytesIO(b"an error")))
		assert explaining.read_text("-", None) == "an error"
		assert "Ctrl-D" in capsys.readouterr().err


class TestWithASite:
	@pytest.fixture
	def known(self, site: SampleSite, monkeypatch: pytest.MonkeyPatch) -> SampleSite:
		"""A site with a good entry, one that is no pattern, and one that would run for years."""
		monkeypatch.setattr(sandbox, "_slow", {})
		site.sql(
			"CREATE TABLE `tabKnown Error` (`name` varchar(140), `title` varchar(140), `pattern` text,"
			" `cause` text, `fix` text, `category` varchar(140), `enabled` smallint)"
		)
		for name, pattern in (("KE-1", r"Shop (\d+) failed"), ("KE-2", "Shop ("), ("KE-3", "failed (a+)+$")):
			site.sql(
				"INSERT INTO `tabKnown Error` VALUES (%s, %s, %s, %s, %s, %s, 1)",
				[name, "Shop is down", pattern, "The shop is down.", "Wait for it.", "shop/sync"],
			)
		return site

	def at(self, site: SampleSite, *arguments: str) -> Result:
		return call("--bench", str(site.bench.folder), "--site", site.name, "explain", *arguments)

	def test_its_own_entries_explain_too_and_bad_ones_are_named(self, known: SampleSite) -> None:
		answer = self.at(known, f"Shop 7 failed {'a' * 200}!\n{DEADLOCK}")
		assert answer.exit_code == 0
		assert "Shop is down  [KE-1, shop/sync]" in answer.stdout
		assert "DB-01" in answer.stdout
		assert "Note: Known Error KE-2 was left out: it is not a regular expression" in answer.stdout
		assert "Note: Known Error KE-3 was left out: it took longer" in answer.stdout

	def test_an_entry_that_was_switched_off_is_left_out(self, known: SampleSite) -> None:
		known.sql("INSERT INTO `tabKnown Error` VALUES ('DB-01', 'x', 'x', 'x', 'x', 'x', 0)")
		known.sql("UPDATE `tabKnown Error` SET enabled = 0 WHERE name = 'KE-1'")
		answer = self.at(known, f"Shop 7 failed\n{DEADLOCK}")
		assert answer.exit_code == 1
		assert answer.stdout.startswith("Note: ")

	def test_without_a_site_they_are_not_asked(self, known: SampleSite) -> None:
		assert call("explain", "Shop 7 failed").exit_code == 1

	def test_a_site_whose_database_is_down_does_not_stop_it(self, known: SampleSite) -> None:
		known.set_config(db_name="gone")
		answer = self.at(known, DEADLOCK)
		assert answer.exit_code == 0
		assert "DB-01" in answer.stdout
		assert "Note: The site's own known errors were not asked: The database file" in answer.stdout

	def test_a_site_without_the_console_has_none(self, site: SampleSite) -> None:
		site.sql("DROP TABLE IF EXISTS `tabKnown Error`")
		assert "Note" not in self.at(site, DEADLOCK).stdout

	def test_a_site_that_does_not_exist_is_an_error(self, site: SampleSite) -> None:
		answer = call("--bench", str(site.bench.folder), "--site", "nowhere", "explain", DEADLOCK)
		assert answer.exit_code == 66


def test_it_works_as_a_program_without_any_bench(tmp_path: Path) -> None:
	done = subprocess.run(
		[sys.executable, "-m", "recovery_console.rescue", "explain", "-"],
		input=DEADLOCK.encode(),
		capture_output=True,
		cwd=tmp_path,
		timeout=60,
	)
	assert done.returncode == 0
	assert b"DB-01" in done.stdout
	assert done.stderr == b""


def test_its_help_documents_the_exit_status() -> None:
	text = " ".join(call("explain", "--help").stdout.split())
	assert "Exits with 0 when something known was found, with 1 when nothing was" in text
