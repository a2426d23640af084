"""Listings of what the console knows."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from pathlib import Path
from typing import Any

import recovery_console
from recovery_console.core.action import Action
from recovery_console.core.action_registry import all_actions
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.knowledge import known_errors
from recovery_console.core.parameters import type_name, types_of
from recovery_console.core.registry import all_checks
from recovery_console.core.render_run import runbook_as_dict, shown_value
from recovery_console.core.runbooks import all_runbooks, answers
from recovery_console.core.thresholds import show

Row = dict[str, Any]

_COLUMNS: dict[str, tuple[tuple[str, int], ...]] = {
	"checks": (("id", 38), ("title", 40), ("question", 0)),
	"actions": (("id", 38), ("risk", 12), ("title", 0)),
	"runbooks": (("id", 38), ("risk", 12), ("title", 0)),
	"errors": (("id", 10), ("category", 28), ("title", 0)),
	"faults": (("id", 48), ("check", 34), ("title", 0)),
}


def columns(what: str) -> tuple[tuple[str, int], ...]:
	"""Return which fields a listing shows as text, with their widths."""
	return _COLUMNS[what]


def rows(what: str) -> list[Row]:
	"""Return one row per thing, in a stable order."""
	return {
		"checks": _checks,
		"actions": _actions,
		"runbooks": _runbooks,
		"errors": _errors,
		"faults": _faults,
	}[what]()


def _checks() -> list[Row]:
	return [
		{
			"id": check.id,
			"family": check.family(),
			"title": check.title,
			"question": (check.__doc__ or "").strip().splitlines()[0],
			"on_request": check.on_request,
			"thresholds": {name: show(value) for name, value in check.parameters().items()},
			"runbooks": list(check.runbooks or answers.for_check(check.id)),
		}
		for check in all_checks().values()
	]


def _actions() -> list[Row]:
	return [
		{
			"id": action.id,
			"family": action.family(),
			"title": action.title,
			"does": (action.__doc__ or "").strip().splitlines()[0],
			"risk": action.risk.value,
			"parameters": {
				name: {"type": type_name(kind), "default": shown_value(_default(action, name))}
				for name, kind in types_of(action).items()
			},
			"checks": list(action.checks),
		}
		for action in all_actions().values()
	]


def _default(action: type[Action], name: str) -> Any:
	default = action.parameters()[name]
	return None if default is dataclasses.MISSING else default


def _runbooks() -> list[Row]:
	actions = all_actions()
	return [runbook_as_dict(runbook, actions) for runbook in all_runbooks().values()]


def _errors() -> list[Row]:
	return [
		{
			"id": error.id,
			"category": error.category,
			"title": error.title,
			"cause": error.cause,
			"fix": error.fix,
			"risk": error.risk,
			"auto": error.auto,
			"pattern": error.pattern,
			"runbooks": list(answers.for_error(error.id)),
		}
		for error in known_errors()
	]


def _faults() -> list[Row]:
	"""List the fault catalogue, which is part of the source checkout only.

	Raises:
		SourceUnavailable: This is an installed package, or a checkout whose tests cannot be loaded.
	"""
	checkout = Path(recovery_console.__file__).parents[1]
	if not (checkout / "tests" / "faults" / "__init__.py").is_file():
		raise SourceUnavailable(
			"faults",
			"The fault catalogue is not here: it belongs to the source checkout, not to the installed package.",
			remedy="Run this in a clone of the repository.",
			kind="missing",
		)
	sys.path.insert(0, str(checkout))
	try:
		faults = importlib.import_module("tests.faults").all_faults()
	except (ImportError, AttributeError) as error:
		raise SourceUnavailable(
			"faults",
			f"The fault catalogue in {checkout} cannot be loaded: {error}.",
			remedy="Install what the tests need: pip install -e '.[dev]' in the checkout.",
		) from error
	finally:
		sys.path.remove(str(checkout))
	return [
		{
			"id": name,
			"check": fault.check,
			"severity": fault.severity,
			"count": fault.count,
			"title": fault.title,
			"frappe": list(fault.frappe),
			"databases": list(fault.databases),
		}
		for name, fault in sorted(faults.items())
	]
