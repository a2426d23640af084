"""A run as people and programs see it: redacted, with the exact changes of the first things it plans."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from recovery_console.core.action import Action
from recovery_console.core.approval import demand, open_demand
from recovery_console.core.backends.files import user_name
from recovery_console.core.checks.backups import _sets
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.making import PARTLY, Made
from recovery_console.core.parameters import type_name
from recovery_console.core.plan import SAMPLES, Plan, shown_plan
from recovery_console.core.redact import redact
from recovery_console.core.run import Run, RunState, StepRun
from recovery_console.core.runbook import Runbook
from recovery_console.core.runbook_file import PLACES
from recovery_console.core.site import Site
from recovery_console.core.thresholds import show

_WIDTH = 100
#: A value is shown up to this length.
_LONGEST = 60
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)?")
_NOT_KNOWN = "(not known here)"


def run_as_dict(run: Run, actions: Mapping[str, type[Action]], site: Site) -> dict[str, Any]:
	"""Return a run for a page, a terminal or another program.

	Args:
		run: The run.
		actions: The actions that there are.
		site: The site, for its names and paths in manual steps.
	"""
	asked = open_demand(run, actions, site.now()) if run.state.is_open else None
	named = places(site)
	shown: dict[str, Any] = redact(
		{
			"id": run.id,
			"runbook": run.runbook,
			"title": run.title,
			"site": run.site,
			"state": run.state.value,
			"said": run.said,
			"undoing": run.undoing,
			"requested_by": run.requested_by,
			"reason": run.reason,
			"created": run.created,
			"last": run.last,
			"next_attempt": run.next_attempt,
			"parameters": dict(run.parameters),
			"risk": demand(run, actions).risk.value,
			"planned": run.planned,
			"made": run.made,
			"may_have_changed": bool(run.made) or _is_unsure(run),
			"can_undo": bool(run.to_take_back) and run.reversible and not run.state.moves,
			"left": list(run.left),
			"otherwise": run.otherwise,
			"verify": list(run.verify),
			"approvals": [{"by": given.by, "reason": given.reason} for given in run.approvals],
			"asks": None
			if asked is None
			else {
				"role": asked.role,
				"second_person": asked.second_person,
				"backup": asked.backup,
				"typed": asked.typed,
				"risk": asked.risk.value,
			},
			"steps": [_step(step, run, number, named) for number, step in enumerate(run.steps)],
		}
	)
	return shown


def runbook_as_dict(runbook: Runbook, actions: Mapping[str, type[Action]]) -> dict[str, Any]:
	"""Return a runbook for a list or a form."""
	return {
		"id": runbook.id,
		"title": runbook.title,
		"summary": runbook.summary,
		"risk": runbook.risk(actions).value,
		"automatic": runbook.automatic(actions),
		"findings": list(runbook.findings),
		"errors": list(runbook.errors),
		"duration": runbook.duration,
		"otherwise": runbook.otherwise,
		"origin": runbook.origin,
		"parameters": [
			{
				"name": parameter.name,
				"title": parameter.title,
				"type": type_name(parameter.kind),
				"default": shown_value(parameter.default),
				"required": parameter.required,
				"secret": parameter.secret,
			}
			for parameter in runbook.parameters
		],
		"steps": [
			{
				"kind": step.kind.value,
				"title": step.title,
				"does": step.action or step.check or step.role,
				"instruction": step.instruction,
				"command": step.command,
			}
			for step in runbook.steps
		],
	}


def shown_value(value: Any) -> Any:
	"""Return a default of a parameter as a person would give it."""
	if isinstance(value, tuple):
		return ", ".join(value)
	return show(value) if isinstance(value, timedelta) else value


def _step(step: StepRun, run: Run, number: int, named: Mapping[str, str]) -> dict[str, Any]:
	return {
		"kind": step.step.kind.value,
		"title": filled(step.step.title, named) or step.step.check or step.step.action,
		"check": step.step.check,
		"instruction": filled(step.step.instruction, named),
		"command": filled(step.step.command, named),
		"state": _state(step, run, number),
		"said": step.said,
		"planned": step.plan.count if step.plan else 0,
		"made": len(step.changed),
		"undone": sum(outcome.made.is_good for outcome in step.undone.values()),
		"bad": [
			{
				**(step.plan.batches[batch].subject.as_dict() if step.plan else {}),
				"made": outcome.made.value,
				"why": outcome.detail,
			}
			for batch, outcome in list(step.bad.items())[:SAMPLES]
		],
		"plan": None if step.plan is None else _plan(step.plan),
	}


def _is_unsure(run: Run) -> bool:
	"""Tell whether something may be changed that does not count as made: begun, in part, or not to be known."""
	return any(
		step.in_doubt
		or any(
			outcome.made is Made.UNCLEAR or (outcome.made is Made.FAILED and PARTLY in outcome.detail)
			for outcome in step.outcomes.values()
		)
		for step in run.steps
	)


def _plan(plan: Plan) -> dict[str, Any]:
	"""Return a plan for a reader; a value under the name of a secret is masked."""
	shown = shown_plan(plan)
	for sample in shown["samples"]:
		for change in sample["changes"]:
			name = str(change["what"])
			for side in ("before", "after"):
				[masked] = redact({name: change[side]}).values()
				change[side] = _short(masked)
	return shown


def _short(value: Any) -> Any:
	if not isinstance(value, str):
		return value if isinstance(value, (int, float, bool)) or value is None else str(value)
	return value if len(value) <= _LONGEST * 4 else value[: _LONGEST * 4 - 1] + "…"


def _state(step: StepRun, run: Run, number: int) -> str:
	if step.ended:
		return "done" if step.ok else "failed"
	if run.cursor != number:
		return "to come"
	return "failed" if run.state is RunState.FAILED else "now" if run.state.is_open else "not done"


def places(site: Site) -> dict[str, str]:
	"""Return what the texts of manual steps may name of this site; see ``runbook_file.PLACES``."""
	kind = str(site.config.get("db_type") or "mariadb")
	newest = next(iter(_whole(site)), None)
	backups = _sets.folder(site)
	owner = site.bench.stat().st_uid
	found = {
		"site": site.name,
		"bench": str(site.bench),
		"site_path": str(site.path),
		"bench_user": user_name(owner),
		"db_type": kind,
		"db_name": str(site.config.get("db_name") or _NOT_KNOWN),
		"db_host": str(site.config.get("db_host") or "127.0.0.1"),
		"frappe_version": site.frappe_version or _NOT_KNOWN,
		"backups": str(backups),
		"latest_backup": str(newest) if newest else f"{backups}/…-database.sql.gz",
	}
	return {name: found[name] for name in PLACES}


def _whole(site: Site) -> list[Path]:
	try:
		return [found.parts[_sets.DATABASE].path for found in _sets.whole(site)]
	except SourceUnavailable:
		return []


def filled(text: str, named: Mapping[str, str]) -> str:
	"""Fill this site's names into a text of a runbook."""
	for name, value in named.items():
		text = text.replace("{" + name + "}", value)
	return text


