"""Taking in the incidents and notes that break-glass kept beside the site, each entry once."""

from datetime import datetime
from pathlib import Path

import frappe
from frappe.utils import strip_html

from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.incidents_beside import NOTE, OPENED, STATUS, Entry, IncidentsBeside, TakenIn
from recovery_console.core.journal import LockedError
from recovery_console.core.locks import file_locks
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import UTC
from recovery_console.in_site import incident_actions, timeline

#: How lines of a timeline name the entry that they come from; an entry that has one is not taken in again.
REFERENCE = "Break-Glass"


def adopt() -> list[str]:
	"""Make incidents and lines of timelines of what was kept beside the site. Repeating it changes nothing.

	Returns:
		The incidents of which something was taken in.

	Raises:
		ConsoleError: One of the files is not whole, or tells of an incident that there is not; the others are taken in.
	"""
	beside = IncidentsBeside(Path(frappe.get_site_path()).resolve())
	taken: list[str] = []
	broken: list[str] = []
	for name in beside.names():
		try:
			if beside.waits(name) and (incident := _adopt_locked(beside, name)):
				taken.append(incident)
		except LockedError:
			continue  # another process is at it
		except ConsoleError as error:
			frappe.db.rollback()
			broken.append(error.message)
		except (LookupError, TypeError, ValueError, frappe.ValidationError) as error:
			frappe.db.rollback()  # what its file says cannot be an incident; the other files can
			frappe.clear_messages()
			broken.append(f"{name} could not be taken in: {type(error).__name__}: {strip_html(str(error))}.")
	if broken:
		raise ConsoleError(
			" ".join(broken),
			remedy=f"Look at these files in {beside.folder}.",
			changed=f"{len(taken)} incidents were taken in.",
		)
	return taken


def _adopt_locked(beside: IncidentsBeside, name: str) -> str:
	with file_locks(beside.folder.parent / "locks", [f"incident {name}"], "adopting"):
		entries = beside.pending(name)
		if not entries:
			return ""
		incident = beside.taken(name).incident
		for entry in entries:
			incident = _take_in(name, incident, entry)
		frappe.db.commit()
		beside.mark_taken(name, TakenIn(incident, entries[-1].number))
		return incident


def _take_in(name: str, incident: str, entry: Entry) -> str:
	"""Take one entry in, unless a crash came between its commit and its mark; return the incident's name."""
	reference = (REFERENCE, f"{name}/{entry.number}")
	there = frappe.db.get_value(
		timeline.DOCTYPE, {"reference_doctype": reference[0], "reference_name": reference[1]}, "incident"
	)
	if there:
		return str(there)
	if entry.kind == OPENED:
		incident = _open(entry)
	elif not frappe.db.exists("Incident", incident):
		raise ConsoleError(
			f"There is no incident {incident}, of which {name} tells.", remedy="Look at its file."
		)
	_write(incident, entry, reference)
	return incident


def _open(entry: Entry) -> str:
	data = entry.data
	return incident_actions.open_by_hand(
		str(data["title"]),
		severity=str(data["severity"]),
		category=str(data["category"]),
		description=str(data.get("description") or ""),
		source="Break-Glass",
		actor=entry.actor,
		now=entry.at,
	)


def _write(incident: str, entry: Entry, reference: tuple[str, str]) -> None:
	"""Do what an entry says, and leave a line that names it."""
	text = str(entry.data.get("text") or "")
	if entry.kind == STATUS:
		text = _status(incident, entry, text)
	elif entry.kind != NOTE:
		text = f"It was opened in break-glass as {reference[1].partition('/')[0]}."
	timeline.add(incident, EventKind.NOTE, text, actor=entry.actor, at=entry.at, reference=reference)


def _status(incident: str, entry: Entry, text: str) -> str:
	"""Give an incident the status that was said; where it cannot have that any more, only what was said is told."""
	status = str(entry.data["status"])
	try:
		incident_actions.set_status(incident, status, actor=entry.actor, note=text, now=_not_ahead(entry.at))
	except UsageError as error:
		return f"It was called {status} in break-glass, which it cannot become now. {error.message} {text}".strip()
	return f"It was called {status} in break-glass."


def _not_ahead(at: datetime) -> datetime:
	return min(at, datetime.now(UTC))
