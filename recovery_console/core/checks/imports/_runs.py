"""Imports of the last days: Data Import and ERPNext's Bank Statement Import, which works the same way."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from pypika import Order
from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.rq_records import Job
from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site

DATA_IMPORT = "Data Import"
#: DocType -> what its job is called.
KINDS = {DATA_IMPORT: "data_import", "Bank Statement Import": "bank_statement_import"}
LOG = "Data Import Log"
#: Beginning of a file's address -> its folder in the site's folder.
FOLDERS = {"/private/files/": "private/files", "/files/": "public/files"}
#: Imports are made by hand; a site with more of them in a week reads the newest.
MOST_RUNS = 1000
#: So many row numbers and reasons are shown.
MOST_ROWS = 50
#: Logs of an import that is older are not looked for: their table has no index on the import.
REACH = timedelta(days=30)


@dataclass(frozen=True)
class Run:
	"""One import that has not ended in success. ``total`` is None where it is not kept."""

	doctype: str
	name: str
	status: str
	into: str
	total: int | None
	warnings: str
	file: str
	has_source: bool
	created: datetime | None
	changed: datetime | None

	@property
	def subject(self) -> tuple[str, str]:
		return (self.doctype, self.name)


@dataclass(frozen=True)
class Logged:
	"""How many records of an import are logged as imported and as failed."""

	done: int = 0
	failed: int = 0

	@property
	def records(self) -> int:
		return self.done + self.failed

	def stops_short(self, run: Run) -> bool:
		"""Tell whether an import whose total is known began, and did not get to its end."""
		return run.total is not None and 0 < self.records < run.total


def runs(site: Site, window: timedelta, *statuses: str) -> list[Run]:
	"""Return the imports with one of these statuses that changed within the window, newest first."""
	found: list[Run] = []
	for doctype in KINDS:
		if site.has_doctype(doctype):
			found += _read(site, doctype, window, statuses)
	return found


def named(site: Site, doctype: str, name: str) -> Run | None:
	"""Return one import, whatever its status and age; None where there is none of this name."""
	if doctype not in KINDS or not site.has_doctype(doctype):
		return None
	t = table(doctype)
	rows = site.db.run(_columns(site, doctype, t).where(t["name"] == name))
	return _run(site, doctype, rows[0]) if rows else None


def _read(site: Site, doctype: str, window: timedelta, statuses: Sequence[str]) -> list[Run]:
	t = table(doctype)
	rows = site.db.run(
		_columns(site, doctype, t)
		.where(t.status.isin(list(statuses)) & (t.modified >= site.ago(window)))
		.orderby(t.modified, order=Order.desc)
		.limit(MOST_RUNS)
	)
	return [_run(site, doctype, row) for row in rows]


def _columns(site: Site, doctype: str, t: DocTable) -> QueryBuilder:
	columns = ["name", "status", "reference_doctype", "template_warnings", "import_file", "google_sheets_url"]
	if site.has_doctype(doctype, "payload_count"):
		columns.append("payload_count")
	return site.db.from_(t).select(*(t[column] for column in columns), t.creation, t.modified)


def _run(site: Site, doctype: str, row: dict[str, Any]) -> Run:
	return Run(
		doctype=doctype,
		name=str(row["name"]),
		status=str(row["status"]),
		into=str(row["reference_doctype"] or ""),
		total=int(row.get("payload_count") or 0) or None,
		warnings=str(row["template_warnings"] or ""),
		file=str(row["import_file"] or ""),
		has_source=bool(row["import_file"] or row["google_sheets_url"]),
		created=site.moment(row["creation"]),
		changed=site.moment(row["modified"]),
	)


def on_disk(site: Site, address: str) -> bool:
	"""Tell whether the file of an import is on disk; one that lies elsewhere, as on the web, counts as there."""
	for beginning, folder in FOLDERS.items():
		if address.startswith(beginning):
			name = PurePosixPath(address.removeprefix(beginning))
			return ".." not in name.parts and site.files.exists(f"{folder}/{name}")
	return True


# -- what the log says


def logged(site: Site, found: Sequence[Run]) -> dict[str, Logged]:
	"""Return what is logged of each of these imports; those that are older than ``REACH`` are left out."""
	near = [run for run in found if run.created and site.now() - run.created <= REACH]
	counts = {run.name: [0, 0] for run in near}
	t = table(LOG)
	for names, since in _pieces(site, near):
		for row in site.db.run(
			site.db.from_(t)
			.select(t.data_import, t.success, fn.Count("*").as_("n"))
			.where(_of(t, names, since))
			.groupby(t.data_import, t.success)
		):
			counts[str(row["data_import"])][0 if row["success"] else 1] += int(row["n"])
	return {name: Logged(*numbers) for name, numbers in counts.items()}


def failed_rows(site: Site, found: Sequence[Run]) -> dict[str, list[int]]:
	"""Return the row numbers, in the file, of the records that are logged as failed, of at most 20 imports."""
	rows: dict[str, set[int]] = {}
	t = table(LOG)
	for names, since in _pieces(site, found[:20]):
		for row in site.db.run(
			site.db.from_(t)
			.select(t.data_import, t.row_indexes)
			.where(_of(t, names, since) & (t.success == 0))
			.orderby(t.log_index)
			.limit(5000)
		):
			rows.setdefault(str(row["data_import"]), set()).update(_numbers(row["row_indexes"]))
	return {name: sorted(numbers) for name, numbers in rows.items()}


def reasons(site: Site, found: Sequence[Run]) -> dict[str, int]:
	"""Return the most frequent errors of the failed records, of a sample of them."""
	counted: Counter[str] = Counter()
	t = table(LOG)
	for names, since in _pieces(site, found[:20]):
		for row in site.db.run(
			site.db.from_(t)
			.select(t.exception)
			.where(_of(t, names, since) & (t.success == 0))
			.orderby(t.creation, order=Order.desc)
			.limit(200)
		):
			counted[last_line(str(row["exception"] or ""))] += 1
	return {reason: count for reason, count in counted.most_common(5) if reason}


def _pieces(site: Site, found: Sequence[Run]) -> Iterable[tuple[list[str], datetime]]:
	"""Cut a list of imports into pieces, each with the time from which its log rows can be."""
	for start in range(0, len(found), 500):
		piece = found[start : start + 500]
		oldest = min((run.created for run in piece if run.created), default=site.now())
		yield [run.name for run in piece], site.db_time(oldest)


def _of(t: DocTable, names: list[str], since: datetime) -> Criterion:
	return Criterion.all([t.data_import.isin(names), t.modified >= since, t.creation >= since])


def _numbers(text: Any) -> list[int]:
	try:
		found = json.loads(str(text or "[]"))
	except ValueError:
		return []
	return [number for number in found if isinstance(number, int)] if isinstance(found, list) else []


def last_line(error: str) -> str:
	"""Return the last line of an error that says something, without secrets, names and markup."""
	lines = [line.strip() for line in error.splitlines() if line.strip()]
	return plain(lines[-1]) if lines else ""


def plain(text: str) -> str:
	"""Return a text without markup, secrets and names, cut to a line."""
	without = re.sub(r"<[^>]{0,500}>", "", re.sub(r"[{}]", "", text))
	return redact_text(" ".join(without.split()), personal=True)[:160]


def shown(numbers: Sequence[int]) -> str:
	"""Write row numbers: ``4, 7, 9 and 12 more``."""
	text = ", ".join(str(number) for number in numbers[:MOST_ROWS])
	rest = len(numbers) - MOST_ROWS
	return f"{text} and {rest} more" if rest > 0 else text


def serious(text: str) -> list[dict[str, Any]]:
	"""Return the warnings about a file that keep an import from beginning; those of type ``info`` do not."""
	try:
		found = json.loads(text or "[]")
	except ValueError:
		return [{"message": text}]
	each = found if isinstance(found, list) else [found]
	warnings = [warning if isinstance(warning, dict) else {"message": str(warning)} for warning in each]
	return [warning for warning in warnings if warning.get("type") != "info"]


# -- the job that does the work


def job_ids(site: Site, run: Run) -> tuple[str, str]:
	"""Return the ids under which Frappe 15 and 16 know the job of an import."""
	job = f"{KINDS[run.doctype]}::{run.name}"
	return f"{site.name}::{job}", f"{site.name}||{job.replace(':', '|')}"


def jobs(site: Site, found: Sequence[Run]) -> dict[str, Job]:
	"""Return the job of each import that has one and has not ended well.

	Raises:
		SourceUnavailable: The queue does not answer.
	"""
	by_id = {job_id: run.name for run in found for job_id in job_ids(site, run)}
	present = {by_id[job.id]: job for job in site.queue.jobs(list(by_id)) if job.exists}
	return {name: job for name, job in present.items() if job.status != "finished"}


def alive(site: Site, job: Job | None) -> bool:
	"""Tell whether a job still waits for a worker, or a worker is at it."""
	if job is None:
		return False
	if job.status != "started":
		return job.status in ("queued", "deferred", "scheduled")
	return any(
		entry.id == job.id and (entry.expires_at is None or entry.expires_at >= site.now())
		for entry in site.queue.registry_ids(job.queue, "started")
	)
