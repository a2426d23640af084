"""Listings of what the console knows."""

from __future__ import annotations

from typing import Any

from recovery_console.core.registry import all_checks
from recovery_console.core.thresholds import show

Row = dict[str, Any]

_COLUMNS: dict[str, tuple[tuple[str, int], ...]] = {
	"checks": (("id", 38), ("title", 40), ("question", 0)),
	"actions": (("id", 38), ("title", 0)),
	"runbooks": (("id", 38), ("title", 0)),
	"errors": (("id", 10), ("category", 24), ("cause", 0)),
	"faults": (("id", 48), ("check", 34), ("title", 0)),
}


def columns(what: str) -> tuple[tuple[str, int], ...]:
	"""Return which fields a listing shows as text, with their widths."""
	return _COLUMNS[what]


def rows(what: str) -> list[Row]:
	"""Return one row per thing, in a stable order."""
	return {"checks": _checks}.get(what, _nothing)()


def _checks() -> list[Row]:
	return [
		{
			"id": check.id,
			"family": check.family(),
			"title": check.title,
			"question": (check.__doc__ or "").strip().splitlines()[0],
			"on_request": check.on_request,
			"thresholds": {name: show(value) for name, value in check.parameters().items()},
			"runbooks": list(check.runbooks),
		}
		for check in all_checks().values()
	]


def _nothing() -> list[Row]:
	return []
