"""The known errors: each entry finds its own sample and no other's, and nobody's pattern can hold up anything."""

from __future__ import annotations

import io
import re
import time

import pytest

from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.knowledge import (
	KnownError,
	explain,
	explain_text,
	known_errors,
	pattern_problem,
	sandbox,
	site_errors,
)
from recovery_console.core.knowledge.entry import known_ids
from recovery_console.core.knowledge.patterns import required
from recovery_console.core.knowledge.trial import try_patterns
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite

by_entry = pytest.mark.parametrize("error", known_errors(), ids=lambda error: error.id)


def own(pattern: str, name: str = "own") -> KnownError:
	return KnownError(name, "site", f"Entry {name}", pattern, "cause", "fix", of_site=True)


def ids(text: str, **options: object) -> list[str]:
	return [match.error.id for match in explain_text(text, **options)]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
	"""No test inherits which patterns were slow in another."""
	monkeypatch.setattr(sandbox, "_slow", {})


class TestEntries:
	def test_there_are_as_many_as_were_collected(self) -> None:
		assert len(known_errors()) >= 93

	def test_no_id_is_used_twice(self) -> None:
		named = [error.id for error in known_errors()]
		assert len(named) == len(set(named))

	def test_their_ids_are_known_without_reading_them(self) -> None:
		assert known_ids() == {error.id for error in known_errors()}

	@by_entry
	def test_finds_its_own_sample(self, error: KnownError) -> None:
		assert ids(error.sample)[0] == error.id

	@by_entry
	def test_finds_no_other_sample(self, error: KnownError) -> None:
		expression = re.compile(error.pattern, re.MULTILINE)
		assert [other.id for other in known_errors() if expression.search(other.sample)] == [error.id]

	@by_entry
	def test_demands_a_fixed_text_that_stands_in_its_sample(self, error: KnownError) -> None:
		needed = required(error.pattern)
		assert not pattern_problem(error.pattern)
		assert any(text in error.sample for text in needed.texts)
		assert not needed.ignore_case, "the fast search for fixed texts is case-sensitive"

	@by_entry
	def test_says_what_and_what_to_do_in_sentences(self, error: KnownError) -> None:
		assert re.fullmatch(r"[a-z]+/[a-z-]+", error.category)
		assert error.auto in ("safe", "approve", "manual", "never")
		assert re.match(r"(Low|Medium|High)\b", error.risk)
		assert len(error.title) <= 60
		assert error.source
		for text in (error.cause, error.fix, error.risk):
			assert text[0].isupper() or "_" in text.split()[0] or ".py" in text.split()[0]
			assert text.endswith(".")


class TestRequiredTexts:
	@pytest.mark.parametrize(
		("pattern", "texts"),
		[
			("plain text", ("plain text",)),
			(r"\(1213, ['\"]Deadlock", ("Deadlock",)),
			("(?:one thing|other) here it is", (" here it is",)),
			("(?:one thing|another)!", ("one thing", "another")),
			("(ab)?cde", ("cde",)),
			("(?:abc)+de", ("abc",)),
			("(?:abc)*", ()),
			(r"\d+ of \S+", (" of ",)),
			("(?:fixed|.*)", ()),
			("(?i)LOUD", ("loud",)),
			("quiet (?i:LOUDER)", ("quiet ",)),
			("(?<=before )after all", ("after all",)),
			("", ()),
		],
	)
	def test_are_those_that_every_match_holds(self, pattern: str, texts: tuple[str, ...]) -> None:
		assert required(pattern).texts == texts


