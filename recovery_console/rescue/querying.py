"""The command `explain-query`: how a plan and its advice are handed out."""

from __future__ import annotations

import textwrap
from typing import Any

from recovery_console.core.query_advice import Advice, advise
from recovery_console.core.query_plan import Plan, Step, explain
from recovery_console.core.query_text import without_values
from recovery_console.core.redact import redact
from recovery_console.core.site import Site

_WIDTH = 100


def explain_query(site: Site, text: str) -> dict[str, Any]:
	"""Return how the site's database would carry out a query, and what would help; fit for JSON.

	Raises:
		UsageError: It is not one SELECT, or the database does not understand it.
		SourceUnavailable: The database does not answer.
	"""
	plan = explain(site, text)
	return as_dict(plan, advise(site, plan), site.db.version(), site.db.dialect)


def as_dict(plan: Plan, advice: list[Advice], server: str, dialect: str) -> dict[str, Any]:
	"""Return a plan and its advice. Values of the query are left out of it."""
	answer: dict[str, Any] = redact(
		{
			"version": 1,
			"database": server,
			"query": without_values(plan.query.text, dialect, most=2000),
			"steps": [_step(step) for step in plan.steps],
			"sorts": plan.sorts,
			"temporary_table": plan.temporary,
			"note": plan.note,
			"advice": [
				{"kind": item.kind, "table": item.table, "column": item.column, "text": item.text}
				for item in advice
			],
		}
	)
	return answer


def _step(step: Step) -> dict[str, Any]:
	return {
		"table": step.table,
		"alias": step.alias,
		"access": step.access,
		"index": step.index or None,
		"rows": step.rows if step.rows >= 0 else None,
	}


def as_text(answer: dict[str, Any]) -> str:
	"""Write a plan for people."""
	lines = [f"{answer['database']} would carry it out like this:"]
	lines += [f"  {number}. {_described(step)}" for number, step in enumerate(answer["steps"], start=1)]
	if answer["sorts"]:
		lines.append("  Then the rows are sorted (filesort): no index gives them in the order wanted.")
	if answer["temporary_table"]:
		lines.append("  Rows are put into a temporary table in between.")
	if answer["note"]:
		lines.append(f"  The server says: {answer['note']}")
	if not answer["steps"] and not answer["note"]:
		lines.append("  No table is read.")
	if not answer["advice"]:
		return "\n".join([*lines, "", "Nothing to improve was found."])
	lines += ["", "What would help:"]
	for item in answer["advice"]:
		lines += textwrap.wrap(
			item["text"],
			_WIDTH,
			initial_indent=f"  - [{item['kind']}] ",
			subsequent_indent="    ",
			break_on_hyphens=False,
			break_long_words=False,
		)
	return "\n".join(lines)


def _described(step: dict[str, Any]) -> str:
	name = step["table"] + (f" ({step['alias']})" if step["alias"] != step["table"] else "")
	index = f" by index {step['index']}" if step["index"] else ""
	rows = f", about {step['rows']} rows" if step["rows"] is not None else ""
	return f"{name}: {step['access']}{index}{rows}"
