"""What the console can repair, found by being there: one file is one action."""

from __future__ import annotations

import difflib
import importlib
import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache

from recovery_console.core import actions as actions_package
from recovery_console.core.action import Action
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.found_by_file import files_in, only_class
from recovery_console.core.plan import Plan
from recovery_console.core.registry import family_order
from recovery_console.core.site import Site

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def all_actions() -> dict[str, type[Action]]:
	"""Return every action of the console by id, in the order of families and then of names."""
	return actions_in_order({action.id: action for action in actions_in(actions_package.__name__)})


def actions_in(package: str) -> Iterator[type[Action]]:
	"""Yield the actions in a package of families; none where there is no such package.

	One that cannot be loaded has a stand-in, which refuses to plan and says why.

	Raises:
		ConsoleError: A file holds no action, or more than one.
	"""
	for name in files_in(package):
		yield _load(name)


def _load(name: str) -> type[Action]:
	try:
		return only_class(importlib.import_module(name), Action, "action")
	except ConsoleError:
		raise
	except Exception as error:
		logger.exception("Action %s cannot be loaded", name)
		return unloadable(name, error)


def unloadable(name: str, error: Exception) -> type[Action]:
	"""Return a stand-in for an action that cannot be loaded: it says so when it is to plan.

	Args:
		name: Dotted name of the module, which ends in the family and the name of the action.
		error: What went wrong on importing it.
	"""
	reason = f"{type(error).__name__}: {error}"

	def plan(_action: Action, _site: Site) -> Plan:
		raise ConsoleError(
			f"The action in {name} cannot be loaded: {reason}.",
			remedy="Install its app again with what it needs, or correct that file.",
		)

	text = "Cannot be loaded."
	return type("Unloadable", (Action,), {"__module__": name, "__doc__": text, "title": name, "plan": plan})


def actions_in_order(actions: Mapping[str, type[Action]]) -> dict[str, type[Action]]:
	"""Order actions by family, as families are shown, and by name."""
	return dict(sorted(actions.items(), key=lambda item: (family_order(item[1].family()), item[0])))


def find_action(action_id: str, known: Mapping[str, type[Action]] | None = None) -> type[Action]:
	"""Return an action by its id.

	Raises:
		UsageError: There is no such action.
	"""
	known = all_actions() if known is None else known
	if action_id not in known:
		close = difflib.get_close_matches(action_id, list(known), n=1)
		hint = f"Did you mean {close[0]!r}? " if close else ""
		raise UsageError(
			f"There is no action {action_id!r}.",
			remedy=f"{hint}`recovery-console list actions` prints them all.",
		)
	return known[action_id]
