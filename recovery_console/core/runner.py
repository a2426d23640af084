"""Running checks: side by side, each within its time, none able to take the others down."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from recovery_console.core.check import Check
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import Finding, Status, _, worst
from recovery_console.core.site import Site

logger = logging.getLogger(__name__)

#: So many checks look at the site at once: as many connections, and no more. More than there are processors would
#: make each check slower, and some too slow, without the diagnosis ending sooner.
WORKERS = max(2, min(4, os.cpu_count() or 2))
#: Seconds for which a check is left to itself. One that is quicker has nothing to gain from another beside it: both
#: would share one interpreter, and wait for each other. One that takes longer mostly waits for the database.
ALONE = 0.01
DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True)
class CheckResult:
	"""What a check said.

	Args:
		check: The check's class.
		status: Its worst finding, ``ok`` without one, ``unknown`` when it could not look, ``skipped`` when it
			does not apply here.
		reason: Why it is ``unknown`` or ``skipped``.
		remedy: What to do so that it can look.
		source: Which source did not answer, when that is why.
		duration: How long it took.
	"""

	check: type[Check]
	status: Status
	reason: str | None = None
	remedy: str = ""
	source: str = ""
	findings: tuple[Finding, ...] = ()
	measurements: dict[str, float] = field(default_factory=dict)
	duration: timedelta = timedelta(0)


Progress = Callable[[CheckResult, int, int], None]


def run_checks(
	site: Site,
	checks: Sequence[Check],
	*,
	deadline: timedelta = DEADLINE,
	workers: int = WORKERS,
	on_progress: Progress | None = None,
) -> list[CheckResult]:
	"""Run checks and return their results in the order given.

	Args:
		site: The site. Each check gets its own view, and with it its own connection.
		checks: The checks, with their thresholds set.
		deadline: The whole run takes no longer; checks that did not come to their turn are ``unknown``.
		workers: How many run at once.
		on_progress: Called in this thread after each check with its result, how many are done, and of how many.
	"""
	run = _Run(site, checks, deadline, workers)
	return run.wait(on_progress)


@dataclass
class _Task:
	number: int
	check: Check
	view: Site
	started: float = 0.0


class _Run:
	"""One run: daemon threads take checks from a queue; this thread watches their time, and sends more when they wait."""

	def __init__(self, site: Site, checks: Sequence[Check], deadline: timedelta, workers: int) -> None:
		self.site = site
		self.waiting = deque(_Task(number, check, site.view()) for number, check in enumerate(checks))
		self.running: dict[int, _Task] = {}
		self.results: dict[int, CheckResult] = {}
		self.total = len(checks)
		self.changed = threading.Condition()
		self.ends = time.monotonic() + deadline.total_seconds()
		self.deadline = deadline
		self.workers = workers
		self._start_worker()

	def wait(self, on_progress: Progress | None) -> list[CheckResult]:
		reported: set[int] = set()
		while len(reported) < self.total:
			with self.changed:
				if len(self.results) < self.total:
					self.changed.wait(min(self._patience(), ALONE))
				self._give_up_on_slow()
				self._send_another()
				fresh = [number for number in self.results if number not in reported]
			for number in fresh:
				reported.add(number)
				if on_progress is not None:
					on_progress(self.results[number], len(reported), self.total)
		return [self.results[number] for number in range(self.total)]

	def _start_worker(self) -> None:
		threading.Thread(target=self._work, daemon=True, name="recovery-console-check").start()

	def _send_another(self) -> None:
		if self.waiting and len(self.running) < self.workers and self._all_wait():
			self._start_worker()

	def _all_wait(self) -> bool:
		"""Tell whether all checks at work have been at it for so long that another would not disturb them."""
		before = time.monotonic() - ALONE
		return all(task.started <= before for task in self.running.values())

	def _work(self) -> None:
		while True:
			with self.changed:
				if not self.waiting or not self._all_wait():
					return
				task = self.waiting.popleft()
				task.started = time.monotonic()
				self.running[task.number] = task
			result = run_check(task.view, task.check)
			with self.changed:
				task.view.release()
				if self.running.pop(task.number, None) is None:
					return  # given up on; another worker has taken this one's place
				self.results[task.number] = result
				if len(self.results) == self.total:
					self.changed.notify()

	def _patience(self) -> float:
		ends = min([self._ends(task) for task in self.running.values()] + [self.ends])
		return max(0.0, ends - time.monotonic())

	def _ends(self, task: _Task) -> float:
		return min(self.ends, task.started + task.check.budget.total_seconds())

	def _give_up_on_slow(self) -> None:
		now = time.monotonic()
		for task in [task for task in self.running.values() if self._ends(task) <= now]:
			del self.running[task.number]
			task.view.abandon()
			self.results[task.number] = _late(task.check, timedelta(seconds=now - task.started))
			self._start_worker()
		if now >= self.ends:
			while self.waiting:
				task = self.waiting.popleft()
				self.results[task.number] = CheckResult(
					type(task.check),
					Status.UNKNOWN,
					reason=f"The diagnosis ended after {self.deadline.total_seconds():.0f} s, before this check's turn.",
					remedy="Run it by itself, or allow the diagnosis more time.",
				)


def run_check(site: Site, check: Check) -> CheckResult:
	"""Run one check. Whatever goes wrong in it becomes ``unknown``: nothing fails open."""
	begun = time.monotonic()
	try:
		missing = _missing(site, check)
		result = _skipped(check, missing) if missing else _answer(site, check)
	except NotApplicable as error:
		result = _skipped(check, error.reason)
	except SourceUnavailable as error:
		result = CheckResult(
			type(check), Status.UNKNOWN, reason=error.reason, remedy=error.remedy, source=error.source
		)
	except (Exception, SystemExit) as error:
		logger.exception("Check %s failed", check.id)
		result = CheckResult(
			type(check),
			Status.UNKNOWN,
			reason=f"The check itself failed: {type(error).__name__}: {error} ({_where(error)})",
			remedy="This is a fault of the console: please report this sentence.",
		)
	return replace(result, duration=timedelta(seconds=time.monotonic() - begun))


def _where(error: BaseException) -> str:
	"""Return the innermost place in our own code where an error came up."""
	frames = traceback.extract_tb(error.__traceback__)
	own = [frame for frame in frames if "recovery_console" in frame.filename] or list(frames)
	return f"{Path(own[-1].filename).name}, line {own[-1].lineno}"


def _missing(site: Site, check: Check) -> str:
	"""Say what this site lacks for the check to make sense; empty when nothing."""
	if check.needs_app and check.needs_app not in site.installed_apps():
		return _("The app {0} is not installed on this site.").format(check.needs_app)
	for doctype in check.needs:
		if not site.has_doctype(doctype):
			return _("This site has no {0}.").format(doctype)
	return ""


def _skipped(check: Check, reason: str) -> CheckResult:
	return CheckResult(type(check), Status.SKIPPED, reason=reason)


def _answer(site: Site, check: Check) -> CheckResult:
	findings: list[Finding] = []
	measurements: dict[str, float] = {}
	for item in check.run(site):
		if isinstance(item, Finding):
			findings.append(item)
		else:
			measurements.update(item.values)
	status = worst([finding.severity.status for finding in findings]) if findings else Status.OK
	return CheckResult(type(check), status, findings=tuple(findings), measurements=measurements)


def _late(check: Check, took: timedelta) -> CheckResult:
	return CheckResult(
		type(check),
		Status.UNKNOWN,
		reason=f"The check was given up after {took.total_seconds():.1f} s; its limit is "
		f"{check.budget.total_seconds():.0f} s.",
		remedy="Run it by itself when the site is less busy.",
		duration=took,
	)
