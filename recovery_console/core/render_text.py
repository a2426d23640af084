"""The report as text for a terminal: causes first, each with what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

#: Statuses, the loudest first, with their colours on a terminal.
_COLOURS = {"critical": "31;1", "unknown": "35", "warning": "33", "info": "36", "ok": "32", "skipped": "2"}
_WIDTH = 100
_MARGIN = " " * 11


def report_as_text(report: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], *, colour: bool) -> str:
	"""Write a report for people.

	Args:
		report: ``Report.as_dict()``.
		findings: Its findings, causes first.
		colour: Use terminal colours.
	"""
	shown = [*_headline(report, colour)]
	for finding in findings:
		shown += ["", *_finding(finding, findings, colour)]
	unknown = [check for check in report["checks"] if check["status"] == "unknown"]
	if unknown:
		shown += ["", _paint("Could not look:", "unknown", colour), *_unknown(unknown)]
	if report["changes"] and findings:
		shown += ["", "Changed in the 24 hours before:", *_changes(report["changes"])]
	if report["notes"]:
		shown += ["", *[f"Note: {note}" for note in report["notes"]]]
	return "\n".join([*shown, "", *_footer(report)])


def _headline(report: Mapping[str, Any], colour: bool) -> list[str]:
	status = report["status"]
	lines = [f"{_paint(status.upper(), status, colour)}  {report['site']}  {summary(report)}"]
	for state in _COLOURS:
		families = [family for family, found in report["families"].items() if found == state]
		if families:
			lines += textwrap.wrap(
				", ".join(families),
				_WIDTH,
				initial_indent=_paint(f"{state:<10}", state, colour),
				subsequent_indent=" " * 10,
			)
	return lines


def summary(report: Mapping[str, Any]) -> str:
	"""Say in one sentence how the site is."""
	counts = dict.fromkeys(_COLOURS, 0)
	for check in report["checks"]:
		counts[check["status"]] += 1
	problems = sum(len(check["findings"]) for check in report["checks"])
	if report["status"] in ("ok", "info", "skipped"):
		return f"All is well: {counts['ok'] + counts['info']} checks looked and found nothing that needs you."
	parts = []
	if problems:
		parts.append(f"{problems} problem{'s' if problems != 1 else ''} found")
	if counts["unknown"]:
		parts.append(f"{counts['unknown']} check{'s' if counts['unknown'] != 1 else ''} could not look")
	return f"{', '.join(parts)}; {counts['ok']} checks are well."


def _finding(finding: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], colour: bool) -> list[str]:
	severity = finding["severity"]
	lines = [f"{_paint(severity.upper().ljust(9), severity, colour)}  {_first(finding['title'])}"]
	causes = [other["title"] for other in findings if other["fingerprint"] in finding["caused_by"]]
	details = [
		*[f"Caused by: {cause}" for cause in causes],
		*([f"Why: {finding['cause']}"] if finding["cause"] else []),
		*([f"Do: {finding['remedy']}"] if finding["remedy"] else []),
		*([f"Repair: recovery-console run {finding['runbooks'][0]}"] if finding["runbooks"] else []),
		*([f"Which: {_subjects(finding)}"] if finding["subjects"] else []),
		f"[{finding['fingerprint']}]",
	]
	for detail in details:
		lines += textwrap.wrap(
			detail, _WIDTH, initial_indent=_MARGIN, subsequent_indent=_MARGIN + "  ", break_on_hyphens=False
		)
	return lines


def _first(title: str) -> str:
	return ("\n" + _MARGIN).join(textwrap.wrap(title, _WIDTH - len(_MARGIN), break_on_hyphens=False))


def _subjects(finding: Mapping[str, Any]) -> str:
	shown = [f"{subject['doctype']} {subject['name']}" for subject in finding["subjects"][:5]]
	more = finding["count"] - len(shown)
	return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _unknown(checks: Sequence[Mapping[str, Any]]) -> list[str]:
	reasons: dict[tuple[str, str], list[str]] = {}
	for check in checks:
		reasons.setdefault((check["reason"], check["remedy"]), []).append(check["id"])
	lines: list[str] = []
	for (reason, remedy), ids in reasons.items():
		lines += textwrap.wrap(f"{reason} {remedy}", _WIDTH, initial_indent="  ", subsequent_indent="  ")
		lines += textwrap.wrap(", ".join(ids), _WIDTH, initial_indent="    ", subsequent_indent="    ")
	return lines


def _changes(changes: Sequence[Mapping[str, Any]]) -> list[str]:
	lines = [f"  {change['when'][:16].replace('T', ' ')}  {change['what']}" for change in changes[:8]]
	return [*lines, f"  and {len(changes) - 8} more"] if len(changes) > 8 else lines


def _footer(report: Mapping[str, Any]) -> list[str]:
	skipped = sum(check["status"] == "skipped" for check in report["checks"])
	frappe = f"Frappe {report['frappe']}" if report["frappe"] else "Frappe's version is not known"
	return [
		f"{len(report['checks'])} checks ({skipped} not applicable here) in {report['duration_ms']} ms, "
		f"{report['started']}, {frappe}, on {report['host']}. Nothing was changed."
	]


def _paint(text: str, status: str, colour: bool) -> str:
	return f"\033[{_COLOURS[status]}m{text}\033[0m" if colour else text
