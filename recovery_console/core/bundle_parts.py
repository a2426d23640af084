"""What an evidence bundle holds of the incident itself: report, errors, timeline, impact, runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from recovery_console.core import impact, safe_csv
from recovery_console.core.bundle import Part, Scene, as_json
from recovery_console.core.checks.errors import _groups
from recovery_console.core.extensions import actions_for, checks_for
from recovery_console.core.finding import Severity, _
from recovery_console.core.redact import anonymise, redact_text
from recovery_console.core.registry import select_checks
from recovery_console.core.render_run import run_as_dict
from recovery_console.core.report import diagnose
from recovery_console.core.snapshot import history

#: A diagnosis for a bundle may take so long.
DEADLINE = timedelta(seconds=20)
MOST_GROUPS = 50
#: So many errors of a group are shown in full, the newest.
MOST_SAMPLES = 2
MOST_RUNS = 10
#: What of an incident stands in files of its own.
_APART = ("timeline", "impact", "findings", "report", "runs")
_LINE = (
	"number",
	"at",
	"event",
	"detail",
	"actor",
	"snapshot",
	"reference_doctype",
	"reference_name",
	"seal",
)

_README = """\
Evidence of an incident, kept by the Recovery Console.

manifest.json    what each file holds, its SHA-256, and what is missing and why
report.html      the diagnosis, to be read; report.json is the same for programs
incident.json    the incident as it was recorded, with its findings
timeline.csv     what happened, line by line, each sealed to the one before
impact.csv       users, documents and amounts that are affected
errors.json      errors of the time in groups, with samples
runs.json        repairs that were planned and made
state/           queues, processes, versions and configuration at the time
logs/            ends of the log files of the time

Secrets, account numbers and the local parts of e-mail addresses are taken out. To compare a file with the manifest:
sha256sum FILE
"""


def _readme(_scene: Scene) -> Iterable[bytes]:
	return [_README.encode()]


def _incident(scene: Scene) -> Iterator[bytes]:
	fields = {name: value for name, value in scene.incident.items() if name not in _APART}
	return as_json({**fields, "findings": scene.incident.get("findings") or []})


def _report(scene: Scene) -> Mapping[str, Any]:
	"""Return the incident's report, or that of a diagnosis made now; once for both of its files."""
	if scene.report is None:
		given = scene.incident.get("report")
		if given:
			scene.report = dict(given)
		else:
			checks = select_checks(known=checks_for(scene.site))
			scene.report = diagnose(scene.site, checks, deadline=DEADLINE).as_dict()
	return scene.report


def _report_json(scene: Scene) -> Iterator[bytes]:
	return as_json(_report(scene))


def _report_html(scene: Scene) -> Iterator[bytes]:
	from recovery_console.core.render_html import report_as_html  # loads Jinja, which only this needs

	report = _report(scene)
	findings = [finding for check in report["checks"] for finding in check["findings"]]
	findings.sort(key=lambda found: (bool(found["caused_by"]), Severity(found["severity"]).order))
	page = report_as_html(report, findings, history(scene.site))
	yield page.encode("utf-8", "replace")


def _timeline_csv(scene: Scene) -> Iterator[bytes]:
	lines: Sequence[Mapping[str, Any]] = scene.incident.get("timeline") or []
	yield safe_csv.MARK
	yield from safe_csv.lines([_LINE, *(_cells(line, _LINE) for line in lines)])


def _timeline_json(scene: Scene) -> Iterator[bytes]:
	return as_json(scene.incident.get("timeline") or [])


def _impact(scene: Scene) -> Iterator[bytes]:
	stored = impact.read(scene.incident.get("impact"))
	yield safe_csv.MARK
	rows: list[Sequence[Any]] = [("what", "doctype", "number", "exact", "currency", "amount", "name")]
	for group in stored.get("groups", ()):
		told = (group["kind"], group["doctype"], group["count"], "yes" if group["exact"] else "at least")
		for currency, amount in (group["amounts"] or {"": ""}).items():
			rows.append((*told, currency, amount, ""))
		rows += [(group["kind"], group["doctype"], "", "", "", "", name) for name in group["samples"]]
	yield from safe_csv.lines([[anonymise(cell) for cell in row] for row in rows])
	scene.notes += [str(why) for why in stored.get("unknown", ())]


def _errors(scene: Scene) -> list[dict[str, Any]]:
	groups = _groups.group(scene.site, _groups.read(scene.site, scene.window))
	total = _groups.count(scene.site, scene.window)
	if total > _groups.MOST_READ:
		text = _("{count} errors were logged; the newest {most} were read.")
		scene.notes.append(text.format(count=total, most=_groups.MOST_READ))
	if len(groups) > MOST_GROUPS:
		scene.notes.append(_("{count} smaller groups.").format(count=len(groups) - MOST_GROUPS))
	return [_error(scene, group) for group in groups[:MOST_GROUPS]]


def _error(scene: Scene, group: _groups.Group) -> dict[str, Any]:
	told = _groups.tell(scene.site, group)
	return {
		"error": told.label,
		"message": told.message,
		"count": len(group.errors),
		"first": group.oldest.at,
		"last": group.newest.at,
		"known_error": told.known_id,
		"cause": told.cause.strip(),
		"fix": told.fix.strip(),
		"samples": [
			{"error_log": error.name, "at": error.at, "title": error.title, "text": error.text}
			for error in group.errors[:MOST_SAMPLES]
		],
	}


def _errors_json(scene: Scene) -> Iterator[bytes]:
	return as_json(_errors(scene))


def _runs(scene: Scene) -> Iterator[bytes]:
	if scene.journal is None:
		scene.notes.append(_("No record of runs was given."))
		return as_json([])
	wanted = scene.incident.get("runs")
	if wanted is None:
		wanted = scene.journal.run_ids(MOST_RUNS)
	actions = actions_for(scene.site)
	if len(wanted) > MOST_RUNS:
		scene.notes.append(_("{count} older runs.").format(count=len(wanted) - MOST_RUNS))
	found = [run_as_dict(scene.journal.load(name), actions, scene.site) for name in wanted[:MOST_RUNS]]
	return as_json(found)


def _cells(row: Mapping[str, Any], names: Sequence[str]) -> list[str]:
	return [redact_text(str(row.get(name) or ""), personal=True) for name in names]


PARTS = (
	Part("README.txt", _("What this is"), _readme),
	Part("incident.json", _("The incident with its findings"), _incident),
	Part("timeline.csv", _("The timeline"), _timeline_csv),
	Part("timeline.json", _("The timeline, for programs"), _timeline_json),
	Part("impact.csv", _("Who and what is affected"), _impact),
	Part("report.json", _("The diagnosis, for programs"), _report_json),
	Part("report.html", _("The diagnosis, to be read"), _report_html),
	Part("errors.json", _("Errors of the time in groups, with samples"), _errors_json),
	Part("runs.json", _("Repairs that were planned and made"), _runs),
)