class TestExplaining:
	def test_a_traceback_is_explained_by_its_exception(self) -> None:
		text = (
			'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    frappe.get_doc()\n'
			"rq.timeouts.JobTimeoutException: Task exceeded maximum timeout value (300 seconds)\n"
		)
		(match,) = explain_text(text)
		assert (match.error.id, match.line, match.count) == ("JOB-02", 4, 1)
		assert match.excerpt.startswith("rq.timeouts.JobTimeoutException")
		assert text[match.position :].startswith("Task exceeded")

	def test_counts_the_lines_on_which_an_error_stands(self) -> None:
		line = "(1040, 'Too many connections') and again (1040, 'Too many connections')"
		(match,) = explain_text(f"start\n{line}\r\n{line}\nend")
		assert (match.count, match.line) == (2, 2)

	def test_the_more_specific_error_comes_first(self) -> None:
		text = "Not permitted\nYou are not permitted. Function app.api.get is not whitelisted.\n"
		assert ids(text) == ["PERM-03", "PERM-04"]

	def test_returns_no_more_than_asked_for(self) -> None:
		everything = "\n".join(error.sample for error in known_errors())
		assert len(explain_text(everything)) == 5
		assert len(explain_text(everything, limit=100)) == len(known_errors())

	def test_anchors_hold_at_lines_not_at_the_edge_of_what_is_looked_at(self) -> None:
		assert ids("before\r\nInvalid Request\r\nafter") == ["AUTH-08"]
		assert ids("x" * 3000 + "Invalid Request") == []

	def test_an_excerpt_of_a_long_line_shows_the_place(self) -> None:
		(match,) = explain_text("x" * 5000 + " Emails are muted " + "y" * 5000)
		assert "Emails are muted" in match.excerpt
		assert match.excerpt.startswith("…")
		assert match.excerpt.endswith("…")
		assert len(match.excerpt) <= 310

	@pytest.mark.parametrize("text", ["", "\n\n", "all is well", "\0\ufffd", "(1213"])
	def test_a_text_without_anything_known_gives_nothing(self, text: str) -> None:
		assert explain_text(text) == []


