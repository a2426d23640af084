"""Journals of runs as they stand in the database, and which of them are not as they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import ConsoleError
from recovery_console.core.site import Site
from recovery_console.core.times import UTC

if TYPE_CHECKING:
	from recovery_console.core.run import Entry
	from recovery_console.core.secret_box import SecretBox

RUN = "Runbook Run"
ENTRY = "Runbook Run Entry"
#: Of a longer journal the first entries are read.
MOST_ENTRIES = 500


def newest(site: Site, most: int) -> list[str]:
	"""Return the names of the newest runs."""
	t = table(RUN)
	rows = site.db.run(site.db.from_(t).select(t["name"]).orderby(t.creation, order=Order.desc).limit(most))
	return [str(row["name"]) for row in rows]


def broken(site: Site, run: str) -> str | None:
	"""Say what is wrong with the journal of a run; None where nothing is, or where its plan cannot be unlocked here."""
	# Imported here: a site without runs need not load what runs consist of.
	from recovery_console.core.file_journal import FOLDER
	from recovery_console.core.journal import look_at_seals
	from recovery_console.core.secret_box import SecretBox

	t = table(ENTRY)
	query = site.db.from_(t).select(t["number"], t["at"], t.actor, t.kind, t.seal, t.data)
	rows = site.db.run(query.where(t["run"] == run).orderby(t["number"]).limit(MOST_ENTRIES))
	if not rows:
		return f"The journal of run {run} is gone."
	box = SecretBox(site.path / FOLDER)
	entries: list[Entry] = []
	for row in rows:
		if not isinstance(_json(row["data"]), dict):
			return f"Entry {row['number']} of the journal of run {run} is damaged."
		try:
			entries.append(_entry(row, box))
		except ConsoleError:  # locked with a key of another machine: what stands before it can be looked at
			break
		except ValueError:
			return f"Entry {row['number']} of the journal of run {run} is damaged."
	try:
		look_at_seals(run, entries)
	except ConsoleError as error:
		return error.message
	return None


def _entry(row: Mapping[str, Any], box: SecretBox) -> Entry:
	from recovery_console.core.run import Entry, EntryKind

	return Entry(
		number=int(row["number"]),
		at=datetime.fromisoformat(row["at"]).astimezone(UTC),
		actor=row["actor"],
		kind=EntryKind(row["kind"]),
		data=box.unpack(row["data"]),
		seal=row["seal"],
	)


def _json(text: Any) -> Any:
	try:
		return json.loads(text or "")
	except (TypeError, ValueError):
		return None
