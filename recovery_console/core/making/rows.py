"""Making row edits: rows are locked, compared in Python to the letter, and written, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import DocTable, bind, raw_table
from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.making.state import Moved, State
from recovery_console.core.writable import WritableSite

_NUMBERS = (int, float, Decimal)


def state(site: WritableSite, edit: RowEdit) -> State:
	"""Compare a row with what an edit expects."""
	_look_at_columns(site.writer, edit)
	return _state(edit, _read(site.writer, edit, lock=False))


def make(site: WritableSite, edits: Sequence[RowEdit]) -> None:
	"""Make row edits together or not at all.

	Raises:
		Moved: A row is not what it was when this was planned.
		SourceUnavailable: The database refused, or a row stayed locked.
		UsageError: A table or column is not there, or a key names more than one row.
	"""
	db = site.writer
	for edit in edits:
		_look_at_columns(db, edit)
	with db.transaction():
		# All are compared before the first is written: some tables of old sites know no transaction.
		states = [_state(edit, _read(db, edit, lock=db.locks_rows)) for edit in edits]
		for edit, found in zip(edits, states, strict=True):
			if found is State.MOVED:
				raise Moved(edit)
		for edit, found in zip(edits, states, strict=True):
			if found is State.BEFORE:
				_write(db, edit)


def _look_at_columns(db: Database, edit: RowEdit) -> None:
	"""Let no name that this database does not have near a statement."""
	columns = {*edit.key, *(edit.before or {}), *(edit.after or {})}
	if not edit.key or not db.has_table(edit.table, *columns):
		raise UsageError(
			f"The table {edit.table} of this site does not have all of: {', '.join(sorted(columns))}.",
			remedy="The site was updated since this was planned: make a new plan.",
		)


def _read(db: Database, edit: RowEdit, *, lock: bool) -> dict[str, Any] | None:
	t = raw_table(edit.table)
	columns = list(dict.fromkeys([*(edit.before or {}), *(edit.after or {}), *edit.key]))
	query = db.from_(t).select(*[t[name] for name in columns]).where(_key(t, edit.key)).limit(2)
	rows = db.run(query.for_update() if lock else query)
	if len(rows) > 1:
		raise UsageError(
			f"{edit.key} names more than one row of {edit.table}.",
			remedy="This is a fault of the action: please report it.",
		)
	# Some collations find a row whose name differs in case, or in blanks at its end: that is another one.
	if rows and all(_is_named(rows[0][name], value) for name, value in edit.key.items()):
		return rows[0]
	return None


def _is_named(stored: Any, wanted: Any) -> bool:
	return same(stored, wanted) or (wanted is not None and str(stored) == str(wanted))


def _state(edit: RowEdit, found: Mapping[str, Any] | None) -> State:
	if found is None:
		if edit.after is None:
			return State.AFTER
		return State.BEFORE if edit.before is None else State.MOVED
	if edit.after is not None and _holds(found, edit.after):
		return State.AFTER
	return State.BEFORE if edit.before is not None and _holds(found, edit.before) else State.MOVED


def _holds(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
	return all(same(found[name], value) for name, value in wanted.items())


def same(stored: Any, wanted: Any) -> bool:
	"""Tell whether a stored value is the one that an edit names, however the driver returns it."""
	if stored is None or wanted is None:
		return stored is None and wanted is None
	if isinstance(stored, _NUMBERS) and isinstance(wanted, _NUMBERS):
		rounded = isinstance(stored, float) or isinstance(wanted, float)
		return stored == wanted or (rounded and float(stored) == float(wanted))
	if isinstance(stored, memoryview):  # PostgreSQL's bytes, which are compared with nothing else
		return bool(bytes(stored) == wanted)
	if isinstance(stored, (list, Mapping)):  # PostgreSQL gives JSON as what it stands for
		return bool(_json(stored) == _json(wanted))
	if isinstance(stored, str) and isinstance(wanted, datetime):  # SQLite keeps times as texts
		return stored in (wanted.isoformat(sep=" ", timespec="microseconds"), wanted.isoformat(sep=" "))
	if isinstance(stored, str) and isinstance(wanted, date):
		return stored == wanted.isoformat()
	return bool(stored == wanted)


def _write(db: Database, edit: RowEdit) -> None:
	t = raw_table(edit.table)
	if edit.after is None:
		db.run(db.from_(t).delete().where(_key(t, edit.key)))
	elif edit.before is None:
		columns = [t[name] for name in edit.after]
		db.run(db.query.into(t).columns(*columns).insert(*[_bound(value) for value in edit.after.values()]))
	else:
		query = db.query.update(t).where(_key(t, edit.key))
		for name, value in edit.after.items():
			query = query.set(t[name], _bound(value))
		db.run(query)


def _key(t: DocTable, key: Mapping[str, Any]) -> Any:
	where: Any = None
	for name, value in key.items():
		part = t[name].isnull() if value is None else t[name] == _bound(value)
		where = part if where is None else where & part
	return where


def _bound(value: Any) -> Any:
	if isinstance(value, (list, tuple, Mapping)):
		value = _json(value)
	return bind(int(value) if isinstance(value, bool) else value)


def _json(value: Any) -> Any:
	return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
