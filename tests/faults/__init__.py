"""The fault catalogue: one file breaks a site in one way and says what the console must then find."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from tests.support.sample import SampleSite

Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True)
class Fault:
	"""One way to break a healthy site.

	Args:
		title: What has happened to the site, in one sentence.
		breaks: Does it to a healthy sample site.
		check: Id of the check that must report it.
		severity: With which severity.
		count: With exactly which count, summed over the check's findings of that severity.
		subjects: Names of subjects that must be among those found; all of them when there are at most 20.
		also: Ids of other checks that must or may report too, because the fault is theirs as well.
		blinds: The fault takes a source away, so that checks which need it must say ``unknown``.
		frappe: Versions of Frappe on which it can happen.
		databases: Databases on which it can happen.
		runbook: Id of the runbook that repairs it.
		given: Parameters of that runbook.
		left: How many of what was found are left when the runbook is done, because it may not touch them.
	"""

	title: str
	breaks: Callable[[SampleSite], object]
	check: str
	severity: Severity
	count: int = 1
	subjects: tuple[str, ...] = ()
	also: tuple[str, ...] = ()
	blinds: bool = False
	frappe: tuple[int, ...] = (15, 16)
	databases: tuple[str, ...] = ("sqlite", "mariadb", "postgres")
	runbook: str = ""
	given: Mapping[str, object] = field(default_factory=dict)
	left: int = 0


@lru_cache(maxsize=1)
def all_faults() -> dict[str, Fault]:
	"""Return every fault by id, ``<family>.<file name>``. Each file holds one, named ``FAULT``."""
	found: dict[str, Fault] = {}
	for family in pkgutil.iter_modules(__path__):
		if not family.ispkg:
			continue
		package = importlib.import_module(f"{__name__}.{family.name}")
		for module in pkgutil.iter_modules(package.__path__):
			if module.name.startswith("_"):
				continue
			loaded = importlib.import_module(f"{package.__name__}.{module.name}")
			found[f"{family.name}.{module.name}"] = loaded.FAULT
	return found
