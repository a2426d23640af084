"""What can be known of a pattern without running it: whether it is one, and which fixed text it cannot do without.

Looking for fixed text is hundreds of times faster than running a pattern, and takes the same time whatever the
pattern is. So a pattern is run only on the lines that hold its text.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from recovery_console.core.record import dataclass

#: A text shorter than this is found nearly everywhere.
SHORTEST_TEXT = 3
LONGEST_PATTERN = 500

_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


@dataclass(frozen=True)
class Required:
	"""Texts of which one stands in everything that a pattern finds; in lower case when ``ignore_case``."""

	texts: tuple[str, ...] = ()
	ignore_case: bool = False


@lru_cache(maxsize=2048)
def required(pattern: str) -> Required:
	"""Return the fixed texts of a valid pattern; without any when it may find a line that has none."""
	with warnings.catch_warnings():
		warnings.simplefilter("ignore")
		parsed = _parser.parse(pattern, re.MULTILINE)
	ignore_case = bool(parsed.state.flags & re.IGNORECASE)
	texts = _texts(parsed)
	return Required(
		tuple(dict.fromkeys(text.lower() if ignore_case else text for text in texts)), ignore_case
	)


@lru_cache(maxsize=2048)
def pattern_problem(pattern: str) -> str:
	"""Say why a pattern cannot be used; empty when it can. It may still turn out to be slow."""
	if len(pattern) > LONGEST_PATTERN:
		return f"it has more than {LONGEST_PATTERN} characters"
	try:
		with warnings.catch_warnings():
			warnings.simplefilter("ignore")
			re.compile(pattern, re.MULTILINE)
		texts = required(pattern).texts
	except (re.error, OverflowError, RecursionError) as error:
		return f"it is not a regular expression: {error}"
	if not texts or min(map(len, texts)) < SHORTEST_TEXT:
		return f"it demands no fixed text of at least {SHORTEST_TEXT} characters, so it would find nearly anything"
	return ""


def _texts(sequence: Iterable[Any]) -> tuple[str, ...]:
	"""Return the best choice of texts for a sequence: the one whose shortest text is longest."""
	found: list[tuple[str, ...]] = []
	run = ""
	for name, value in _flat(sequence):
		if name == "LITERAL":
			run += chr(value)
			continue
		found.append((run,))
		run = ""
		if name == "BRANCH":
			found.append(_either(_texts(alternative) for alternative in value[1]))
		elif name in _REPEATS and value[0] > 0:
			found.append(_texts(value[2]))
	found.append((run,))
	return max(found, key=_worth) if any(map(_worth, found)) else ()


def _flat(sequence: Iterable[Any]) -> Iterable[tuple[str, Any]]:
	"""Yield the parts of a sequence with the groups opened; a part that ignores case is no fixed text."""
	for code, value in sequence:
		if code.name == "SUBPATTERN":
			_, added_flags, _, inner = value
			if added_flags & re.IGNORECASE:
				yield "OTHER", None
			else:
				yield from _flat(inner)
		elif code.name == "ATOMIC_GROUP":
			yield from _flat(value)
		else:
			yield code.name, value


def _either(alternatives: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
	"""Return the texts of all alternatives; none when one alternative has none."""
	choices = list(alternatives)
	return tuple(text for choice in choices for text in choice) if all(map(_worth, choices)) else ()


def _worth(texts: tuple[str, ...]) -> int:
	return min(map(len, texts), default=0)
