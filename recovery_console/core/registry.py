"""What the console can do, found by being there: one file is one check."""

from __future__ import annotations

import difflib
import importlib
import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache

from recovery_console.core import checks as checks_package
from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import ConsoleError, SourceUnavailable, UsageError
from recovery_console.core.found_by_file import files_in, only_class
from recovery_console.core.site import Site

logger = logging.getLogger(__name__)

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
	"""Return every check of the console by id, in the order of families and then of names."""
	return in_order({check.id: check for check in checks_in(checks_package.__name__)})


def checks_in(package: str) -> list[type[Check]]:
	"""Return the checks in a package of families, found by being there; none where there is no such package."""
	return [_load(name) for name in files_in(package)]


def in_order(checks: Mapping[str, type[Check]]) -> dict[str, type[Check]]:
	"""Order checks by family, as families are shown, and by name; families of other apps come last."""
	return dict(sorted(checks.items(), key=lambda item: (family_order(item[1].family()), item[0])))


def family_order(family: str) -> tuple[int, str]:
	"""Return a key that sorts families as they are shown."""
	return (FAMILIES.index(family) if family in FAMILIES else len(FAMILIES), family)


def _load(name: str) -> type[Check]:
	try:
		return only_class(importlib.import_module(name), Check, "check")
	except ConsoleError:
		raise
	except Exception as error:
		logger.exception("Check %s cannot be loaded", name)
		return unloadable(name, error)


def unloadable(name: str, error: Exception) -> type[Check]:
	"""Return a stand-in for a check that cannot be loaded: it says so, and the other checks go on.

	Args:
		name: Dotted name of the module, which ends in the family and the name of the check.
		error: What went wrong on importing it.
	"""
	reason = f"{type(error).__name__}: {error}"

	def run(_check: Check, _site: Site) -> Answer:
		raise SourceUnavailable(
			"console",
			f"This check cannot be loaded: {reason}.",
			remedy=f"Install the app of {name} again with what it needs, or correct that file.",
			kind="install",
		)

	text = "Could this check be loaded?\n\nCost: nothing."
	return type("Unloadable", (Check,), {"__module__": name, "__doc__": text, "title": name, "run": run})


def select_checks(
	families: Iterable[str] = (),
	ids: Iterable[str] = (),
	*,
	known: Mapping[str, type[Check]] | None = None,
) -> list[type[Check]]:
	"""Return the checks of these families and with these ids; every ordinary one when neither is given.

	Args:
		families: Names of families.
		ids: Ids of checks; these may be on request.
		known: What to choose from: the console's own checks by default, ``extensions.checks_for`` for a site.

	Raises:
		UsageError: There is no such family or check.
	"""
	known = all_checks() if known is None else known
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
