"""Which runbooks answer which check and which known error: read from the runbooks' files, no action is loaded."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

logger = logging.getLogger(__name__)


def for_check(check_id: str) -> tuple[str, ...]:
	"""Return the ids of the runbooks that answer any finding of a check, best first."""
	found = [item for named, item in _answers("findings", check_id) if named.partition(":")[0] == check_id]
	return _best_first((False, *item) for item in found)


def for_finding(fingerprint: str) -> tuple[str, ...]:
	"""Return the ids of the runbooks that answer a finding, best first.

	A runbook that names the finding itself, with what stands behind the colon, comes before those that name its check.
	"""
	check_id = fingerprint.partition(":")[0]
	found = [
		(named == check_id and named != fingerprint, *item)
		for named, item in _answers("findings", check_id)
		if named == check_id or f"{fingerprint}:".startswith(f"{named}:")
	]
	return _best_first(found)


def for_error(error_id: str) -> tuple[str, ...]:
	"""Return the ids of the runbooks that answer a known error, best first."""
	return _best_first((False, *item) for named, item in _answers("errors", error_id) if named == error_id)


@lru_cache(maxsize=1000)
def _answers(what: str, about: str) -> tuple[tuple[str, tuple[bool, bool, int, str]], ...]:
	"""Return what the runbooks answer that speak of a check or error, each with what orders it: see ``_best_first``.

	Only their files are parsed: of several hundred, a diagnosis needs those of its findings.
	"""
	found = []
	for runbook_id in [name for name, text in _texts().items() if about in text]:
		written = _file(runbook_id)
		answered = written.get(what, [])
		by_hand = not any("action" in step for step in written.get("steps", []))
		best = written.get("best_for", [])
		found += [(str(name), (name not in best, by_hand, len(answered), runbook_id)) for name in answered]
	return tuple(found)


def _best_first(found: Iterable[tuple[bool, bool, bool, int, str]]) -> tuple[str, ...]:
	"""Best is what says so (``best_for``), then what repairs by itself, then what answers least else."""
	return tuple(dict.fromkeys(item[-1] for item in sorted(found)))


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, str]:
	found = {}
	folder = os.path.dirname(__file__)
	for name in sorted(os.listdir(folder)):
		runbook_id, suffix = os.path.splitext(name)
		if suffix != ".toml":
			continue
		try:
			with open(os.path.join(folder, name), "rb") as file:
				found[runbook_id] = file.read().decode()
		except (OSError, ValueError):
			logger.exception("The runbook %s cannot be read", runbook_id)
	return found


@lru_cache(maxsize=1000)
def _file(runbook_id: str) -> Mapping[str, Any]:
	try:
		found: Mapping[str, Any] = tomllib.loads(_texts()[runbook_id])
	except ValueError:
		logger.exception("The runbook %s cannot be read", runbook_id)
		return {}
	return found
