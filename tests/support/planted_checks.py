"""Checks that a test makes up: each does what it is told and has an id of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recovery_console.core.check import Answer, Check
from recovery_console.core.site import Site


def planted(
	name: str, run: Callable[[Check, Site], Answer], *, budget: float = 2.0, **attributes: Any
) -> type[Check]:
	"""Return a check with the id ``name`` (``family.name``) whose ``run`` is the given function."""
	made = type(
		"Planted",
		(Check,),
		{
			"__module__": f"planted.checks.{name}",
			"__doc__": "Is it?\n\nCost: what the test wants.",
			"title": name,
			"budget": timedelta(seconds=budget),
			"run": run,
			**attributes,
		},
	)
	return dataclass(frozen=True)(made)
