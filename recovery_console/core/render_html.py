"""The report as one self-contained HTML file: no script, no network, readable on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from recovery_console.core.finding import Status
from recovery_console.core.redact import anonymise
from recovery_console.core.render_text import summary
from recovery_console.core.sighting import root_of
from recovery_console.core.snapshot import Past

_CODE = re.compile(r"`([^`]+)`")
#: The trend shows at most so many of the latest diagnoses.
MOST_PAST = 60

Json = dict[str, Any]


def report_as_html(
	report: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], past: Sequence[Past]
) -> str:
	"""Write a report as a page. It may leave the site: e-mail addresses lose their local part.

	Args:
		report: ``Report.as_dict()``.
		findings: Its findings, causes first.
		past: Earlier diagnoses, oldest first; without any, the page shows no trend.
	"""
	shown: Json = anonymise(report)
	page: str = template("report.html").render(
		report=shown,
		summary=summary(shown),
		groups=group_by_cause(anonymise(findings)),
		unknown=[check for check in shown["checks"] if check["status"] == "unknown"],
		trend=_trend(past[-MOST_PAST:], shown),
		families=sorted(shown["families"].items(), key=lambda item: -Status(item[1]).rank),
	)
	return page


def group_by_cause(findings: Sequence[Json]) -> list[Json]:
	"""Put each finding under the first one that explains it.

	Returns:
		One entry per root: ``{"root": finding, "explains": [findings]}``, in the order given.
	"""
	present = {finding["fingerprint"]: finding for finding in findings}
	groups: dict[str, Json] = {}
	for finding in findings:
		root = root_of(finding["fingerprint"], present)
		group = groups.setdefault(root, {"root": present[root], "explains": []})
		if finding["fingerprint"] != root:
			group["explains"].append(finding)
	return list(groups.values())


def _trend(past: Sequence[Past], report: Json) -> list[Json]:
	"""Return one row per family, and one for the site, of the statuses over time."""
	earlier = [item for item in past if item.taken.isoformat(timespec="seconds") != report["started"]]
	if not earlier:
		return []
	now = datetime.fromisoformat(report["started"])
	rows = [("site", [item.status.value for item in earlier] + [report["status"]])]
	rows += [
		(family, [_of(item, family) for item in earlier] + [status])
		for family, status in report["families"].items()
	]
	times = [*(item.taken for item in earlier), now]
	return [
		{
			"family": family,
			"points": [
				{"status": status, "when": f"{when:%Y-%m-%d %H:%M}"}
				for status, when in zip(statuses, times, strict=True)
			],
		}
		for family, statuses in rows
	]


def _of(past: Past, family: str) -> str:
	status = past.families.get(family)
	return status.value if status else "none"


@lru_cache(maxsize=4)
def template(name: str) -> Template:
	"""Return a template of a page; everything that is filled in is escaped."""
	environment = Environment(
		loader=PackageLoader("recovery_console.core"),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	environment.filters["evidence"] = _evidence
	environment.filters["commands"] = _commands
	return environment.get_template(name)


def _commands(text: str) -> Markup:
	"""Escape a text and set what stands in backticks as code."""
	return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped before)


def _evidence(value: Any) -> str:
	"""Write a value of the evidence for people."""
	if isinstance(value, Mapping):
		return "\n".join(f"{key}: {_evidence(item)}" for key, item in value.items())
	if isinstance(value, list):
		return "\n".join(_evidence(item).replace("\n", "; ") for item in value)
	if isinstance(value, float):
		return f"{value:g}"
	return "" if value is None else str(value)
