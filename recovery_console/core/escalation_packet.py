"""What somebody needs who is called to an incident: seven fields, filled in; and a letter to a vendor."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, tzinfo
from typing import Any

from pypika import Order

from recovery_console import __version__
from recovery_console.core import impact
from recovery_console.core.backends.sql import table
from recovery_console.core.contacts_card import url_of
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.incident_record import Happened, Record
from recovery_console.core.record import dataclass
from recovery_console.core.redact import anonymise
from recovery_console.core.site import Site
from recovery_console.core.snapshot import DOCTYPE as SNAPSHOT
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import in_words

#: The seven fields, in their order, with how they are headed.
FIELDS: Mapping[str, str] = {
	"description": _("Description"),
	"errors": _("Error messages"),
	"users": _("Affected users"),
	"timeline": _("Timeline"),
	"steps": _("Steps taken"),
	"state": _("State of the system"),
	"business": _("Business impact"),
}
NOT_KNOWN = _("Not known yet.")
NONE_YET = _("None yet.")
#: Of a long timeline the beginning and the end are told.
_FIRST_LINES, _LAST_LINES = 3, 22
_MOST_STEPS = 25
_MOST_FINDINGS = 10
_LONGEST = 600
_WIDTH = 96
#: What somebody did, as opposed to what the console saw.
_STEPS = frozenset(
	{EventKind.REPAIRED.value, EventKind.NOTE.value, EventKind.STATUS.value, EventKind.PAUSED.value}
)
#: Bookkeeping that tells a stranger nothing.
_LEFT_OUT = frozenset({EventKind.NOTIFIED.value, EventKind.SNAPSHOT.value})

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Packet:
	"""What somebody needs to know who is called. It may leave the site: no secrets, no account numbers, no addresses.

	Args:
		incident: Name of the incident.
		site: Name of the site.
		url: Where the site is reached.
		title: What is wrong, in one line.
		severity: S1 to S4.
		category: Its category.
		status: Where it stands.
		description: What is wrong and why, as far as it is known.
		errors: Exact texts and codes, and the numbers that prove the problem.
		users: Who is affected, in numbers.
		timeline: When it began, how long it lasts, and what happened.
		steps: What was done so far, and by whom.
		state: Versions, and what the last diagnosis said.
		business: What cannot be done, and what it costs.
	"""

	incident: str
	site: str
	url: str
	title: str
	severity: str
	category: str
	status: str
	description: Lines
	errors: Lines
	users: Lines
	timeline: Lines
	steps: Lines
	state: Lines
	business: Lines

	def field(self, name: str) -> Lines:
		"""Return one of ``FIELDS``."""
		lines: Lines = getattr(self, name)
		return lines

	def as_dict(self) -> dict[str, Any]:
		return asdict(self)


@dataclass(frozen=True)
class Letter:
	"""A text that is ready to be sent."""

	subject: str
	body: str


def gather(site: Site, record: Record, now: datetime, zone: tzinfo) -> Packet:
	"""Fill in the packet of an incident. What cannot be read is said, and not left out.

	Args:
		site: Its site.
		record: The incident with its timeline.
		now: The present moment, aware.
		zone: In whose time moments are told.
	"""
	findings = _told(lambda: _findings(site, record))
	affects = _told(lambda: _impact(site, record))
	found: dict[str, Any] = anonymise(
		{
			"title": record.title,
			"description": _description(record),
			"errors": _errors(record, findings),
			"users": _users(affects),
			"timeline": _timeline(record, now, zone),
			"steps": _steps(record, zone),
			"state": _state(site, zone),
			"business": _business(record, affects),
		}
	)
	return Packet(
		incident=record.name,
		site=site.name,
		url=url_of(site.config.get("host_name"), site.name),
		title=found.pop("title"),
		severity=record.severity,
		category=record.texts.get("category", "Technical"),
		status=record.status.value,
		**{name: tuple(lines) for name, lines in found.items()},
	)


def _told(read: Callable[[], Any]) -> Any:
	"""Return what could be read, or the sentence that says why it could not."""
	try:
		return read()
	except SourceUnavailable as error:
		return _("It could not be read: {reason}").format(reason=error.reason)


def _findings(site: Site, record: Record) -> list[Mapping[str, Any]]:
	if record.beside or not site.has_doctype("Incident Finding"):
		return []
	t = table("Incident Finding")
	query = site.db.from_(t).select(t.finding, t.evidence, t["count"]).where(t.parent == record.name)
	return list(site.db.run(query.orderby(t.idx).limit(_MOST_FINDINGS)))


def _impact(site: Site, record: Record) -> dict[str, Any]:
	if record.beside or not site.has_doctype("Incident", "impact"):
		return {}
	t = table("Incident")
	return impact.read(site.db.value(site.db.from_(t).select(t.impact).where(t["name"] == record.name)))


def _description(record: Record) -> list[str]:
	texts = record.texts
	check = _("Found by the check {check}.").format(check=texts["check_id"]) if "check_id" in texts else ""
	return [text for text in (record.title, texts.get("cause"), texts.get("description"), check) if text]


def _errors(record: Record, findings: Any) -> list[str]:
	if isinstance(findings, str):
		return [findings]
	lines = []
	for row in findings:
		lines.append(f"{row['finding']} ({row['count']})")
		lines += [f"  {name}: {_short(value)}" for name, value in _evidence(row["evidence"]).items()]
	return lines or [record.texts.get("description") or NOT_KNOWN]


def _evidence(stored: Any) -> dict[str, Any]:
	try:
		evidence = json.loads(stored or "{}")
	except ValueError:
		return {}
	return {str(name): value for name, value in evidence.items() if value not in (None, "", [], {})}


def _short(value: Any) -> str:
	text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
	text = " ".join(text.split())
	return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _users(affects: Any) -> list[str]:
	if isinstance(affects, str):
		return [affects]
	if affects.get("everybody"):
		return [_("Everybody who works with the site.")]
	counted = [group for group in affects.get("groups", ()) if group.get("kind") in ("users", "members")]
	said = [
		(_("{count} {kind}") if group.get("exact", True) else _("At least {count} {kind}")).format(
			count=group["count"], kind=group["kind"]
		)
		for group in counted
	]
	return said or [NOT_KNOWN]


def _timeline(record: Record, now: datetime, zone: tzinfo) -> list[str]:
	began, ended = record.moments.get("first_seen"), record.moments.get("resolved_at")
	lines = []
	if began is not None:
		lines.append(_("Began {moment}.").format(moment=_stamp(began, zone)))
		text = _("Over after {duration}.") if ended else _("Lasting {duration} so far.")
		lines.append(text.format(duration=in_words(max((ended or now) - began, timedelta()))))
	told = sorted(
		record.timeline, key=lambda line: line.at
	)  # what was found out later stands where it belongs
	shown = [_line(line, zone) for line in told if line.event not in _LEFT_OUT]
	left = len(shown) - _FIRST_LINES - _LAST_LINES
	if left > 0:
		gap = _("… {count} lines left out …").format(count=left)
		shown = [*shown[:_FIRST_LINES], gap, *shown[-_LAST_LINES:]]
	return [*lines, *shown] or [NOT_KNOWN]


def _steps(record: Record, zone: tzinfo) -> list[str]:
	done = [
		line
		for line in record.timeline
		if line.event in _STEPS and (line.actor or line.event == EventKind.REPAIRED.value)
	]
	return [_line(line, zone) for line in done[-_MOST_STEPS:]] or [NONE_YET]


def _line(line: Happened, zone: tzinfo) -> str:
	who = f" ({line.actor})" if line.actor else ""
	return f"{_stamp(line.at, zone)}  {line.event}{who}: {_short(line.detail)}"


def _state(site: Site, zone: tzinfo) -> list[str]:
	lines = [_("Frappe {version}").format(version=site.frappe_version or NOT_KNOWN)]
	lines.append(_("Recovery Console {version}").format(version=__version__))
	apps = _told(lambda: ", ".join(site.installed_apps()))
	lines.append(_("Apps: {apps}").format(apps=apps))
	lines.append(_("Database: {kind}").format(kind=site.config.get("db_type") or "mariadb"))
	last = _told(lambda: _last_diagnosis(site, zone))
	return [*lines, *([last] if isinstance(last, str) else last)]


def _last_diagnosis(site: Site, zone: tzinfo) -> list[str]:
	if not site.has_doctype(SNAPSHOT, "families"):
		return []
	t = table(SNAPSHOT)
	query = site.db.from_(t).select(t.started, t.status, t.families).where(t.status.isnotnull())
	rows = site.db.run(query.orderby(t.creation, order=Order.desc).limit(1))
	if not rows or (at := site.moment(rows[0]["started"])) is None:
		return [_("No diagnosis was kept.")]
	lines = [_("Diagnosis of {moment}: {status}").format(moment=_stamp(at, zone), status=rows[0]["status"])]
	families = _evidence(rows[0]["families"])
	bad = [f"{name} {status}" for name, status in families.items() if status not in ("ok", "skipped", "info")]
	return [*lines, _("Not well: {families}").format(families=", ".join(bad))] if bad else lines


def _business(record: Record, affects: Any) -> list[str]:
	sentence = affects if isinstance(affects, str) else impact.sentence_of(affects)
	return [text for text in (record.texts.get("business_impact"), sentence) if text] or [NOT_KNOWN]


def _stamp(at: datetime, zone: tzinfo) -> str:
	return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def packet_as_text(packet: Packet) -> str:
	"""Write a packet for a mail, a ticket or a screen."""
	head = [
		f"{packet.severity} {packet.title}",
		f"{packet.incident}   {packet.status}   {packet.category}   {packet.url}",
	]
	parts = [
		_part(f"{number}. {heading}", packet.field(name))
		for number, (name, heading) in enumerate(FIELDS.items(), 1)
	]
	return "\n".join([*head, *(line for part in parts for line in part)])


def vendor_letter(packet: Packet, reply_to: str = "") -> Letter:
	"""Write to a vendor what they ask for first: which site, what is wrong, since when, for whom, and what was tried.

	Args:
		packet: What is known.
		reply_to: Whom they call back, as it is to be read there.
	"""
	said: dict[str, Lines] = {
		_("What is wrong"): packet.description,
		_("Exact texts and numbers"): packet.errors,
		_("Since when"): packet.timeline[:2],
		_("Who is affected"): (*packet.users, *packet.business),
		_("What we have done so far"): packet.steps,
		_("Our system"): (packet.url, *packet.state),
	}
	parts = {heading: [line for line in lines if line != NOT_KNOWN] for heading, lines in said.items()}
	asks = _("Please tell us that you have received this, and when we will hear from you.")
	body = [
		_("Hello,"),
		"",
		*_wrapped(_URGENCY[packet.severity].format(url=packet.url), ""),
		*(piece for heading, lines in parts.items() if lines for piece in _part(heading, lines)),
		"",
		*_wrapped(asks, ""),
	]
	if reply_to:
		body += _wrapped(_("You reach us here: {reply_to}").format(reply_to=reply_to), "")
	return Letter(f"{packet.severity} {packet.site}: {packet.title} ({packet.incident})", "\n".join(body))


_URGENCY: Mapping[str, str] = {
	"S1": _("We need your help at once with our system {url}: people cannot work, or data are in danger."),
	"S2": _("We need your help today with our system {url}: an important part of it does not work."),
	"S3": _("We need your help with a part of our system {url} that does not work as it should."),
	"S4": _("We have a question about our system {url}. It can wait."),
}


def _part(heading: str, lines: Sequence[str]) -> list[str]:
	return ["", heading, *(piece for line in lines for piece in _wrapped(line, "  "))]


def _wrapped(text: str, indent: str) -> Iterable[str]:
	"""Wrap a text; what it is indented by itself stays."""
	own = indent + text[: len(text) - len(text.lstrip())]
	return textwrap.wrap(
		text.strip(),
		_WIDTH,
		initial_indent=own,
		subsequent_indent=own + "  " if own else "",
		break_long_words=False,
		break_on_hyphens=False,
	)
