"""Where the commands read and write incidents: in the site's database, and beside it while the site cannot keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from recovery_console.core.acting import check_note, check_opening, check_status
from recovery_console.core.errors import ConsoleError, NotFoundError, SourceUnavailable
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.incident_record import (
	Record,
	read_incident,
	read_incidents,
	record_beside,
	with_entries,
)
from recovery_console.core.incidents_beside import NOTE, STATUS, IncidentsBeside
from recovery_console.core.people import Actor
from recovery_console.core.site import Site
from recovery_console.core.times import UTC


@dataclass(frozen=True)
class Opening:
	"""What somebody says of a problem when they open an incident by hand."""

	title: str
	severity: str
	category: str = "Technical"
	description: str = ""


@dataclass
class IncidentBook:
	"""The incidents of a site, as break-glass has them: read where they are, written beside the site.

	Args:
		open_site: Opens the site.
		actor: Who sits here.
		notes: What the reader must know about what was read; filled while reading.
	"""

	open_site: Callable[[], Site]
	actor: Actor
	notes: list[str] = field(default_factory=list)
	#: Where what is written here goes, for people.
	place: str = "beside the site; the site takes it in when it is back"

	def listed(self, *, everything: bool = False) -> tuple[list[Record], tzinfo]:
		"""Return the incidents, and the time zone to show them in."""
		with self.open_site() as site:
			beside = IncidentsBeside(site.path)
			found, zone = self._in_site(site, everything=everything)
			known = {record.name: record for record in found}
			for name in beside.names():
				self._add_beside(beside, name, known)
		shown = [record for record in known.values() if everything or record.status.is_open]
		return shown if everything else sorted(shown, key=lambda record: record.severity), zone

	def _in_site(self, site: Site, *, everything: bool) -> tuple[list[Record], tzinfo]:
		try:
			return read_incidents(site, everything=everything), site.time_zone
		except SourceUnavailable as error:
			self._note_unread(error)
			return [], UTC

	def _note_unread(self, error: SourceUnavailable) -> None:
		self.notes.append(f"Only what is kept beside the site is shown: {error.reason}")

	def _add_beside(self, beside: IncidentsBeside, name: str, known: dict[str, Record]) -> None:
		try:
			taken = beside.taken(name)
			if taken.incident and (taken.number or not name.startswith("BG-")):
				if taken.incident in known:
					known[taken.incident] = with_entries(known[taken.incident], beside.pending(name))
				return
			record = record_beside(name, beside.entries(name))
		except ConsoleError as error:
			self.notes.append(error.message)
			return
		if record is not None:
			known[name] = record

	def read(self, name: str) -> tuple[Record, tzinfo]:
		"""Return an incident with its timeline, and the time zone to show it in.

		Raises:
			NotFoundError: There is none of that name.
			ConsoleError: Its record beside the site was changed by somebody.
		"""
		with self.open_site() as site:
			beside = IncidentsBeside(site.path)
			inside = beside.taken(name).incident
			record, zone = self._record_in_site(site, inside)
			if record is not None:
				for other in {name, inside}:
					record = with_entries(record, beside.pending(other))
				return replace(
					record, timeline=tuple(sorted(record.timeline, key=lambda line: line.at))
				), zone
			entries = beside.entries(name)
			kept = record_beside(name, entries) if name.startswith("BG-") else self._only_beside(name, beside)
		if kept is None:
			raise NotFoundError(
				f"There is no incident {name} that can be read here.",
				remedy=" ".join([*self.notes, "`incident list --all` lists them."]),
			)
		return kept, zone

	def _record_in_site(self, site: Site, name: str) -> tuple[Record | None, tzinfo]:
		try:
			return (read_incident(site, name) if name else None), site.time_zone
		except SourceUnavailable as error:
			self._note_unread(error)
			return None, UTC

	def _only_beside(self, name: str, beside: IncidentsBeside) -> Record | None:
		"""Return what was written beside the site of an incident that the site has and cannot tell."""
		entries = beside.pending(name)
		if not entries:
			return None
		title = "What the site knows of this incident cannot be read now."
		known = Record(name, IncidentStatus.DETECTED, {"title": title}, {}, beside=True)
		return with_entries(known, entries)

	def adopt(self) -> list[str]:
		"""Take into the site what is kept beside it. That needs Frappe; without, it is said what waits.

		Returns:
			The incidents of which something was taken in.
		"""
		with self.open_site() as site:
			beside = IncidentsBeside(site.path)
			waiting = [name for name in beside.names() if beside.waits(name)]
			name = site.name
		if waiting:
			self.notes.append(
				f"{len(waiting)} incidents beside the site wait: its scheduler takes them in when it runs,"
				f" or bench --site {name} recovery adopt does."
			)
		return []

	def open(self, opening: Opening) -> str:
		"""Open an incident and return its name.

		Raises:
			UsageError: It has no title, or the severity or category is none.
		"""
		severity = check_opening(opening.title, opening.severity, opening.category)
		with self.open_site() as site:
			data = {
				"title": opening.title,
				"severity": severity,
				"category": opening.category,
				"description": opening.description,
			}
			return IncidentsBeside(site.path).open(data, self.actor.name, datetime.now(UTC))

	def note(self, name: str, text: str) -> None:
		"""Add a note to the timeline of an incident.

		Raises:
			UsageError: It is empty.
		"""
		check_note(text)
		self._write(name, NOTE, {"text": text})

	def set_status(self, name: str, status: str, note: str) -> None:
		"""Say how an incident stands.

		Raises:
			UsageError: It cannot become that, or the note is missing.
		"""
		record, _zone = self.read(name)
		check_status(record.status.value, status, note, merged=record.texts.get("merged_into", ""))
		self._write(name, STATUS, {"status": status, "text": note})

	def _write(self, name: str, kind: str, data: dict[str, str]) -> None:
		self._must_be_one(name)
		with self.open_site() as site:
			IncidentsBeside(site.path).add(name, kind, data, self.actor.name, datetime.now(UTC))

	def _must_be_one(self, name: str) -> None:
		"""Refuse a name that is no incident; one that cannot be looked up because the site is down may be one."""
		try:
			self.read(name)
		except NotFoundError:
			if not self.notes or name.startswith("BG-"):
				raise
