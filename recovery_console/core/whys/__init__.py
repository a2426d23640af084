"""The troubleshooters that need no Frappe, found by being there: one file is one question."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import lru_cache

from recovery_console.core.why import Why

#: In this order they are offered.
ORDER = ("login", "permission", "email", "import", "payment", "job")


@lru_cache(maxsize=4)
def whys_in(package: str = __name__) -> dict[str, type[Why]]:
	"""Return the troubleshooters in a package by id."""
	folder = importlib.import_module(package)
	found: dict[str, type[Why]] = {}
	for module in pkgutil.iter_modules(folder.__path__):
		if not module.name.startswith("_"):
			name = f"{package}.{module.name}"
			for _name, value in inspect.getmembers(importlib.import_module(name), inspect.isclass):
				if issubclass(value, Why) and value.__module__ == name:
					found[value.id] = value
	return in_order(found)


def in_order(whys: dict[str, type[Why]]) -> dict[str, type[Why]]:
	"""Order troubleshooters as they are offered."""
	return dict(
		sorted(
			whys.items(),
			key=lambda item: (item[0] not in ORDER, *(ORDER.index(item[0]),) * (item[0] in ORDER)),
		)
	)
