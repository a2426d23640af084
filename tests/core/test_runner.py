"""Checks run side by side, each within its time, and none can take the others down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import Finding, Status
from recovery_console.core.runner import CheckResult, run_checks
from recovery_console.core.site import Site, open_site
from tests.support.planted_checks import planted
from tests.support.sample import SampleSite

THREAD = "recovery-console-check"


def well(_check: Check, _site: Site) -> Answer:
	return iter(())


def sleeping(seconds: float) -> Any:
	def run(_check: Check, _site: Site) -> Answer:
		time.sleep(seconds)
		return iter(())

	return run


def reading(check: Check, site: Site) -> Answer:
	yield check.measure(doctypes=site.db.count(site.db.from_("DocType")))


def raising(error: BaseException) -> Any:
	def run(_check: Check, _site: Site) -> Answer:
		raise error

	return run


def check_threads() -> list[threading.Thread]:
	return [thread for thread in threading.enumerate() if thread.name == THREAD]


def wait_until(condition: Any, seconds: float) -> bool:
	ends = time.monotonic() + seconds
	while not condition() and time.monotonic() < ends:
		time.sleep(0.01)
	return bool(condition())


@pytest.fixture
def opened(site: SampleSite) -> Iterator[Site]:
	with open_site(site.bench.folder, site.name) as opened:
		yield opened


def run(opened: Site, *checks: type[Check], **options: Any) -> dict[str, CheckResult]:
	results = run_checks(opened, [check() for check in checks], **options)
	assert [result.check for result in results] == list(checks), "results come in the order of the checks"
	return {result.check.id: result for result in results}


class TestAnswers:
	def test_statuses_come_from_the_worst_finding(self, opened: Site) -> None:
		def two(check: Check, _site: Site) -> Answer:
			yield check.info("i")
			yield check.measure(a=1)
			yield check.warning("w")
			yield check.measure(b=2)

		found = run(opened, planted("t.well", well), planted("t.two", two), planted("t.reads", reading))
		assert [result.status for result in found.values()] == [Status.OK, Status.WARNING, Status.OK]
		assert found["t.two"].measurements == {"a": 1, "b": 2}
		assert found["t.reads"].measurements["doctypes"] > 0
		assert all(result.duration > timedelta(0) for result in found.values())

	def test_nothing_to_run_is_no_error(self, opened: Site) -> None:
		assert run_checks(opened, []) == []

	def test_progress_is_told_in_this_thread_once_per_check(self, opened: Site) -> None:
		told: list[tuple[str, int, int, threading.Thread]] = []

		def on_progress(result: CheckResult, done: int, total: int) -> None:
			told.append((result.check.id, done, total, threading.current_thread()))

		checks = [planted(f"t.c{number}", well) for number in range(9)]
		run(opened, *checks, on_progress=on_progress)
		assert sorted(name for name, *_ in told) == sorted(check.id for check in checks)
		assert [done for _, done, _, _ in told] == list(range(1, 10))
		assert {(total, thread) for _, _, total, thread in told} == {(9, threading.main_thread())}


class TestThatDoNotApply:
	def test_without_its_table_or_app_a_check_is_skipped_with_the_reason(self, opened: Site) -> None:
		found = run(
			opened,
			planted("t.table", reading, needs=("No Such DocType",)),
			planted("t.app", reading, needs_app="no_such_app"),
			planted("t.both", reading, needs=("User",), needs_app="erpnext"),
			planted("t.itself", raising(NotApplicable("There is no shop."))),
		)
		assert found["t.table"].status is Status.SKIPPED
		assert found["t.table"].reason == "This site has no No Such DocType."
		assert found["t.app"].reason == "The app no_such_app is not installed on this site."
		assert found["t.both"].status is Status.OK
		assert (found["t.itself"].status, found["t.itself"].reason) == (Status.SKIPPED, "There is no shop.")


class TestThatFail:
	@pytest.mark.parametrize(
		"error",
		[
			ValueError("bad"),
			KeyError("x"),
			RecursionError(),
			AssertionError(),
			MemoryError(),
			OSError(5, "io"),
		],
		ids=lambda error: type(error).__name__,
	)
	def test_a_check_that_raises_is_unknown_never_ok(self, opened: Site, error: Exception) -> None:
		found = run(opened, planted("t.bad", raising(error)), planted("t.good", reading))
		assert found["t.bad"].status is Status.UNKNOWN
		assert type(error).__name__ in str(found["t.bad"].reason)
		assert found["t.bad"].remedy
		assert found["t.good"].status is Status.OK

	def test_also_when_it_had_found_something_already(self, opened: Site) -> None:
		def half(check: Check, _site: Site) -> Answer:
			yield check.info("found this")
			raise ValueError("and then broke")

		found = run(opened, planted("t.half", half))
		assert found["t.half"].status is Status.UNKNOWN

	def test_and_when_it_yields_what_is_no_finding(self, opened: Site) -> None:
		assert run(opened, planted("t.odd", lambda *_: iter([None])))["t.odd"].status is Status.UNKNOWN
		assert run(opened, planted("t.none", lambda *_: None))["t.none"].status is Status.UNKNOWN

	def test_a_source_that_does_not_answer_is_named(self, opened: Site) -> None:
		error = SourceUnavailable("queue", "Redis is down.", remedy="Start it.")
		result = run(opened, planted("t.source", raising(error)))["t.source"]
		assert (result.status, result.reason, result.remedy, result.source) == (
			Status.UNKNOWN,
			"Redis is down.",
			"Start it.",
			"queue",
		)

	def test_a_check_that_ends_its_thread_is_unknown_when_its_time_is_over(self, opened: Site) -> None:
		found = run(opened, planted("t.exit", raising(SystemExit(0)), budget=0.3), planted("t.good", reading))
		assert found["t.exit"].status is Status.UNKNOWN
		assert found["t.good"].status is Status.OK

	def test_without_the_database_each_says_so_at_once(self, site: SampleSite) -> None:
		site.set_config(db_name="gone")
		with open_site(site.bench.folder, site.name) as opened:
			found = run(opened, *[planted(f"t.c{number}", reading) for number in range(5)])
		assert {result.status for result in found.values()} == {Status.UNKNOWN}
		assert {result.source for result in found.values()} == {"database"}


class TestTime:
	def test_a_check_beyond_its_budget_is_unknown_and_the_others_go_on(self, opened: Site) -> None:
		begun = time.monotonic()
		found = run(
			opened,
			planted("t.slow", sleeping(3), budget=0.3),
			*[planted(f"t.c{number}", reading) for number in range(6)],
			workers=1,
		)
		assert time.monotonic() - begun < 2.5
		slow = found.pop("t.slow")
		assert slow.status is Status.UNKNOWN
		assert "given up after 0.3 s" in str(slow.reason)
		assert slow.duration >= timedelta(seconds=0.3)
		assert {result.status for result in found.values()} == {Status.OK}

	def test_what_it_says_too_late_is_not_heard(self, opened: Site) -> None:
		ended = threading.Event()

		def late(check: Check, site: Site) -> Answer:
			time.sleep(0.6)
			yield check.critical("too late")
			ended.set()

		found = run(opened, planted("t.late", late, budget=0.2), planted("t.next", sleeping(1)))
		assert ended.wait(3)
		assert found["t.late"].status is Status.UNKNOWN
		assert found["t.late"].findings == ()

	def test_the_whole_run_ends_at_its_deadline(self, opened: Site) -> None:
		checks = [planted(f"t.c{number}", sleeping(0.5), budget=10) for number in range(8)]
		begun = time.monotonic()
		found = run(opened, *checks, deadline=timedelta(seconds=0.8), workers=2)
		assert time.monotonic() - begun < 2
		statuses = [result.status for result in found.values()]
		assert statuses.count(Status.OK) == 2
		assert statuses.count(Status.UNKNOWN) == 6
		assert "before this check's turn" in str(found["t.c7"].reason)
		assert "given up" in str(found["t.c2"].reason)

	def test_checks_run_side_by_side(self, opened: Site) -> None:
		begun = time.monotonic()
		run(opened, *[planted(f"t.c{number}", sleeping(0.5)) for number in range(4)])
		assert time.monotonic() - begun < 1.5

	def test_no_more_connections_than_workers_are_opened(self, opened: Site) -> None:
		seen: set[int] = set()

		def look(check: Check, site: Site) -> Iterator[Finding]:
			seen.add(id(site.db))
			site.db.sql("SELECT 1")
			return iter(())

		run(opened, *[planted(f"t.c{number}", look) for number in range(20)], workers=3)
		assert 1 <= len(seen) <= 3


class TestStuckInTheDatabase:
	"""A statement that does not end: its connection is cut, so that its thread and the server are free again."""

	def query(self, dialect: str) -> str:
		return {
			"mariadb": "SELECT SLEEP(60)",
			"postgres": "SELECT pg_sleep(60)",
			"sqlite": (
				"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT COUNT(*) FROM n"
			),
		}[dialect]

	def test_it_is_cut_and_the_others_have_connections_of_their_own(self, any_site: SampleSite) -> None:
		before = set(check_threads())
		errors: list[SourceUnavailable] = []

		def stuck(_check: Check, site: Site) -> Answer:
			try:
				site.db.sql(self.query(any_site.database.dialect))
			except SourceUnavailable as error:
				errors.append(error)
				raise
			return iter(())

		def tries_again(_check: Check, site: Site) -> Answer:
			time.sleep(0.6)
			site.db.count(site.db.from_("DocType"))
			return iter(())

		with open_site(any_site.bench.folder, any_site.name) as opened:
			begun = time.monotonic()
			found = run(
				opened,
				planted("t.stuck", stuck, budget=0.4),
				planted("t.abandoned", tries_again, budget=0.4),
				*[planted(f"t.c{number}", reading) for number in range(4)],
				workers=2,
			)
			assert time.monotonic() - begun < 1.8, "nobody waits for the statement's own limit of 2 s"
			assert [result.status for result in found.values()] == [Status.UNKNOWN] * 2 + [Status.OK] * 4
			assert wait_until(lambda: not set(check_threads()) - before, 1.5), "a thread hangs"
		assert len(errors) == 1

	def test_a_statement_that_takes_too_long_ends_by_itself(self, any_site: SampleSite) -> None:
		def stuck(_check: Check, site: Site) -> Answer:
			site.db.sql(self.query(any_site.database.dialect))
			return iter(())

		with open_site(any_site.bench.folder, any_site.name) as opened:
			found = run(opened, planted("t.stuck", stuck, budget=8))
		result = found["t.stuck"]
		assert result.status is Status.UNKNOWN
		assert "longer than 2 s" in str(result.reason)
		assert timedelta(seconds=1.5) < result.duration < timedelta(seconds=4)
