"""What the console can do, found by being there: one file is one check."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType

from recovery_console.core import checks as checks_package
from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import ConsoleError, SourceUnavailable, UsageError
from recovery_console.core.site import Site

#: Families in the order in which they are shown.
FAMILIES = (
	"config",
	"database",
	"cache",
	"jobs",
	"scheduler",
	"email",
	"imports",
	"portal",
	"sepa",
	"payments",
	"errors",
	"host",
	"storage",
	"backups",
	"security",
	"integrations",
	"data",
	"performance",
	"console",
)


@lru_cache(maxsize=1)
def all_checks() -> dict[str, type[Check]]:
	"""Return every check by id, in the order of families and then of names."""
	found = {
		check.id: check
		for family in FAMILIES
		for name in _modules(family)
		for check in (_load(name),)
	}
	return dict(sorted(found.items(), key=lambda item: (FAMILIES.index(item[1].family()), item[0])))


def _modules(family: str) -> list[str]:
	try:
		package = importlib.import_module(f"{checks_package.__name__}.{family}")
	except ModuleNotFoundError:
		return []
	return [
		f"{package.__name__}.{module.name}"
		for module in pkgutil.iter_modules(package.__path__)
		if not module.name.startswith("_")
	]


def _load(name: str) -> type[Check]:
	try:
		return _only_check(importlib.import_module(name))
	except ImportError as error:
		return _unloadable(name, error)


def _unloadable(name: str, error: ImportError) -> type[Check]:
	"""Return a stand-in for a check that lacks a package: it says so, and the other checks go on."""
	reason = str(error)

	def run(_check: Check, _site: Site) -> Answer:
		raise SourceUnavailable(
			"console",
			f"This check cannot be loaded: {reason}.",
			remedy="Install the console again with what it needs: pip install --upgrade recovery_console.",
			kind="install",
		)

	text = "Could this check be loaded?\n\nCost: nothing."
	return type("Unloadable", (Check,), {"__module__": name, "__doc__": text, "title": name, "run": run})


def _only_check(module: ModuleType) -> type[Check]:
	own = [
		value
		for _, value in inspect.getmembers(module, inspect.isclass)
		if issubclass(value, Check) and value.__module__ == module.__name__
	]
	if len(own) != 1:
		raise ConsoleError(
			f"{module.__name__} holds {len(own)} checks; the id of a check is its file name, so it holds one.",
			remedy="Move each further check to a file of its own; name a file that holds helpers with a leading underscore.",
		)
	return own[0]


def select_checks(families: Iterable[str] = (), ids: Iterable[str] = ()) -> list[type[Check]]:
	"""Return the checks of these families and with these ids; every ordinary one when neither is given.

	Raises:
		UsageError: There is no such family or check.
	"""
	known = all_checks()
	families, ids = list(families), list(ids)
	with_checks = sorted({check.family() for check in known.values()})
	for family in families:
		if family not in with_checks:
			raise UsageError(
				f"There is no family {family!r}.",
				remedy=_suggest(family, with_checks, "recovery-console list checks"),
			)
	for check_id in ids:
		if check_id not in known:
			raise UsageError(
				f"There is no check {check_id!r}.",
				remedy=_suggest(check_id, list(known), "recovery-console list checks"),
			)
	if not families and not ids:
		return [check for check in known.values() if not check.on_request]
	return [
		check
		for check in known.values()
		if check.id in ids or (check.family() in families and not check.on_request)
	]


def _suggest(given: str, known: list[str], command: str) -> str:
	close = difflib.get_close_matches(given, known, n=1)
	return (f"Did you mean {close[0]!r}? " if close else "") + f"`{command}` prints them all."
