"""Incidents as text for a terminal, and as Markdown for a mail or a ticket."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from recovery_console.core.incident_record import Record
from recovery_console.core.redact import redact_text
from recovery_console.core.times import in_words

_WIDTH = 100
_COLOURS = {"S1": "31;1", "S2": "33;1", "S3": "33", "S4": "36"}
_MARGIN = " " * 13
#: The clocks: what is due, when it was done, since when it is late, and what it is called.
_CLOCKS = (
	("acknowledge_due", "acknowledged_at", "acknowledge_breached", "acknowledge"),
	("mitigate_due", "mitigated_at", "mitigate_breached", "mitigate"),
	("resolve_due", "resolved_at", "resolve_breached", "resolve"),
	("review_due", "closed_at", "review_breached", "review"),
)


def list_as_text(records: Sequence[Record], now: datetime, *, colour: bool, width: int = 120) -> str:
	"""Write incidents as a table.

	Args:
		records: The incidents.
		now: The present moment, aware.
		colour: Use terminal colours.
		width: So many letters fit in a line.
	"""
	names = max((len(record.name) for record in records), default=0)
	return "\n".join(_row(record, now, names, width, colour=colour) for record in records)


def _row(record: Record, now: datetime, names: int, width: int, *, colour: bool) -> str:
	since = record.moments.get("first_seen")
	age = in_words(max(timedelta(0), now - since)) if since else ""
	severity = _paint(record.severity.ljust(2), record.severity, colour)
	start = f"{severity}  {record.status.value:<13}  {record.name:<{names}}  {age:>8}  "
	mark = "beside the site: " if record.beside else ""
	room = max(30, width - len("S1  Acknowledged     72 min    ") - names - 2)
	return start + textwrap.shorten(mark + redact_text(record.title), room, placeholder=" …")


def incident_as_text(record: Record, now: datetime, zone: tzinfo, *, colour: bool) -> str:
	"""Write an incident with its timeline.

	Args:
		record: The incident.
		now: The present moment, aware.
		zone: In whose time the reader thinks.
		colour: Use terminal colours.
	"""
	severity = _paint(record.severity, record.severity, colour)
	lines = [
		f"{severity}  {record.name}  {record.status.value}",
		_bold(redact_text(record.title), colour),
		"",
	]
	for label, text in _facts(record, now, zone):
		lines += textwrap.wrap(
			redact_text(text),
			_WIDTH,
			initial_indent=f"{label:<11}  ",
			subsequent_indent=_MARGIN,
			break_on_hyphens=False,
			break_long_words=False,
		)
	return "\n".join([*lines, *_timeline_as_text(record, zone)])


def _facts(record: Record, now: datetime, zone: tzinfo) -> list[tuple[str, str]]:
	texts = record.texts
	found = [
		("Seen", _seen(record, now, zone)),
		("Opened by", texts.get("source", "") + (f", {texts['check_id']}" if "check_id" in texts else "")),
		("Category", texts.get("category", "")),
		("Responder", texts.get("responder", "")),
		("Beneath", texts.get("parent_incident", "")),
		("Merged into", texts.get("merged_into", "")),
		("Affected", str(record.count) if record.count else ""),
		*[("Due", text) for text in _clocks(record, now, zone)],
		("Snoozed", _until(record, "snoozed_until", zone) if _is_ahead(record, "snoozed_until", now) else ""),
		("Waits for", texts.get("pause_kind", "")),
		("Why", texts.get("cause", "")),
		("Do", texts.get("remedy", "")),
		("Impact", texts.get("business_impact", "")),
		("Described", texts.get("description", "")),
	]
	return [(label, text) for label, text in found if text]


def _seen(record: Record, now: datetime, zone: tzinfo) -> str:
	first, last = record.moments.get("first_seen"), record.moments.get("last_seen")
	if first is None:
		return ""
	text = f"{stamp(first, zone)}, {in_words(max(timedelta(0), now - first))} ago"
	if last is not None and last != first and record.occurrences > 1:
		text += f"; {record.occurrences} times, last {stamp(last, zone)}"
	return text


def _clocks(record: Record, now: datetime, zone: tzinfo) -> list[str]:
	found = []
	for due, done, late, name in _CLOCKS:
		when = record.moments.get(due)
		over = name != "review" and not record.status.is_open
		if when is None or over or (done in record.moments and record.moments[done] <= when):
			continue
		if late in record.moments or when < now:
			found.append(f"{name} by {stamp(when, zone)}: LATE by {in_words(max(timedelta(0), now - when))}")
		elif done not in record.moments:
			found.append(f"{name} by {stamp(when, zone)}, in {in_words(when - now)}")
	return found


def _until(record: Record, field: str, zone: tzinfo) -> str:
	return f"until {stamp(record.moments[field], zone)}"


def _is_ahead(record: Record, field: str, now: datetime) -> bool:
	return field in record.moments and record.moments[field] > now


def _timeline_as_text(record: Record, zone: tzinfo) -> list[str]:
	shown: list[str] = []
	for day, group in groupby(record.timeline, key=lambda line: line.at.astimezone(zone).date()):
		shown += ["", f"{day:%a %Y-%m-%d}"]
		for line in group:
			who = f"{line.actor}: " if line.actor else ""
			mark = " (beside the site)" if line.beside and not record.beside else ""
			start = f"  {line.at.astimezone(zone):%H:%M}  {line.event:<12}  "
			shown += textwrap.wrap(
				redact_text(who + line.detail + mark),
				_WIDTH,
				initial_indent=start,
				subsequent_indent=" " * len(start),
				break_on_hyphens=False,
				break_long_words=False,
			) or [start.rstrip()]
	return shown


def stamp(at: datetime, zone: tzinfo) -> str:
	"""Return a moment for people, with the name of its time zone."""
	return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def incident_as_markdown(record: Record, now: datetime, zone: tzinfo) -> str:
	"""Write an incident with its timeline as Markdown: for a ticket, a mail, a vendor."""
	lines = [f"# {_escaped(record.severity)} {_escaped(record.title)}", ""]
	lines += [f"- **Incident**: {_escaped(record.name)}", f"- **Status**: {record.status.value}"]
	lines += [f"- **{label}**: {_escaped(text)}" for label, text in _facts(record, now, zone)]
	lines += [
		"",
		"## Timeline",
		"",
		f"| When ({now.astimezone(zone):%Z}) | What | Detail | By |",
		"|---|---|---|---|",
	]
	lines += [
		f"| {line.at.astimezone(zone):%Y-%m-%d %H:%M} | {line.event} | {_escaped(line.detail)} | {_escaped(line.actor)} |"
		for line in record.timeline
	]
	return "\n".join(lines)


def _escaped(text: str) -> str:
	"""Return a text in which nothing is Markdown or HTML, on one line."""
	plain = " ".join(redact_text(text).split())
	for sign in "\\`*_[]|":
		plain = plain.replace(sign, "\\" + sign)
	return plain.replace("<", "&lt;").replace(">", "&gt;")


def _paint(text: str, severity: str, colour: bool) -> str:
	return f"\033[{_COLOURS[severity]}m{text}\033[0m" if colour and severity in _COLOURS else text


def _bold(text: str, colour: bool) -> str:
	return f"\033[1m{text}\033[0m" if colour else text
