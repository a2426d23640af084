"""What is on record of an incident, gathered for its review."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from recovery_console.core import review as rules
from recovery_console.core.redact import redact
from recovery_console.core.runbooks.answers import for_check, for_finding
from recovery_console.core.timeline import Line
from recovery_console.core.times import UTC
from recovery_console.in_site import clocks, timeline, utc

_MOMENTS = ("first_seen", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at")
_CLOCKS = {"acknowledge": "acknowledged_at", "mitigate": "mitigated_at", "resolve": "resolved_at"}
_RUN = "Runbook Run"


def facts_of(incident: Document, earlier: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
	"""Gather what the record says, redacted and fit for JSON; all moments are UTC ISO texts.

	Args:
		incident: The incident.
		earlier: What earlier reviews of the same problem taught.
	"""
	lines = timeline.read(incident.name)
	times = {field: _moment(incident.get(field)) for field in _MOMENTS}
	times_kept = clocks_of(incident)
	runs = _runs(lines)
	answering = for_finding(incident.fingerprint or "") or for_check(incident.check_id or "")
	now = datetime.now(UTC)
	return redact(
		{
			"version": 1,
			"incident": {
				"name": incident.name,
				"title": incident.title,
				"severity": incident.severity,
				"category": incident.category,
				"source": incident.source,
				"family": incident.family,
				"check": incident.check_id,
				"count": incident.count,
				"occurrences": incident.occurrences,
				"description": incident.description,
				"cause": incident.cause,
				"first_line": lines[0].detail if lines else "",
			},
			"clocks": [
				{
					"name": clock.name,
					"due": clock.due,
					"reached": clock.reached,
					"late_since": clock.late_since,
					"began": clock.began,
				}
				for clock in times_kept
			],
			"moments": rules.moments(times, lines, incident.cause or ""),
			"findings": [
				{"title": row.finding, "severity": row.gravity, "count": row.count}
				for row in incident.findings
			],
			"runs": runs,
			"impact": json.loads(incident.impact or "null"),
			"business_impact": incident.business_impact,
			"earlier": [
				{**row, "signed_on": utc(row["signed_on"]) if row["signed_on"] else None} for row in earlier
			],
			"proposals": rules.proposals(
				answering=answering,
				ran=[run["runbook"] for run in runs],
				earlier=len(earlier),
				late=[clock.name for clock in times_kept if clock.kept(now) is False],
				cause=incident.cause or "",
			),
		}
	)


def clocks_of(incident: Document) -> list[rules.Clock]:
	"""Return the first three of an incident's times; the review's own is the fourth."""
	since = clocks.of(incident).since if incident.clocks else _moment(incident.first_seen)
	return [
		rules.Clock(
			name=name,
			due=_moment(incident.get(f"{name}_due")),
			reached=_moment(incident.get(reached)),
			late_since=_moment(incident.get(f"{name}_breached")),
			began=since,
		)
		for name, reached in _CLOCKS.items()
	]


def proposed_texts(facts: Mapping[str, Any]) -> dict[str, str]:
	"""Return what the console puts into the fields that people go on writing in; moments as UTC ISO texts."""
	times, incident = facts["moments"], facts["incident"]
	detected, restored = (
		datetime.fromisoformat(times[key]) if times[key] else None for key in ("detected", "restored")
	)
	done = [_("{0}: {1}").format(run["title"], run["said"] or run["state"]) for run in facts["runs"]]
	return {
		"summary": rules.in_short(incident["title"] or "", detected, restored, incident["count"] or 0),
		"impact_text": facts["business_impact"] or "",
		"resolution": "\n".join(done),
		**{key: times[key] or "" for key in rules.MOMENTS},
	}


def _runs(lines: Sequence[Line]) -> list[dict[str, Any]]:
	"""Return the runs that the timeline tells of, in its order."""
	names = list(dict.fromkeys(line.reference[1] for line in lines if line.reference[0] == _RUN))
	fields = [
		"name",
		"title",
		"runbook",
		"state",
		"said",
		"requested_by",
		"approved_by",
		"planned",
		"made",
		"creation",
	]
	rows = {
		row.name: row for row in frappe.get_all(_RUN, filters={"name": ("in", names or [""])}, fields=fields)
	}
	return [{**rows[name], "creation": utc(rows[name].creation)} for name in names if name in rows]


def _moment(stored: Any) -> datetime | None:
	return utc(frappe.utils.get_datetime(stored)) if stored else None