def run_as_text(shown: Mapping[str, Any], *, samples: int = 5) -> str:
	"""Write what ``run_as_dict`` returns for a terminal."""
	lines = [f"{shown['title']}  [{shown['runbook']}]"]
	if shown["id"]:
		lines.append(f"{shown['id']}  {shown['state']}")
	lines += _wrapped(shown["said"], "  ") if shown["said"] else []
	for number, step in enumerate(shown["steps"], 1):
		lines += ["", *_step_text(number, step, samples)]
	if shown["left"]:
		lines += ["", "What is left:"]
		for left in shown["left"]:
			lines += _wrapped(left, "  ")
	lines += ["", _end_text(shown)]
	return "\n".join(lines)


_MARKS = {"done": "✓", "failed": "✗", "now": "→", "to come": " ", "not done": "-"}


def _step_text(number: int, step: Mapping[str, Any], samples: int) -> list[str]:
	lines = [f"{_MARKS[step['state']]} {number}. {step['title']}"]
	for text in (step["instruction"], step["said"]):
		lines += _wrapped(text, "     ") if text else []
	if step["command"]:
		lines += [f"       $ {line}" for line in step["command"].splitlines()]
	plan = step["plan"]
	# What only reads changed nothing: what it read is what it was run for.
	if plan is not None and (step["state"] != "done" or not plan["count"]):
		lines += _plan_text(plan, samples)
	for bad in step["bad"]:
		lines += _wrapped(f"{bad.get('doctype', '')} {bad.get('name', '')}: {bad['why']}", "     ! ")
	return lines


def _plan_text(plan: Mapping[str, Any], samples: int) -> list[str]:
	lines = _wrapped(plan["title"], "     ")
	for sample in plan["samples"][:samples]:
		lines.append(f"       {sample['doctype']} {sample['name']}")
		lines += _wrapped(sample["why"], "         ") if sample["why"] else []
		for change in sample["changes"][:8]:
			before, after = (_one_line(change[side]) or "(empty)" for side in ("before", "after"))
			arrow = after if change["before"] == "" else f"{before} → {after}"
			lines.append(f"         {change['what']}: {arrow}")
	if plan["count"] > samples:
		lines.append(f"       and {plan['count'] - samples} more")
	for name, value in plan["evidence"].items():
		lines += _evidence_text(name.replace("_", " "), value)
	for warning in plan["warnings"]:
		lines += _wrapped(f"Mind: {warning}", "     ")
	for left in plan["left_out"][:samples]:
		lines += _wrapped(f"Left alone: {left['doctype']} {left['name']}: {left['why']}", "     ")
	return lines


def _evidence_text(name: str, value: Any) -> list[str]:
	"""Return a number or text on one line, and rows of a table on a line each."""
	if isinstance(value, Mapping):
		return _wrapped(f"{name}: {_pairs(value)}", "       ")
	if not isinstance(value, (list, tuple)):
		return _wrapped(f"{name}: {value}", "       ")
	if not value or not isinstance(value[0], Mapping):
		return _wrapped(f"{name}: {', '.join(map(str, value)) or 'none'}", "       ")
	lines = [f"       {name}:"]
	for row in value:
		lines += _wrapped(_pairs(row), "         - ")
	return lines


def _pairs(row: Mapping[str, Any]) -> str:
	return "; ".join(f"{str(key).replace('_', ' ')} {value}" for key, value in row.items())


def _end_text(shown: Mapping[str, Any]) -> str:
	if not shown["planned"] and any(step["plan"] for step in shown["steps"]):
		return "There is nothing to change."
	undo = "It can be taken back." if all_reversible(shown) else "Not all of it can be taken back."
	return f"Risk: {shown['risk']}. {shown['planned']} planned, {shown['made']} made. {undo}"


def all_reversible(shown: Mapping[str, Any]) -> bool:
	"""Tell whether every plan of a run can be taken back."""
	return all(step["plan"]["reversible"] for step in shown["steps"] if step["plan"])


def _one_line(value: Any) -> str:
	text = "" if value is None else " ".join(str(value).split())
	if time := _TIME.fullmatch(text):
		text = f"{time[1]} {time[2]}"
	return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _wrapped(text: str, indent: str) -> list[str]:
	return textwrap.wrap(
		str(text), _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent), break_on_hyphens=False
	)
