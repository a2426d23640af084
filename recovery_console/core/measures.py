"""Names and units of measurements outside the console: base units, as Prometheus wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from recovery_console.core.openmetrics import Metric, Sample

PREFIX = "recovery_console"
#: Measurements beyond so many are left out, and counted: what scrapes us must not drown.
MOST_MEASUREMENTS = 1000
_KIB = 1024
#: How a measurement's name tells its unit: the base unit, and what one is worth in it.
_UNITS: dict[str, tuple[str, float]] = {
	"ms": ("seconds", 0.001),
	"seconds": ("seconds", 1),
	"minutes": ("seconds", 60),
	"hours": ("seconds", 3600),
	"days": ("seconds", 86400),
	"bytes": ("bytes", 1),
	"kib": ("bytes", _KIB),
	"mib": ("bytes", _KIB**2),
	"gib": ("bytes", _KIB**3),
	"percent": ("ratio", 0.01),
	"ratio": ("ratio", 1),
}
#: What these endings promise to a reader of metrics, a measurement does not keep.
_TAKEN = re.compile(r"_(count|sum|bucket|total|info|created)$")


def measured(measurements: Mapping[str, float]) -> list[Metric]:
	"""Return measurements as metrics: ``email.stuck_sending.oldest_hours`` is seconds outside.

	Args:
		measurements: Numbers by ``<check>.<measurement>``; what is no number is left out.
	"""
	found: dict[str, Metric] = {}
	numbers = {name: value for name, value in measurements.items() if _is_number(value)}
	for full_name in sorted(numbers)[:MOST_MEASUREMENTS]:
		check, _dot, name = full_name.rpartition(".")
		metric = _metric(check, name, numbers[full_name])
		found.setdefault(metric.name, metric)
	left_out = len(numbers) - min(len(numbers), MOST_MEASUREMENTS)
	text = "Measurements that are not shown here because there are too many."
	return [*found.values(), Metric(f"{PREFIX}_measurements_left_out", text, [Sample(left_out, {})])]


def _is_number(value: object) -> bool:
	return isinstance(value, (int, float)) and not isinstance(value, bool)


def _metric(check: str, name: str, value: float) -> Metric:
	rest, unit, worth = _in_base_unit(name)
	parts = [PREFIX, *check.split("."), *rest]
	plain = re.sub(r"[^a-z0-9]+", "_", "_".join(part for part in parts if part).lower()).strip("_")
	plain = _TAKEN.sub(r"_\1s", plain)
	full = f"{plain}_{unit}" if unit and not plain.endswith(f"_{unit}") else plain
	text = f"Measurement {name} of the check {check}, as the newest snapshot has it."
	return Metric(full, text, [Sample(round(value * worth, 9), {})], unit=unit)


def _in_base_unit(name: str) -> tuple[list[str], str, float]:
	"""Return the parts of a name without its unit, the base unit, and what one of its units is worth in that."""
	parts = name.lower().split("_")
	for number, part in reversed(list(enumerate(parts))):
		if part in _UNITS and (number == 0 or parts[number - 1] != "per"):
			unit, worth = _UNITS[part]
			return [*parts[:number], *parts[number + 1 :]], unit, worth
	return parts, "", 1
