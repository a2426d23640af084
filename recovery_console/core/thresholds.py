"""Thresholds of checks: defaults live on the check, a site overrides them in Recovery Settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Check
from recovery_console.core.errors import UsageError
from recovery_console.core.site import Site

#: Texts per check id and parameter, as Recovery Settings keep them.
Overrides = Mapping[tuple[str, str], str]
#: Child table of Recovery Settings.
DOCTYPE = "Recovery Threshold"

#: A longer duration would lead to times before the calendar begins.
_LONGEST = timedelta(days=36_500)
#: Seconds per unit of a duration.
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def read_overrides(site: Site) -> dict[tuple[str, str], str]:
	"""Read the thresholds that this site changed; none where the console's tables are not installed.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(DOCTYPE, "check_id", "parameter", "value"):
		return {}
	t = table(DOCTYPE)
	rows = site.db.run(site.db.from_(t).select(t.check_id, t.parameter, t.value).limit(1000))
	return {(row["check_id"], row["parameter"]): str(row["value"] or "") for row in rows}


def build(check: type[Check], overrides: Overrides) -> Check:
	"""Return an instance of a check with the site's thresholds.

	Raises:
		UsageError: A value does not fit its parameter.
	"""
	values = {
		parameter: parse(check, parameter, overrides[check.id, parameter])
		for parameter in check.parameters()
		if (check.id, parameter) in overrides
	}
	return check(**values)


def parse(check: type[Check], parameter: str, text: str) -> Any:
	"""Turn the text of a threshold into a value of its parameter's type.

	Durations are a number with a unit: ``90 s``, ``15 min``, ``24 h``, ``7 d``. Switches are ``1`` or ``0``.

	Raises:
		UsageError: The check has no such parameter, or the text does not fit.
	"""
	defaults = check.parameters()
	if parameter not in defaults:
		raise UsageError(
			f"Check {check.id} has no threshold {parameter!r}.",
			remedy=f"It has: {', '.join(defaults) or 'none'}.",
		)
	try:
		return _convert(defaults[parameter], text.strip())
	except ValueError as error:
		raise UsageError(
			f"{text!r} is no value for {parameter} of {check.id}: {error}.",
			remedy=f"Write it like its default, {show(defaults[parameter])}.",
		) from error


def _convert(default: Any, text: str) -> Any:
	if isinstance(default, bool):
		if text not in ("0", "1"):
			raise ValueError("it is neither 0 nor 1")
		return text == "1"
	if isinstance(default, timedelta):
		number, _, unit = text.partition(" ")
		if unit not in UNITS:
			raise ValueError("it has no unit (s, min, h or d)")
		seconds = _not_negative(float(number)) * UNITS[unit]
		if seconds > _LONGEST.total_seconds():
			raise ValueError(f"it is longer than {show(_LONGEST)}")
		return timedelta(seconds=seconds)
	if isinstance(default, (int, float)):
		return _not_negative(type(default)(text))
	return text


def _not_negative(value: Any) -> Any:
	if not math.isfinite(value):
		raise ValueError("it is no number")
	if value < 0:
		raise ValueError("it is negative")
	return value


def show(value: Any) -> str:
	"""Write a threshold as ``parse`` reads it."""
	if isinstance(value, bool):
		return str(int(value))
	if not isinstance(value, timedelta):
		return str(value)
	seconds = value.total_seconds()
	for unit, length in reversed(UNITS.items()):
		if seconds >= length and seconds % length == 0:
			return f"{seconds / length:g} {unit}"
	return f"{seconds:g} s"
