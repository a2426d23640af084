"""Making config edits: the file is replaced whole, in its own form, with its own rights and owner."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recovery_console.core.backends.config import read_config_file
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.edits.config import FILES
from recovery_console.core.edits.values import pack, unpack
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.making.atomic import replace_file
from recovery_console.core.making.state import Moved, State, compare
from recovery_console.core.writable import WritableSite

_INDENTS: tuple[int | str | None, ...] = (1, 2, 4, "\t", 3, 8, None)


def path_of(site: WritableSite, edit: ConfigEdit) -> Path:
	"""Return the file of an edit."""
	folder = site.path if edit.file == "site" else site.bench / "sites"
	return (folder / FILES[edit.file]).resolve()


def state(site: WritableSite, edit: ConfigEdit) -> State:
	"""Compare a key of a configuration file with what an edit expects."""
	return _state(edit, _read(path_of(site, edit)))


def make(site: WritableSite, edits: Sequence[ConfigEdit]) -> None:
	"""Make config edits, file by file.

	Raises:
		Moved: A key is not what it was when this was planned.
		SourceUnavailable: A file cannot be read or written.
	"""
	for path in dict.fromkeys(path_of(site, edit) for edit in edits):
		text = _text(path)
		values = _read(path)
		style = _style(text, values)
		in_order, put_back = list(values) == sorted(values), False
		for edit in (edit for edit in edits if path_of(site, edit) == path):
			found = _state(edit, values)
			if found is State.MOVED:
				raise Moved(edit)
			if found is State.BEFORE and edit.after is ABSENT:
				values.pop(edit.key, None)
			elif found is State.BEFORE:
				put_back = put_back or _has_place(edit, values)
				values = _with(values, edit)
		if in_order and not put_back:
			values = dict(sorted(values.items()))
		replace_file(path, _dump(values, *style).encode())
	site.shared.reload_config()


def _has_place(edit: ConfigEdit, values: dict[str, Any]) -> bool:
	return edit.key not in values and (edit.follows is ABSENT or edit.follows in values)


def _with(values: dict[str, Any], edit: ConfigEdit) -> dict[str, Any]:
	"""Return the values with the edit's key, where it stood before it was taken out."""
	if not _has_place(edit, values):
		return {**values, edit.key: edit.after}
	keys = list(values)
	place = 0 if edit.follows is ABSENT else keys.index(str(edit.follows)) + 1
	keys.insert(place, edit.key)
	return {key: edit.after if key == edit.key else values[key] for key in keys}


def _state(edit: ConfigEdit, values: dict[str, Any]) -> State:
	# A journal gives lists back as tuples.
	found, before, after = (
		unpack(pack(value)) for value in (values.get(edit.key, ABSENT), edit.before, edit.after)
	)
	return compare(found, before, after)


def _read(path: Path) -> dict[str, Any]:
	found = read_config_file(path)
	if found.problem is not None:
		raise SourceUnavailable(
			"config",
			f"{path} cannot be changed key by key: {found.problem.detail}.",
			remedy="Put its last good copy back first: recovery-console run restore-site-config.",
			kind=found.problem.kind,
		)
	return dict(found.values)


def _text(path: Path) -> str:
	return path.read_text("utf-8")


def _style(text: str, values: dict[str, Any]) -> tuple[int | str | None, bool, str]:
	"""Return how a file is written: its indent, whether it escapes letters, and what ends it."""
	end = text[len(text.rstrip()) :]
	for indent in _INDENTS:
		for ascii_only in (True, False):
			if _dump(values, indent, ascii_only, end) == text:
				return indent, ascii_only, end
	return 1, True, end


def _dump(values: dict[str, Any], indent: int | str | None, ascii_only: bool, end: str) -> str:
	return json.dumps(values, indent=indent, ensure_ascii=ascii_only) + end
