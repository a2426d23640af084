"""Which runbooks answer which check and which known error: read from the runbooks' files, no action is loaded."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

logger = logging.getLogger(__name__)


def for_check(check_id: str) -> tuple[str, ...]:
	"""Return the ids of the runbooks that answer the findings of a check, best first."""
	return _answers("findings").get(check_id, ())


def for_error(error_id: str) -> tuple[str, ...]:
	"""Return the ids of the runbooks that answer a known error, best first."""
	return _answers("errors").get(error_id, ())


@lru_cache(maxsize=2)
def _answers(what: str) -> Mapping[str, tuple[str, ...]]:
	"""Best is what repairs by itself before what is done by hand, and what answers least before what answers all."""
	found: dict[str, list[tuple[bool, int, str]]] = {}
	for runbook_id, written in _files().items():
		answered = written.get(what, [])
		by_hand = not any("action" in step for step in written.get("steps", []))
		for name in answered:
			found.setdefault(name, []).append((by_hand, len(answered), runbook_id))
	return {name: tuple(item[2] for item in sorted(items)) for name, items in found.items()}


@lru_cache(maxsize=1)
def _files() -> Mapping[str, Mapping[str, Any]]:
	found = {}
	for path in sorted(Path(__file__).parent.glob("*.toml")):
		try:
			found[path.stem] = tomllib.loads(path.read_text("utf-8"))
		except (OSError, ValueError):
			logger.exception("The runbook %s cannot be read", path)
	return found
