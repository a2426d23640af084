"""Finding classes by being there: in a package of families, one file is one class."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

from recovery_console.core.errors import ConsoleError

_T = TypeVar("_T")


def files_in(package: str) -> Iterator[str]:
	"""Yield the dotted names of the files in the families of a package; none where there is no such package.

	A name with a leading underscore is a helper's. Families are imported, files are not.
	"""
	try:
		families = importlib.import_module(package)
	except ModuleNotFoundError as error:
		if error.name == package:
			return
		raise
	for family in pkgutil.iter_modules(families.__path__):
		if family.ispkg:
			folder = importlib.import_module(f"{package}.{family.name}")
			for name in sorted({name for path in folder.__path__ for name in os.listdir(path)}):
				stem, suffix = os.path.splitext(name)
				if suffix == ".py" and stem.isidentifier() and not stem.startswith("_"):
					yield f"{folder.__name__}.{stem}"


def only_class(module: ModuleType, base: type[_T], noun: str) -> type[_T]:
	"""Return the one class of a kind that a file defines.

	Raises:
		ConsoleError: It defines none, or more than one.
	"""
	own = [
		value
		for value in vars(module).values()
		if isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
	]
	if len(own) != 1:
		raise ConsoleError(
			f"{module.__name__} holds {len(own)} {noun}s; the id of a {noun} is its file name, so it holds one.",
			remedy=f"Move each further {noun} to a file of its own; name a file that holds helpers with a leading underscore.",
		)
	return own[0]
