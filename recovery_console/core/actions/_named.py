"""What a person named, compared with what is really there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _

Thing = TypeVar("Thing")
_SHOWN = 5


def only_named(action: str, names: Sequence[str], there: Mapping[str, Thing], what: str) -> list[Thing]:
	"""Return the things with these names, in that order; all of them when none was named.

	Args:
		action: Id of the action, for messages.
		names: What was named; empty for all.
		there: What may be named.
		what: What it is called, such as *table of this site*.

	Raises:
		UsageError: A name is not among them.
	"""
	unknown = [name for name in names if name not in there]
	if unknown:
		shown = ", ".join(repr(name[:80]) for name in unknown[:_SHOWN])
		known = ", ".join(list(there)[:_SHOWN])
		raise UsageError(
			_("{0} was given what is no {1} it could change: {2}.").format(action, what, shown),
			remedy=_("Choose from: {0}.").format(known + (" …" if len(there) > _SHOWN else ""))
			if there
			else _("There is nothing of this kind to change now."),
		)
	return [there[name] for name in names] if names else list(there.values())
