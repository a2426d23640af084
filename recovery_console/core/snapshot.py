"""What is kept of past diagnoses: where, how much, for how long."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import OutputError, SourceUnavailable
from recovery_console.core.finding import Severity, Status
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, moment

DOCTYPE = "Health Snapshot"
#: Where snapshots go that are taken while the site cannot store documents, inside the site's folder.
FILE = Path("private") / "recovery_console" / "snapshots.jsonl"
#: So many of them are kept.
MOST_LINES = 200


@dataclass(frozen=True)
class Past:
	"""An earlier diagnosis, as far as a trend needs it."""

	taken: datetime
	status: Status
	families: Mapping[str, Status]


@dataclass(frozen=True)
class Counts:
	"""How many findings of a report are how bad, and how many of its checks could not look."""

	critical: int
	warning: int
	unknown: int


def count(report: Mapping[str, Any]) -> Counts:
	"""Count what a report says."""
	severities = [finding["severity"] for check in report["checks"] for finding in check["findings"]]
	return Counts(
		critical=severities.count(Severity.CRITICAL),
		warning=severities.count(Severity.WARNING),
		unknown=sum(check["status"] == Status.UNKNOWN for check in report["checks"]),
	)


def measurements(report: Mapping[str, Any]) -> dict[str, float]:
	"""Return all numbers of a report, named ``<check>.<measurement>``."""
	return {
		f"{check['id']}.{name}": value
		for check in report["checks"]
		for name, value in check["measurements"].items()
	}


def history(site: Site, limit: int = 200) -> list[Past]:
	"""Return the latest diagnoses that were kept, oldest first.

	They come from the documents and from the file beside the site, whichever can be read; a source that
	does not answer only makes the trend shorter.
	"""
	found: dict[datetime, Past] = {}
	for read in (_from_documents, _from_file):
		with contextlib.suppress(SourceUnavailable):
			found.update({past.taken: past for past in read(site, limit)})
	return [found[taken] for taken in sorted(found)][-limit:]


def _from_documents(site: Site, limit: int) -> Iterator[Past]:
	if not site.has_doctype(DOCTYPE, "started", "status", "families"):
		return
	t = table(DOCTYPE)
	query = site.db.from_(t).select(t.started, t.status, t.families)
	for row in site.db.run(query.orderby(t.started, order=Order.desc).limit(limit)):
		taken = site.moment(row["started"])
		if taken is not None:
			yield from _past(taken, row["status"], row["families"])


def _from_file(site: Site, limit: int) -> Iterator[Past]:
	if not site.files.exists(FILE):
		return
	for line in site.files.read_text(FILE, most_bytes=16 * 1024 * 1024).splitlines()[-limit:]:
		try:
			report = json.loads(line)
			taken = moment(report["started"], UTC)
		except (ValueError, KeyError, TypeError):
			continue  # a line that a crash or a full disk cut off
		if taken is not None:
			yield from _past(taken, report.get("status"), report.get("families"))


def _past(taken: datetime, status: Any, families: Any) -> Iterator[Past]:
	"""Build a point of the trend; nothing for a diagnosis that did not come to an end."""
	try:
		named = json.loads(families or "{}") if isinstance(families, str) else families or {}
		yield Past(
			taken,
			Status(str(status).lower()),
			{family: Status(str(value).lower()) for family, value in named.items()},
		)
	except (ValueError, AttributeError):
		return


def append(site_path: Path, report: Mapping[str, Any]) -> Path:
	"""Add a report to the file beside a site and return the file. Only its owner may read it.

	The file is replaced as a whole once the new one is on the disk, so a crash leaves the old one.

	Raises:
		OutputError: It cannot be written; what it held is untouched.
	"""
	path = site_path / FILE
	try:
		with _as_owner(site_path):
			path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
			with _alone(path):
				_write(path, [*_whole_lines(path)[1 - MOST_LINES :], json.dumps(report, ensure_ascii=False)])
	except OSError as error:
		raise OutputError(
			f"{path} cannot be written: {error.strerror or error}.",
			remedy=f"Look at the owner, the rights and the free space of {path.parent}.",
		) from error
	return path


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
	"""Keep other writers out."""
	handle = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
	try:
		fcntl.flock(handle, fcntl.LOCK_EX)
		yield
	finally:
		os.close(handle)


def _whole_lines(path: Path) -> list[str]:
	if not path.exists():
		return []
	return [line for line in path.read_text("utf-8", "replace").splitlines() if line.endswith("}")]


def _write(path: Path, lines: list[str]) -> None:
	handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
	try:
		with os.fdopen(handle, "w", encoding="utf-8") as file:
			file.write("".join(f"{line}\n" for line in lines))
			file.flush()
			os.fsync(file.fileno())
		Path(temporary).replace(path)
	except OSError:
		Path(temporary).unlink(missing_ok=True)
		raise


@contextlib.contextmanager
def _as_owner(folder: Path) -> Iterator[None]:
	"""Write as the site's user, also when root was at work in an emergency.

	Root must not follow where the site's user could have led it, and the site must be able to read what is kept.
	"""
	owner = folder.stat()
	if os.geteuid() != 0 or owner.st_uid == 0:
		yield
		return
	group = os.getegid()
	os.setegid(owner.st_gid)
	os.seteuid(owner.st_uid)
	try:
		yield
	finally:
		os.seteuid(0)
		os.setegid(group)


def to_thin(
	kept: Iterable[tuple[str, datetime]], now: datetime, *, every: timedelta, once_a_day: timedelta
) -> list[str]:
	"""Return which snapshots may go: the first of each day stays when all of them no longer do.

	Args:
		kept: Name and time of every snapshot, in the same clock as ``now``.
		now: The present moment.
		every: Every snapshot younger than this stays.
		once_a_day: One per day stays until this age; older ones go.
	"""
	gone: list[str] = []
	days = set()
	for name, taken in sorted(kept, key=lambda item: (item[1], item[0])):
		age = now - taken
		if age <= every:
			continue
		if age > once_a_day or taken.date() in days:
			gone.append(name)
		else:
			days.add(taken.date())
	return gone
