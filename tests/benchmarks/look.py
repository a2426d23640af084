"""One process that diagnoses a site and prints, as JSON, what that took: ``python -m tests.benchmarks.look``."""

from __future__ import annotations

import gc
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from recovery_console.core.backends.mariadb import MariaDB
from recovery_console.core.check import Check
from recovery_console.core.checks.sepa import _accounts
from recovery_console.core.registry import select_checks
from recovery_console.core.report import Report, diagnose
from recovery_console.core.runner import run_check
from recovery_console.core.site import Site, open_site

#: A diagnosis is repeated so often; the shortest counts, for other work on the machine only adds.
REPEAT = 3


def main(bench: str, name: str, now: str, what: str) -> None:
	"""Measure and print; ``what`` is ``whole``, or ``each`` for check by check."""

	def opened() -> Site:
		moment = datetime.fromisoformat(now) if now else None
		return open_site(bench, name, clock=(lambda: moment) if moment else None)

	print(json.dumps(whole(opened) if what == "whole" else each(opened)))  # noqa: T201


def whole(opened: Any) -> dict[str, Any]:
	"""Diagnose the whole site, first with everything cold in this process, then warm."""
	begun, before = time.perf_counter(), memory_mb()
	checks = select_checks()
	asked = count_time()
	taken: list[tuple[float, float, float]] = []
	report: Report | None = None
	for _round in range(REPEAT + 1):
		start, own, waited = time.perf_counter(), time.process_time(), sum(asked)
		with opened() as site:
			report = diagnose(site, checks)
		taken.append((time.perf_counter() - start, time.process_time() - own, sum(asked) - waited))
		if _round == 0:
			first, peak = time.perf_counter() - begun, memory_mb()
	assert report is not None
	seconds, own, waited = min(taken[1:])
	late = [item for item in report.results if item.duration >= item.check.budget]
	return {
		"seconds": seconds,
		"first_seconds": first,
		"own_seconds": own,
		"database_seconds": waited,
		"late": [item.check.id for item in late],
		"memory_mb": peak - before,
		"checks": len(report.results),
		"statuses": {
			result.check.id: [result.status.value, result.reason or ""] for result in report.results
		},
		"durations": {result.check.id: result.duration.total_seconds() for result in report.results},
	}


def count_time() -> list[float]:
	"""Return a list to which each statement from now on adds the seconds that it took, its rows read included."""
	taken: list[float] = []
	run = MariaDB._execute

	def timed(database: MariaDB, statement: str, binds: Any) -> Any:
		start = time.perf_counter()
		try:
			return run(database, statement, binds)
		finally:
			taken.append(time.perf_counter() - start)

	MariaDB._execute = timed  # type: ignore[method-assign]
	return taken


def each(opened: Any) -> dict[str, Any]:
	"""Run every check by itself, with nothing shared, and count the rows that the database reads for it."""
	found: dict[str, Any] = {}
	for check in select_checks():
		_accounts._last.clear()  # what a process remembers of its last look
		with opened() as site:
			found[check.id] = alone(site, check())
	return found


def alone(site: Site, check: Check) -> dict[str, Any]:
	"""Run a check and return its time and what it read."""
	site.db.learn(f"tab{doctype}" for doctype in check.needs)
	site.installed_apps()
	_own = rows_read(site)
	own = rows_read(site) - _own
	before = rows_read(site)
	held = forget_peak()
	start = time.perf_counter()
	result = run_check(site, check)
	seconds = time.perf_counter() - start
	memory = memory_mb() - held
	read = rows_read(site) - before - own if not site.db.broken else None
	return {
		"seconds": seconds,
		"rows": read,
		"memory_mb": max(0.0, memory),
		"status": result.status.value,
		"reason": result.reason or "",
		"budget": check.budget.total_seconds(),
	}


def rows_read(site: Site) -> int:
	"""Return how many rows and index entries this connection has read so far."""
	return sum(int(row["Value"]) for row in site.db.sql("SHOW SESSION STATUS LIKE 'Handler_read%'"))


def memory_mb(what: str = "VmHWM") -> float:
	"""Return the most memory that this process has held, or with ``VmRSS`` what it holds now."""
	for line in Path("/proc/self/status").read_text().splitlines():
		if line.startswith(f"{what}:"):
			return int(line.split()[1]) / 1024
	raise RuntimeError("this system does not tell the memory of a process")


def forget_peak() -> float:
	"""Begin anew with the most memory that this process has held, and return what it holds now."""
	gc.collect()
	Path("/proc/self/clear_refs").write_text("5")
	return memory_mb("VmRSS")


if __name__ == "__main__":
	main(*sys.argv[1:])
