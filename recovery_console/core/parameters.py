"""What a person gives an action or a runbook, turned into typed values, or refused."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import typing
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from recovery_console.core.errors import UsageError
from recovery_console.core.redact import MASK
from recovery_console.core.thresholds import UNITS, show

#: A list of names may be so long, a text so large, a number so great.
MOST_NAMES = 10_000
LONGEST_TEXT = 8 * 1024 * 1024
LONGEST_NAME = 1_000
GREATEST = 10**12
_LONGEST_TIME = timedelta(days=3_650)
_TRUE = {
	"1": True,
	"true": True,
	"yes": True,
	"on": True,
	"0": False,
	"false": False,
	"no": False,
	"off": False,
}


def read_parameters(owner: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
	"""Return the values for a dataclass's fields, from texts (``k=v``) or JSON values.

	Fields may be ``str``, ``int``, ``float``, ``bool``, ``timedelta`` (``15 min``) or ``tuple[str, ...]`` (a JSON
	list, or names with commas between).

	Args:
		owner: The dataclass; its ``id`` is used in messages.
		given: Values by name.

	Raises:
		UsageError: A name is unknown, a value is missing, too large, or does not fit.
	"""
	kinds = types_of(owner)
	for name in given:
		if name not in kinds:
			close = difflib.get_close_matches(str(name), list(kinds), n=1)
			hint = f"Did you mean {close[0]!r}? " if close else ""
			raise UsageError(
				f"{owner.id} has no parameter {str(name)[:80]!r}.",
				remedy=f"{hint}It has: {', '.join(kinds) or 'none'}.",
			)
	missing = [
		item.name
		for item in dataclasses.fields(owner)
		if item.default is dataclasses.MISSING
		and item.default_factory is dataclasses.MISSING
		and given.get(item.name) in (None, "", [], ())
	]
	if missing:
		raise UsageError(
			f"{owner.id} must be told: {', '.join(missing)}.",
			remedy="Give each with --param name=value, or in the form.",
		)
	secret = getattr(owner, "secret", ())
	return {
		name: read_value(owner.id, name, kinds[name], value, secret=name in secret)
		for name, value in given.items()
	}


def types_of(owner: type[Any]) -> dict[str, Any]:
	"""Return the type of each parameter of a dataclass."""
	hints = typing.get_type_hints(owner)
	return {item.name: hints[item.name] for item in dataclasses.fields(owner)}


def read_value(owner: str, name: str, kind: Any, value: Any, *, secret: bool = False) -> Any:
	"""Turn one given value into a parameter's type.

	Args:
		owner: Whose parameter it is, for messages.
		name: Its name.
		kind: Its type.
		value: What was given.
		secret: It is not repeated in the message.

	Raises:
		UsageError: It does not fit.
	"""
	try:
		return _convert(kind, value)
	except (ValueError, TypeError, OverflowError, RecursionError) as error:
		raise UsageError(
			f"{MASK if secret else _short(value)} is no value for {name} of {owner}: {error}.",
			remedy=f"Give {_EXPECTED.get(kind, 'a text')}.",
		) from None


def type_name(kind: Any) -> str:
	"""Return what a type of parameter is called where parameters are listed."""
	return {
		str: "text",
		int: "whole number",
		float: "number",
		bool: "yes or no",
		timedelta: "duration",
		tuple[str, ...]: "list of names",
	}.get(kind, "text")


_EXPECTED = {
	str: "a text",
	int: "a whole number, such as 100",
	float: "a number, such as 0.5",
	bool: "yes or no",
	timedelta: "a number with its unit, such as 15 min, 24 h or 7 d",
	tuple[str, ...]: "names with commas between them, or a JSON list of them",
}


def _convert(kind: Any, value: Any) -> Any:
	if kind is bool:
		return _boolean(value)
	if kind in (int, float):
		return _number(kind, value)
	if kind is timedelta:
		return _duration(value)
	if kind == tuple[str, ...]:
		return _names(value)
	return _text(value, LONGEST_TEXT)


def _boolean(value: Any) -> bool:
	if isinstance(value, bool):
		return value
	try:
		return _TRUE[str(value).strip().lower()]
	except KeyError:
		raise ValueError("it is neither yes nor no") from None


def _number(kind: type, value: Any) -> Any:
	if isinstance(value, bool) or not isinstance(value, (int, float, str)):
		raise TypeError("it is no number")
	text = value.strip() if isinstance(value, str) else value
	if isinstance(text, str) and len(text) > 40:
		raise ValueError("it is no number")
	try:
		number = float(text)
		if kind is int:
			number = int(text) if isinstance(text, str) else int(number)
	except ValueError:
		raise ValueError("it is no number" if kind is float else "it is no whole number") from None
	if (
		not math.isfinite(number)
		or abs(number) > GREATEST
		or number != (number if kind is float else float(text))
	):
		raise ValueError("it is no number that can be used")
	if number < 0:
		raise ValueError("it is negative")
	return number


def _duration(value: Any) -> timedelta:
	if isinstance(value, timedelta):
		return value
	number, _, unit = str(value).strip().partition(" ")
	if unit not in UNITS:
		raise ValueError("it has no unit (s, min, h or d)")
	found = timedelta(seconds=_number(float, number) * UNITS[unit])
	if found > _LONGEST_TIME:
		raise ValueError(f"it is longer than {show(_LONGEST_TIME)}")
	return found


def _names(value: Any) -> tuple[str, ...]:
	if isinstance(value, str):
		text = value.strip()
		if len(text) > LONGEST_TEXT:
			raise ValueError("it is too long")
		value = (
			json.loads(text) if text.startswith("[") else [part for part in text.split(",") if part.strip()]
		)
	if not isinstance(value, Sequence) or isinstance(value, (bytes, str)):
		raise TypeError("it is no list")
	if len(value) > MOST_NAMES:
		raise ValueError(f"it has {len(value)} names, more than {MOST_NAMES}")
	if any(isinstance(item, (Mapping, list, tuple)) or item is None for item in value):
		raise TypeError("it holds something that is no name")
	return tuple(dict.fromkeys(_text(item, LONGEST_NAME).strip() for item in value))


def _text(value: Any, longest: int) -> str:
	if isinstance(value, bool) or not isinstance(value, (str, int, float)):
		raise TypeError("it is no text")
	text = str(value)
	if len(text) > longest:
		raise ValueError(f"it has more than {longest} characters")
	if "\x00" in text:
		raise ValueError("it holds a NUL character")
	return text


def _short(value: Any) -> str:
	text = repr(value)
	return text if len(text) <= 80 else text[:77] + "…'"