class TestSpeed:
	"""Computing time, at several times what was measured, so that a slow machine does not fail them."""

	def test_a_short_text_takes_well_under_a_millisecond(self) -> None:
		text = '  File "apps/frappe/frappe/app.py", line 110, in application\n' * 30 + "ValueError: x"
		explain_text(text)
		took = []
		for _ in range(20):
			begun = time.process_time()
			explain_text(text)
			took.append(time.process_time() - begun)
		assert min(took) < 0.001

	@pytest.mark.parametrize(
		"line",
		[
			"a quite ordinary line of a log of frappe, with a path/to/site1.local in it",
			"frappe.exceptions.QueryDeadlockError: (1213, 'Deadlock found when trying to get lock; try'",
			"x" * 1990 + " is not a valid method: ",
			"A units of " * 30 + " needed in A to complete this",
			"(1114, 'The table " * 60,
		],
	)
	@pytest.mark.parametrize("separator", ["\n", " "])
	def test_ten_megabytes_take_about_a_second_whatever_is_in_them(self, line: str, separator: str) -> None:
		text = (line + separator) * (10_000_000 // (len(line) + 1))
		begun = time.process_time()
		explain_text(text)
		assert time.process_time() - begun < 3


class TestPatternsOfASite:
	def test_explain_as_well_as_ours(self) -> None:
		entry = own(r"Shop sync failed for order (\d+)")
		(match,) = explain_text(
			"x\nShop sync failed for order 7\nShop sync failed for order 8", extra=[entry]
		)
		assert (match.error, match.count, match.line) == (entry, 2, 2)
		assert match.excerpt == "Shop sync failed for order 7"

	def test_may_ignore_case_also_beside_letters_that_change_length(self) -> None:
		text = "İ İ İ\nSHOP İ SYNC FAILED\n"
		(match,) = explain_text(text, extra=[own("(?i)shop . sync failed")])
		assert match.excerpt == "SHOP İ SYNC FAILED"

	@pytest.mark.parametrize(
		("pattern", "reason"),
		[
			("sync (", "it is not a regular expression"),
			("a{99999999999}", "it is not a regular expression"),
			("(" * 300, "it is not a regular expression"),
			("x" * 501, "more than 500 characters"),
			("", "fixed text"),
			(".*", "fixed text"),
			("(a+)+$", "fixed text"),
			("failed|.", "fixed text"),
		],
	)
	def test_that_cannot_be_used_are_named_and_the_others_go_on(self, pattern: str, reason: str) -> None:
		text = "sync failed: " + "a" * 40 + "!"
		answer = explain(text, extra=[own(pattern, "bad"), own("sync failed", "good")])
		assert [match.error.id for match in answer.matches] == ["good"]
		(problem,) = answer.problems
		assert problem.id == "bad"
		assert reason in problem.reason

	@pytest.mark.parametrize("pattern", ["failed: (a+)+$", "failed: (a|aa)+$", "failed: .*.*.*.*.*.*=b"])
	def test_that_would_run_for_years_are_ended_and_named(self, pattern: str) -> None:
		text = "sync failed: " + "a" * 900 + "!"
		entries = [own("sync (failed)", "first"), own(pattern, "slow"), own("(sync) failed", "last")]
		begun = time.perf_counter()
		answer = explain(text, extra=entries)
		assert time.perf_counter() - begun < 3
		assert sorted(match.error.id for match in answer.matches) == ["first", "last"]
		assert [problem.id for problem in answer.problems] == ["slow"]
		assert "took longer" in answer.problems[0].reason
		begun = time.perf_counter()
		assert explain(text, extra=entries[1:2]).problems == answer.problems
		assert time.perf_counter() - begun < 0.05, "a slow pattern is not tried again and again"

	def test_that_are_many_and_slow_cost_no_more_than_the_time_for_all(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		monkeypatch.setattr(sandbox, "SECONDS_IN_ALL", 0.3)
		entries = [own(f"failed: (a+)+{'x?' * number}$", str(number)) for number in range(20)]
		begun = time.perf_counter()
		answer = explain("failed: " + "a" * 900 + "!", extra=entries)
		assert time.perf_counter() - begun < 3
		assert len(answer.problems) == 20
		assert "was not tried" in answer.problems[-1].reason

	def test_cannot_be_tried_without_an_interpreter_and_that_is_said(
		self, monkeypatch: pytest.MonkeyPatch
	) -> None:
		monkeypatch.setattr(sandbox.sys, "executable", "/nowhere/python")
		(problem,) = explain("sync failed", extra=[own("sync failed")]).problems
		assert problem.reason == "it could not be tried: No such file or directory"

	def test_problems_are_logged_where_only_matches_are_asked_for(
		self, caplog: pytest.LogCaptureFixture
	) -> None:
		assert explain_text("x", extra=[own("(")]) == []
		assert "Known Error own cannot be used" in caplog.text

	def test_are_run_by_a_program_that_answers_line_by_line(self) -> None:
		answers = io.StringIO()
		try_patterns(['["a+", ["xaay", "b"]]\n', '["b$", ["ab"]]\n'], answers, 0)
		assert answers.getvalue() == "[[1, 3], null]\n[[1, 2]]\n"


class TestEntriesOfASite:
	def test_are_read_on_each_database(self, any_site: SampleSite) -> None:
		any_site.sql(
			"CREATE TABLE `tabKnown Error` (`name` varchar(140), `title` varchar(140), `pattern` text,"
			" `cause` text, `fix` text, `category` varchar(140), `enabled` smallint)"
		)
		rows = [
			("KE-1", "Shop", r"Shop (\d+) failed", "The shop is down.", "Wait.", "shop/sync", 1),
			("KE-2", None, "sparse", None, None, None, 1),
			("KE-3", "Off", "off", "", "", "", 0),
			("DB-01", "Ours", "shipped already", "", "", "", 1),
		]
		for row in rows:
			any_site.sql("INSERT INTO `tabKnown Error` VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
		if any_site.database.dialect == "postgres":  # the harness made it, not the site
			any_site.sql("GRANT SELECT ON `tabKnown Error` TO PUBLIC")
		with open_site(any_site.bench.folder, any_site.name) as opened:
			found = site_errors(opened)
		assert [error.id for error in found] == ["KE-1", "KE-2"]
		assert found[0].of_site
		assert found[0].cause == "The shop is down."
		assert found[1].title == "KE-2"
		assert ids("Shop 7 failed", extra=found) == ["KE-1"]

	def test_there_are_none_without_the_table(self, site: SampleSite) -> None:
		site.sql("DROP TABLE IF EXISTS `tabKnown Error`")
		with open_site(site.bench.folder, site.name) as opened:
			assert site_errors(opened) == ()

	def test_a_database_that_is_down_is_said(self, site: SampleSite) -> None:
		site.set_config(db_name="gone")
		with open_site(site.bench.folder, site.name) as opened, pytest.raises(SourceUnavailable):
			site_errors(opened)
