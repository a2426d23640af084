"""The console's runbooks: one TOML file is one runbook."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from recovery_console.core.errors import UsageError

if TYPE_CHECKING:
	from recovery_console.core.runbook import Runbook


@lru_cache(maxsize=1)
def all_runbooks() -> dict[str, Runbook]:
	"""Return every runbook of the console by id, in the order of ids."""
	# Imported here, so that a diagnosis, which only asks which runbooks there are, loads no action.
	from recovery_console.core.action_registry import all_actions
	from recovery_console.core.registry import all_checks
	from recovery_console.core.runbook_file import read_folder

	return read_folder(Path(__file__).parent, all_actions(), all_checks())


def find_runbook(runbook_id: str, known: Mapping[str, Runbook] | None = None) -> Runbook:
	"""Return a runbook by its id.

	Raises:
		UsageError: There is no such runbook.
	"""
	known = all_runbooks() if known is None else known
	if runbook_id not in known:
		close = difflib.get_close_matches(runbook_id, list(known), n=1)
		hint = f"Did you mean {close[0]!r}? " if close else ""
		raise UsageError(
			f"There is no runbook {runbook_id!r}.",
			remedy=f"{hint}`recovery-console list runbooks` prints them all.",
		)
	return known[runbook_id]
