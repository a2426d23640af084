"""The journal in the site: its entries are rows, and the DocTypes Runbook Run and Runbook Run Step show them.

Written from outside, without Frappe, so that break-glass can go on with what Desk began.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psutil
from pypika import Order

from recovery_console.core.backends.database import LOCK_LIMIT, Database
from recovery_console.core.backends.sql import bind, table
from recovery_console.core.edits.values import pack
from recovery_console.core.errors import OutputError, SourceUnavailable
from recovery_console.core.file_journal import FOLDER
from recovery_console.core.fold import fold
from recovery_console.core.journal import Journal, LockedError, sealed
from recovery_console.core.locks import file_locks
from recovery_console.core.redact import redact
from recovery_console.core.run import Entry, EntryKind, Run
from recovery_console.core.secret_box import SecretBox
from recovery_console.core.site import Site
from recovery_console.core.times import UTC
from recovery_console.core.writable import WritableSite, open_writable

RUN = "Runbook Run"
STEP = "Runbook Run Step"
ENTRY = "Runbook Run Entry"
LOCK = "Recovery Lock"
#: A lock whose holder gave no sign of life for so long is taken over; within this machine, once its process is gone.
STALE = timedelta(minutes=30)
_OWNER = "Administrator"
#: So often the database may let others go first.
_TRIES = 3
Made = TypeVar("Made")


class SiteJournal(Journal):
	"""Keeps runs in the site's own database, each entry committed before anything else happens.

	Args:
		bench: Folder of the bench.
		name: Name of the site.
	"""

	def __init__(self, bench: str | Path, name: str) -> None:
		super().__init__()
		self._bench, self._name = bench, name
		self.place = f"the site {name}"
		self._site: WritableSite | None = None

	@staticmethod
	def is_installed(site: Site) -> bool:
		"""Tell whether a site has the tables.

		Raises:
			SourceUnavailable: Its database does not answer.
		"""
		return all(site.has_doctype(doctype) for doctype in (RUN, STEP, ENTRY, LOCK))

	def _opened(self) -> WritableSite:
		if self._site is None:
			self._site = open_writable(self._bench, self._name)
		return self._site

	@contextmanager
	def _db(self) -> Iterator[Database]:
		try:
			yield self._opened().writer
		except SourceUnavailable as error:
			site, self._site = self._site, None
			if site is not None:
				site.close()
			raise OutputError(
				f"The record of the run cannot be kept in the site: {error.reason}",
				remedy=f"{error.remedy} Then resume the run.",
				changed="Nothing is changed without a journal; what the run had done before stands in it.",
			) from error

	def _together(self, write: Callable[[Database], Made]) -> Made:
		"""Do something in one transaction; again where the database let others go first: then nothing of it is there.

		That it does at once. Where it has waited for somebody, that one is still at it, and waiting on helps nobody.
		"""
		for _again in range(_TRIES):
			begun = time.monotonic()
			try:
				with self._db() as db, db.transaction():
					return write(db)
			except OutputError as error:
				cause = error.__cause__
				waited = time.monotonic() - begun >= LOCK_LIMIT.total_seconds() / 2
				if waited or not isinstance(cause, SourceUnavailable) or cause.kind != "locked":
					raise
		with self._db() as db, db.transaction():
			return write(db)

	# -- entries

	def append(self, run_id: str, kind: EntryKind, data: Mapping[str, Any], actor: str) -> Entry:
		def write(db: Database) -> Entry:
			if kind is not EntryKind.CREATED:
				self._wait_for_others(db, run_id)
			entry = sealed(run_id, self._last(db, run_id), kind, data, actor)
			self._insert(db, ENTRY, f"{run_id}-{entry.number:06d}", self._entry_row(run_id, entry))
			run = self._tell(run_id, lambda after: self._entries(db, run_id, after))
			assert run is not None  # noqa: S101 (it has the entry that was just written)
			self._project(db, run)
			self._still_alive(db, run_id)
			return entry

		return self._together(write)

	@staticmethod
	def _wait_for_others(db: Database, run_id: str) -> None:
		"""Let one at a time find out which entry is the last: the run's own row is locked before it is looked at."""
		if db.locks_rows:
			t = table(RUN)
			db.run(db.from_(t).select(t["name"]).where(t["name"] == run_id).for_update())

	def _still_alive(self, db: Database, run_id: str) -> None:
		"""Show other machines that whoever holds this run's locks lives."""
		t = table(LOCK)
		query = db.query.update(t).set(t["modified"], bind(self._now()))
		db.run(query.where(t["run"] == bind(run_id)))

	def write(self, run_id: str, entries: Sequence[Entry]) -> None:
		"""Take entries in as they are, those that are not there yet: from the journal beside the site.

		Raises:
			OutputError: They cannot be written; none of them is there then.
		"""

		def write(db: Database) -> None:
			there = {entry.number for entry in self._entries(db, run_id)}
			for entry in entries:
				if entry.number not in there:
					row = self._entry_row(run_id, entry)
					self._insert(db, ENTRY, f"{run_id}-{entry.number:06d}", row)
			self._project(db, fold(run_id, self._entries(db, run_id)))

		self._together(write)

	@property
	def _box(self) -> SecretBox:
		return SecretBox(self._opened().path / FOLDER)

	def _entry_row(self, run_id: str, entry: Entry) -> dict[str, Any]:
		return {
			"run": run_id,
			"number": entry.number,
			"at": entry.at.isoformat(),
			"actor": entry.actor,
			"kind": entry.kind.value,
			"data": self._box.pack(entry.data),
			"seal": entry.seal,
		}

	def last(self, run_id: str) -> Entry | None:
		with self._db() as db:
			return self._last(db, run_id)

	def _last(self, db: Database, run_id: str) -> Entry | None:
		t = table(ENTRY)
		query = (
			db.from_(t).select("*").where(t["run"] == run_id).orderby(t["number"], order=Order.desc).limit(1)
		)
		rows = db.run(query)
		return self._entry(rows[0]) if rows else None

	def entries(self, run_id: str, after: int = 0) -> list[Entry]:
		with self._db() as db:
			return self._entries(db, run_id, after)

	def _entries(self, db: Database, run_id: str, after: int = 0) -> list[Entry]:
		t = table(ENTRY)
		chosen = (t["run"] == run_id) & (t["number"] > after)
		rows = db.run(db.from_(t).select("*").where(chosen).orderby(t["number"]))
		# Some collations find a run whose id differs in case: that is another one.
		return [self._entry(row) for row in rows if row["run"] == run_id]

	def _entry(self, row: Mapping[str, Any]) -> Entry:
		return Entry(
			number=int(row["number"]),
			at=datetime.fromisoformat(row["at"]).astimezone(UTC),
			actor=row["actor"],
			kind=EntryKind(row["kind"]),
			data=self._box.unpack(row["data"]),
			seal=row["seal"],
		)

	def run_ids(self, most: int = 200) -> list[str]:
		with self._db() as db:
			t = table(RUN)
			rows = db.run(db.from_(t).select(t["name"]).orderby(t["creation"], order=Order.desc).limit(most))
		return [str(row["name"]) for row in rows]

	# -- what Desk shows

	def _project(self, db: Database, run: Run) -> None:
		row = self._run_row(run)
		t = table(RUN)
		if db.count(db.from_(t).where(t["name"] == run.id)):
			query = db.query.update(t).where(t["name"] == bind(run.id))
			for name, value in {**row, "modified": self._now()}.items():
				query = query.set(t[name], bind(value))
			db.run(query)
		else:
			self._insert(db, RUN, run.id, row)
		s = table(STEP)
		db.run(db.from_(s).delete().where(s["parent"] == bind(run.id)))
		for number, step in enumerate(run.steps, 1):
			values = {
				"parent": run.id,
				"parenttype": RUN,
				"parentfield": "steps",
				"kind": step.step.kind.value.capitalize(),
				"title": _plain(step.step.title or step.step.check or step.step.action),
				"planned": step.plan.count if step.plan else 0,
				"made": len(step.changed),
				"ended": int(step.ended),
				"said": _plain(redact(step.said)),
			}
			self._insert(db, STEP, f"{run.id}-{number}", values, idx=number)

	def _run_row(self, run: Run) -> dict[str, Any]:
		site = self._opened()
		return {
			"runbook": run.runbook,
			"title": _plain(run.title),
			"state": run.state.value,
			"said": _plain(redact(run.said)),
			"requested_by": _plain(run.requested_by),
			"reason": _plain(run.reason),
			"approved_by": _plain(", ".join(dict.fromkeys(given.by for given in run.approvals)))[:140],
			"planned": run.planned,
			"made": run.made,
			"undoing": int(run.undoing),
			"next_attempt": site.db_time(run.next_attempt) if run.next_attempt else None,
			"heartbeat": self._now(),
			"parameters": json.dumps(redact(pack(run.parameters))),
		}

	def _now(self) -> datetime:
		site = self._opened()
		return site.db_time(site.now())

	def _insert(self, db: Database, doctype: str, name: str, values: Mapping[str, Any], idx: int = 0) -> None:
		now = self._now()
		row = {
			"name": name,
			"creation": now,
			"modified": now,
			"owner": _OWNER,
			"modified_by": _OWNER,
			"docstatus": 0,
			"idx": idx,
			**values,
		}
		t = table(doctype)
		db.run(
			db.query.into(t)
			.columns(*[t[column] for column in row])
			.insert(*[bind(value) for value in row.values()])
		)

	# -- locks

	@contextmanager
	def lock(self, names: Sequence[str], run_id: str) -> Iterator[None]:
		folder = self._opened().path / FOLDER / "locks"
		with file_locks(folder, names, run_id):
			held: list[str] = []
			try:
				for name in sorted(set(names)):
					self._take(name, run_id)
					held.append(name)
				yield
			finally:
				self._give_back(held)

	def _take(self, name: str, run_id: str) -> None:
		"""Take the lock that other machines see; this machine's own is held already."""
		with self._db() as db:
			try:
				self._take_in(db, name, run_id)
			except SourceUnavailable as error:
				if error.kind not in ("locked", "constraint"):
					raise
				raise _locked("Another machine", name) from error  # it was faster

	def _take_in(self, db: Database, name: str, run_id: str) -> None:
		with db.transaction():
			t = table(LOCK)
			query = db.from_(t).select("*").where(t["name"] == name)
			rows = db.run(query)
			if rows and db.locks_rows:  # locking what is not there would lock its neighbours
				rows = db.run(query.for_update())
			if rows and not _is_stale(rows[0], self._now()):
				raise _locked(f"Run {rows[0]['run']}", name, f" ({rows[0]['holder']})")
			if rows:
				db.run(db.from_(t).delete().where(t["name"] == bind(name)))
			self._insert(db, LOCK, name, {"run": run_id, "holder": _me()})

	def _give_back(self, names: Sequence[str]) -> None:
		t = table(LOCK)
		with contextlib.suppress(OutputError):  # a lock that stays behind is stale with this process
			for name in names:
				mine = (t["name"] == bind(name)) & (t["holder"] == bind(_me()))  # it may have been taken over
				with self._db() as db:
					db.run(db.from_(t).delete().where(mine))


def _me() -> str:
	return f"{socket.gethostname()}:{os.getpid()}"


def _locked(who: str, name: str, where: str = "") -> LockedError:
	return LockedError(
		f"{who} is at work on {name}{where}.",
		remedy="Wait for it to end, or look at it: recovery-console runs.",
	)


def _is_stale(row: Mapping[str, Any], now: datetime) -> bool:
	host, _, process = str(row["holder"]).rpartition(":")
	# The file lock of this machine is ours by now, so a holder of this machine is dead, or is this process. In a
	# container of the same name its number may belong to another process by now: then only time tells.
	gone = not process.isdigit() or int(process) == os.getpid() or not psutil.pid_exists(int(process))
	if host == socket.gethostname() and gone:
		return True
	modified = row["modified"]
	if isinstance(modified, str):
		modified = datetime.fromisoformat(modified)
	return bool(now - modified > STALE)


def _plain(text: str) -> str:
	"""Return a text for a field that Desk shows as HTML; half a letter, which no database keeps, becomes a mark."""
	text = text.encode("utf-8", "replace").decode()
	return text.replace("<", "\u2039").replace(">", "\u203a")
