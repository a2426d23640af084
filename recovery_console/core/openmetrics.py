"""Metrics as text: OpenMetrics 1.0, and the older format of Prometheus for who asks for that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from recovery_console.core.record import dataclass

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Sample:
	"""One number, and what tells it from others of its metric."""

	value: float
	labels: Mapping[str, str]


@dataclass(frozen=True)
class Metric:
	"""Numbers that mean the same thing.

	Args:
		name: Such as ``recovery_console_snapshot_age_seconds``; it ends with the unit, where it has one.
		help: What it means, in a sentence.
		samples: The numbers.
		unit: A base unit: ``seconds``, ``bytes``, ``ratio``; empty for a count.
		info: It is 1 always, and says something by its labels; its name ends with ``_info``.
	"""

	name: str
	help: str
	samples: Sequence[Sample]
	unit: str = ""
	info: bool = False

	def __post_init__(self) -> None:
		if not _NAME.fullmatch(self.name):
			raise ValueError(f"{self.name!r} is not the name of a metric")
		if self.unit and not self.name.endswith(f"_{self.unit}"):
			raise ValueError(f"{self.name} does not end with its unit, {self.unit}")


def wants_openmetrics(accept: str) -> bool:
	"""Tell whether an ``Accept`` header prefers OpenMetrics to the older format."""
	best = dict(_accepted(accept))
	ours = best.get("application/openmetrics-text", 0.0)
	return ours > 0 and ours >= best.get("text/plain", 0.0)


def _accepted(accept: str) -> list[tuple[str, float]]:
	found = []
	for part in accept.lower().split(","):
		kind, *options = (piece.strip() for piece in part.split(";"))
		quality = next((option[2:] for option in options if option.startswith("q=")), "1")
		try:
			found.append((kind, float(quality)))
		except ValueError:
			found.append((kind, 0.0))
	return sorted(found, key=lambda item: item[1])


def render(metrics: Sequence[Metric], *, openmetrics: bool) -> str:
	"""Write metrics as text. A metric without a sample is left out.

	Args:
		metrics: The metrics, each name once.
		openmetrics: OpenMetrics 1.0; else the text format of Prometheus, version 0.0.4.
	"""
	lines: list[str] = []
	for metric in metrics:
		if metric.samples:
			lines += _head(metric, openmetrics=openmetrics)
			lines += [_line(metric.name, sample) for sample in metric.samples]
	if openmetrics:
		lines.append("# EOF")
	return "".join(f"{line}\n" for line in lines)


def _head(metric: Metric, *, openmetrics: bool) -> list[str]:
	name = metric.name.removesuffix("_info") if metric.info and openmetrics else metric.name
	kind = "info" if metric.info and openmetrics else "gauge"
	lines = [f"# HELP {name} {_help(metric.help, openmetrics=openmetrics)}", f"# TYPE {name} {kind}"]
	if openmetrics and metric.unit:
		lines.append(f"# UNIT {name} {metric.unit}")
	return lines


def _line(name: str, sample: Sample) -> str:
	labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in sample.labels.items())
	return f"{name}{{{labels}}} {_number(sample.value)}" if labels else f"{name} {_number(sample.value)}"


def _number(value: float) -> str:
	return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _escaped(text: str) -> str:
	return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _help(text: str, *, openmetrics: bool) -> str:
	return _escaped(text) if openmetrics else text.replace("\\", "\\\\").replace("\n", "\\n")
