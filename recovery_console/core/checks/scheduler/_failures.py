"""Runs of scheduled jobs that failed, counted from the last success."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pypika import Order
from pypika import functions as fn

from recovery_console.core.checks.jobs._errors import Death, read_death
from recovery_console.core.checks.scheduler._log import log_table, within
from recovery_console.core.checks.scheduler._types import job_types
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Of so many failing job types the error texts are read.
MOST_TEXTS = 20
#: Among so many newest failures they are looked for.
MOST_ROWS = 500


@dataclass(frozen=True)
class Streak:
	"""A job type whose latest runs all failed. ``since`` is the first failure after its last success."""

	name: str
	method: str
	is_vital: bool
	failures: int
	since: datetime | None


def read_streaks(site: Site, window: timedelta) -> list[Streak]:
	"""Return the job types that are not stopped and whose newest finished run failed."""
	t = log_table()
	runs = (
		site.db.from_(t)
		.select(t.scheduled_job_type.as_("type"), fn.Max(t.creation).as_("newest"))
		.where(within(site, t, window))
		.groupby(t.scheduled_job_type)
	)
	failures = runs.select(fn.Count("*").as_("runs"), fn.Min(t.creation).as_("oldest"))
	failed = {str(row["type"]): row for row in site.db.run(failures.where(t.status == "Failed"))}
	if not failed:
		return []
	complete = runs.where((t.status == "Complete") & t.scheduled_job_type.isin(sorted(failed)))
	succeeded = {str(row["type"]): row["newest"] for row in site.db.run(complete)}
	streaks = []
	for job_type in job_types(site):
		if job_type.stopped or job_type.name not in failed:
			continue
		found, success = failed[job_type.name], succeeded.get(job_type.name)
		if success is None:
			count, since = int(found["runs"]), found["oldest"]
		elif _is_later(site, found["newest"], success):
			count, since = _since_success(site, window, job_type.name, success)
		else:
			continue
		streaks.append(Streak(job_type.name, job_type.method, job_type.is_vital, count, site.moment(since)))
	return streaks


def _is_later(site: Site, one: Any, other: Any) -> bool:
	first, second = site.moment(one), site.moment(other)
	return first is not None and (second is None or first > second)


def _since_success(site: Site, window: timedelta, name: str, success: Any) -> tuple[int, Any]:
	t = log_table()
	row = site.db.run(
		site.db.from_(t)
		.select(fn.Count("*").as_("runs"), fn.Min(t.creation).as_("oldest"))
		.where(within(site, t, window) & (t.scheduled_job_type == name))
		.where((t.status == "Failed") & (t.creation > success))
	)[0]
	return int(row["runs"]), row["oldest"]


def take_last_words(site: Site, window: timedelta, streaks: Iterable[Streak]) -> dict[str, tuple[Death, str]]:
	"""Return of each failing job type what its newest failure died of, and the whole text."""
	names = [streak.name for streak in streaks][:MOST_TEXTS]
	t = log_table()
	rows = site.db.run(
		site.db.from_(t)
		.select(t["name"], t.scheduled_job_type)
		.where(within(site, t, window) & (t.status == "Failed") & t.scheduled_job_type.isin(names))
		.orderby(t.creation, order=Order.desc)
		.limit(MOST_ROWS)
	)
	newest: dict[str, str] = {}
	for row in rows:
		newest.setdefault(str(row["scheduled_job_type"]), str(row["name"]))
	if not newest:
		return {}
	texts = site.db.run(
		site.db.from_(t).select(t.scheduled_job_type, t.details).where(t["name"].isin(list(newest.values())))
	)
	return {
		str(row["scheduled_job_type"]): (read_death(str(row["details"] or "")), str(row["details"] or ""))
		for row in texts
	}
