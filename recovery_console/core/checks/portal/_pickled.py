"""Numbers and times that Frappe keeps pickled in the cache, read without unpickling.

Unpickling runs what the bytes say. ``pickletools.genops`` only lists the instructions; a value is accepted
when they are exactly those of one whole number, or of one naive datetime, and refused otherwise.
"""

from __future__ import annotations

from datetime import datetime

_NUMBERS = frozenset({"BININT", "BININT1", "BININT2", "LONG1"})
#: What may surround a value without being part of it.
_PADDING = frozenset({"PROTO", "FRAME", "MEMOIZE"})
_TIME = ("SHORT_BINUNICODE", "SHORT_BINUNICODE", "STACK_GLOBAL", "SHORT_BINBYTES", "TUPLE1", "REDUCE", "STOP")
#: The module's name and the class's name are one text, which a pickler may write once and repeat.
_TIME_REPEATED = (_TIME[0], "BINGET", *_TIME[2:])

Instruction = tuple[str, object]


def number(raw: bytes) -> int | None:
	"""Return a pickled whole number; None where the bytes are anything else."""
	found = _instructions(raw)
	if len(found) == 2 and found[0][0] in _NUMBERS and found[1][0] == "STOP":
		value = found[0][1]
		return value if isinstance(value, int) else None
	return None


def time(raw: bytes) -> datetime | None:
	"""Return a pickled naive datetime; None where the bytes are anything else."""
	found = _instructions(raw)
	if tuple(name for name, _ in found) not in (_TIME, _TIME_REPEATED):
		return None
	if found[0][1] != "datetime" or found[1][1] not in ("datetime", 0):
		return None
	state = found[3][1]
	return _datetime(state) if isinstance(state, bytes) else None


def _instructions(raw: bytes) -> list[Instruction]:
	"""List the instructions of a pickle; nothing where it is damaged or goes on behind its end."""
	from pickletools import genops  # loaded where it is needed: each module costs every diagnosis its time

	found: list[Instruction] = []
	end = -1
	try:
		for code, argument, position in genops(raw):
			end = position or 0
			if code.name not in _PADDING:
				found.append((code.name, argument))
	except (ValueError, UnicodeDecodeError):
		return []
	return found if end == len(raw) - 1 else []


def _datetime(state: bytes) -> datetime | None:
	"""Read the ten bytes of a datetime: year, month, day, hour, minute, second, microseconds."""
	if len(state) != 10:
		return None
	month, day, hour, minute, second = state[2:7]
	try:
		return datetime(
			int.from_bytes(state[:2], "big"),
			month,
			day,
			hour,
			minute,
			second,
			int.from_bytes(state[7:], "big"),
		)
	except ValueError:
		return None
