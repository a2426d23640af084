"""Starting an import again so that each of its rows comes in once: what its log says, and what it cannot say.

Frappe skips the rows that stand in the log of an import; while fewer records are logged than the file has, those
that failed too. So the log rows of what failed are taken out, and the import is started by Frappe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from recovery_console.core.action import batch
from recovery_console.core.actions.jobs._started import wip_members
from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import Job
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.imports import _runs as imports
from recovery_console.core.checks.imports._runs import LOG, Run
from recovery_console.core.edits import ABSENT, Act, Edit, SortedSetEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.keys import removed
from recovery_console.core.plan import Batch, LeftOut
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, deleted, rows_named, whole_rows
from recovery_console.core.site import Site

UNFINISHED = ("Pending", "Partial Success", "Error", "Timed Out")
#: Frappe counts an update that changes nothing as a failure; there is nothing to try again.
UNCHANGED = "No changes to update"
#: A document that was made so soon after the last logged row may be the one whose log is missing.
AFTERWARDS = timedelta(minutes=10)
#: A log with more rows than this is not for one plan.
MOST_ROWS = 20_000
#: How long after its creation an import is looked for by name.
REACH = timedelta(days=30)


@dataclass(frozen=True)
class State:
	"""An import with its log."""

	run: Run
	log: list[dict[str, Any]]
	job: Job | None
	alive: bool

	@property
	def done(self) -> list[dict[str, Any]]:
		return [row for row in self.log if row["success"]]

	@property
	def failed(self) -> list[dict[str, Any]]:
		return [row for row in self.log if not row["success"]]

	@property
	def is_complete(self) -> bool:
		"""Whether every record of the file was tried."""
		if self.run.total is not None:
			return len(self.log) >= self.run.total
		# A Bank Statement Import does not say how many records it has: failures are logged up to its end.
		return bool(self.failed)


def states(site: Site, names: Sequence[str], window: timedelta, *, also: tuple[str, ...] = ()) -> list[State]:
	"""Return imports that have not ended in success: these, or all of the window.

	Args:
		site: The site.
		names: Only these; they are looked for further back.
		window: How far back.
		also: Further statuses that they may have.

	Raises:
		UsageError: One of the names is no such import.
	"""
	found = imports.runs(site, REACH if names else window, *UNFINISHED, *also)
	if names:
		by_name = {run.name: run for run in found}
		for name in names:
			if name not in by_name:
				raise UsageError(
					f"There is no import {name!r} of the last {REACH.days} days to which this could be done.",
					remedy="Take the name from the Data Import or Bank Statement Import list.",
				)
		found = [by_name[name] for name in names]
	logs = _logs(site, found)
	jobs = imports.jobs(site, found) if found else {}
	return [
		State(run, logs[run.name], jobs.get(run.name), imports.alive(site, jobs.get(run.name)))
		for run in found
	]


def _logs(site: Site, found: Sequence[Run]) -> dict[str, list[dict[str, Any]]]:
	logs: dict[str, list[dict[str, Any]]] = {run.name: [] for run in found}
	t = table(LOG)
	for start in range(0, len(found), 500):
		piece = found[start : start + 500]
		since = site.db_time(min((run.created for run in piece if run.created), default=site.now()))
		rows = whole_rows(
			site,
			site.db.from_(t)
			.where(t["data_import"].isin([run.name for run in piece]))
			.where((t["creation"] >= since) & (t["modified"] >= since))
			.orderby(t["log_index"], t["creation"], t["name"])
			.limit(MOST_ROWS + 1),
		)
		if len(rows) > MOST_ROWS:
			raise UsageError(
				f"The logs of these imports have more than {MOST_ROWS} rows.",
				remedy="Name fewer imports at once.",
			)
		for row in rows:
			logs[str(row["data_import"])].append(row)
	return logs


def starting(site: Site, state: State, rows: Iterable[dict[str, Any]]) -> Batch:
	"""Return the batch that takes log rows out and starts an import again."""
	run = state.run
	act = Act(
		"Start the import", run.doctype, run.name, {"doctype": run.doctype, "name": run.name}, frappe=True
	)
	edits: list[Edit] = [deleted(LOG, row) for row in rows]
	return batch(run.doctype, run.name, *edits, *reopened(site, run), *_without_job(site, state), act)


def reopened(site: Site, run: Run) -> Iterator[Edit]:
	"""Yield the edit that makes an import Pending that ended in an error or ran out of time.

	Frappe itself leaves such a status until the import is through; then it looks as if nothing happened.
	"""
	for row in rows_named(site, run.doctype, [run.name], ("status", "modified")):
		if row["status"] in ("Error", "Timed Out"):
			yield changed(run.doctype, row, status="Pending", modified=site.ago(timedelta(0)))


def _without_job(site: Site, state: State) -> Iterator[Edit]:
	"""Yield the edits that take a job out of the way that its worker left: Frappe starts no second one beside it."""
	job = state.job
	if job is None or job.status != "started" or state.alive or not belongs_to(job.id, site.name):
		return
	yield from removed(site.queue.redis, [f"rq:job:{job.id}".encode()]).values()
	for queue in site.queue.names():
		member = wip_members(site, queue).get(job.id)
		if member is not None:
			key = f"rq:wip:{site.queue.key_name(queue)}".encode()
			yield SortedSetEdit("queue", key, member[0], member[1], ABSENT)


def to_try_again(state: State) -> list[dict[str, Any]]:
	"""Return the log rows of the records that failed and may do better."""
	return [
		row
		for row in state.failed
		if UNCHANGED not in str(row["exception"] or "") + str(row["messages"] or "")
	]


def lost_row(site: Site, state: State) -> dict[str, Any] | None:
	"""Return the last row that is logged as imported, where its document never came to be.

	On MariaDB the log is not part of the transaction: a server or worker that dies between the two leaves the log
	without the document. One that a person deleted since is not meant.
	"""
	if not state.done or not site.has_doctype(state.run.into):
		return None
	last = state.done[-1]
	t, gone = table(state.run.into), table("Deleted Document")
	name = str(last["docname"] or "")
	if not name or site.db.count(site.db.from_(t).where(t["name"] == name)):
		return None
	if site.has_doctype("Deleted Document"):
		deleted_by_hand = (
			site.db.from_(gone)
			.where((gone["deleted_doctype"] == state.run.into) & (gone["deleted_name"] == name))
			.where(gone["creation"] >= last["creation"])
		)
		if site.db.count(deleted_by_hand):
			return None
	return last


def unlogged(site: Site, state: State) -> list[str]:
	"""Return documents that may have come from a row whose log is missing: made right after the last logged one."""
	if not state.log or not site.has_doctype(state.run.into, "creation"):
		return []
	last = max(row["creation"] for row in state.log)
	until = site.moment(last)
	if until is None:
		return []
	logged = {str(row["docname"]) for row in state.done}
	t = table(state.run.into)
	rows = site.db.run(
		site.db.from_(t)
		.select(t["name"])
		.where((t["creation"] > last) & (t["creation"] <= site.db_time(until + AFTERWARDS)))
		.where(t["owner"] == state.log[-1]["owner"])
		.orderby(t["creation"])
		.limit(20)
	)
	return [str(row["name"]) for row in rows if str(row["name"]) not in logged]


def left(state: State, why: str) -> LeftOut:
	return LeftOut(Subject(state.run.doctype, state.run.name), why)


def no_source(state: State) -> str:
	"""Say why an import cannot be started at all; empty where it can."""
	if not state.run.has_source:
		return _("It has no file.")
	if imports.serious(state.run.warnings):
		return _("Warnings about its file hold it up; correct the file first.")
	if state.alive:
		return _("Its job is waiting or at work.")
	return ""


def needs(site: Site) -> list[str]:
	"""Return the warnings about what Frappe needs to import at all."""
	said = []
	if not site.queue.workers():
		said.append(_("No worker runs: the import waits until one does."))
	if site.config.flag("pause_scheduler") or site.config.flag("maintenance_mode"):
		said.append(_("Frappe starts no import while the scheduler is paused or maintenance mode is on."))
	elif not site.single_int("System Settings", "enable_scheduler"):
		said.append(_("Frappe starts no import while the scheduler of the site is off."))
	return said
