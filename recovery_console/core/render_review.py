"""The review of an incident as a page and as Markdown: escaped, without secrets, fit to be handed to an auditor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.redact import anonymise
from recovery_console.core.review import MOMENTS, Clock, Signature, key_lines
from recovery_console.core.severity import ALIASES
from recovery_console.core.timeline import Line
from recovery_console.core.times import UTC, in_words

Json = dict[str, Any]

#: What the page calls its parts. Keys are names in the templates.
LABELS = {
	"review": _("Incident Review"),
	"draft": _("Draft, not signed"),
	"incident": _("Incident"),
	"severity": _("Severity"),
	"category": _("Category"),
	"found_by": _("Found by"),
	"opened_by": _("Opened by"),
	"site": _("Site"),
	"due": _("Review due"),
	"optional": _("Optional"),
	"took_part": _("Took part"),
	"zone": _("All times are those of {zone}."),
	"summary": _("Summary"),
	"clocks": _("The four times"),
	"target": _("Target"),
	"reached": _("Reached"),
	"took": _("Took"),
	"result": _("Result"),
	"moments": _("Six moments"),
	"impact": _("Impact"),
	"features": _("What did not work"),
	"data_loss": _("Data lost"),
	"affected": _("Affected, as computed"),
	"cause": _("Cause"),
	"as_found": _("As the console found it"),
	"root_cause": _("Root cause"),
	"findings": _("What was found"),
	"resolution": _("What was done"),
	"runs": _("Runbooks that were run"),
	"runbook": _("Runbook"),
	"state": _("State"),
	"requested": _("Requested by"),
	"approved": _("Approved by"),
	"changes": _("Changes"),
	"now": _("What the checks say now"),
	"asked": _("Asked on {moment}."),
	"never_asked": _("They were not asked again."),
	"no_check": _("No check watches this problem."),
	"check": _("Check"),
	"status": _("Status"),
	"said": _("What it says"),
	"learning": _("What we learn"),
	"went_well": _("What went well"),
	"could_improve": _("What could be better"),
	"lessons": _("Lessons"),
	"prevention": _("What prevents it"),
	"documents": _("Documents to update"),
	"items": _("Action items"),
	"no_items": _("None was agreed on."),
	"what": _("What"),
	"owner": _("Owner"),
	"by": _("By"),
	"overdue": _("overdue"),
	"earlier": _("What earlier reviews of this problem taught"),
	"story": _("What happened, in short"),
	"timeline": _("The whole timeline"),
	"moment": _("Moment"),
	"kind": _("Kind"),
	"who": _("Who"),
	"console": _("the console"),
	"seal": _("Seal"),
	"seals": _(
		"Each line is sealed with a digest of what it says and of the line before; the first characters are shown."
	),
	"signature": _("Signature"),
	"signed": _("Signed by {name} on {moment}."),
	"covers": _(
		"The signature covers the texts above, the six moments, the facts on record and the timeline up to line {lines}."
	),
	"digest": _("Digest"),
	"last_seal": _("Seal of line {lines}"),
	"holds": _("Checked on {moment}: everything reads as it was signed."),
	"broken": _("Checked on {moment}: this is no longer what was signed."),
	"not_said": _("Nothing was written."),
	"printed": _("Written by Recovery Console on {moment}."),
}
_CLOCKS = {
	"acknowledge": _("Acknowledge"),
	"mitigate": _("Mitigate"),
	"resolve": _("Resolve"),
	"review": _("Review"),
}
#: A story in short has at most so many lines; the whole timeline follows at the end.
MOST_IN_SHORT = 14


@dataclass(frozen=True)
class Page:
	"""Everything that a review shows.

	Args:
		name: Name of the review.
		site: Name of the site.
		facts: As ``in_site.review_facts`` gathers them.
		texts: What people wrote, by field; those of ``core.review.SIGNED_TEXTS``.
		moments: The six moments.
		clocks: The four times.
		lines: The timeline, oldest first; of a signed review up to the signature and what follows.
		items: Action items: ``action``, ``kind``, ``owner``, ``due``, ``state``, ``done_on`` and ``note``.
		people: User -> name of the person.
		due: When the review is due; None where it is optional.
		signature: None for a draft.
		changes: What was changed since it was signed.
		zone: The time zone in which times are shown.
		now: The present moment, aware.
		translate: Returns a text in the reader's language.
	"""

	name: str
	site: str
	facts: Mapping[str, Any]
	texts: Mapping[str, str]
	moments: Mapping[str, datetime | None]
	clocks: Sequence[Clock]
	lines: Sequence[Line]
	items: Sequence[Mapping[str, Any]]
	due: datetime | None
	signature: Signature | None
	changes: Sequence[str]
	zone: tzinfo
	now: datetime
	people: Mapping[str, str] = field(default_factory=dict)
	translate: Callable[[str], str] = str


def as_html(page: Page) -> str:
	"""Return the review as a part of a page, without ``<html>`` and scripts; its styles come with it."""
	return _template("review.html").render(_view(page))


def as_document(page: Page) -> str:
	"""Return the review as a whole HTML file that prints well from any browser."""
	shown = _view(page)
	return _template("review_document.html").render(shown, body=_template("review.html").render(shown))


def as_markdown(page: Page) -> str:
	"""Return the review as Markdown; nothing that people wrote can become a heading, a link or HTML in it."""
	text = _template("review.md").render(_view(page))
	return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _view(page: Page) -> Json:
	"""Prepare what the templates show. E-mail addresses in texts lose their local part: the page may leave the site."""
	say = page.translate
	facts = anonymise(page.facts)
	show = _Shower(page.zone)
	alias = ALIASES.get(facts["incident"]["severity"] or "")
	moments = list(MOMENTS.items())
	return {
		"say": {key: say(text) for key, text in LABELS.items()},
		"name": page.name,
		"site": page.site,
		"severity_name": say(alias.name) if alias else "",
		"facts": facts,
		"incident": facts["incident"],
		"texts": {key: _clean(text) for key, text in page.texts.items()},
		"clocks": [_clock(clock, page, show) for clock in page.clocks],
		"moments": [
			{"label": say(label), "at": show.moment(page.moments.get(key))} for key, label in moments
		],
		"impact": _impact(facts.get("impact")),
		"runs": [
			_run(run, given, page) for run, given in zip(facts["runs"], page.facts["runs"], strict=True)
		],
		"checks_now": _checks_now(facts.get("checks_now"), show),
		"items": [_item(item, page, show) for item in anonymise(list(page.items))],
		"earlier": [{**row, "signed_on": show.text(row["signed_on"])} for row in facts["earlier"]],
		"story": [_line(line, page, show) for line in _in_short(page.lines)],
		"lines": [_line(line, page, show) for line in page.lines],
		"due": show.moment(page.due),
		"zone": str(page.zone),
		"now": show.moment(page.now),
		"signature": _signature(page, show),
		"changes": [say(text) for text in page.changes],
	}


class _Shower:
	"""Shows moments in one time zone."""

	def __init__(self, zone: tzinfo) -> None:
		self.zone = zone

	def moment(self, at: datetime | date | None) -> str:
		if at is None:
			return ""
		if not isinstance(at, datetime):
			return at.isoformat()
		return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

	def second(self, at: datetime) -> str:
		return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

	def text(self, stored: str | None) -> str:
		return self.moment(datetime.fromisoformat(stored)) if stored else ""


def _clean(text: str | None) -> str:
	found: str = anonymise(text or "")
	return found.replace("\r\n", "\n").strip()


def _clock(clock: Clock, page: Page, show: _Shower) -> Json:
	kept = clock.kept(page.now)
	return {
		"name": page.translate(_CLOCKS[clock.name]),
		"due": show.moment(clock.due),
		"reached": show.moment(clock.reached),
		"took": in_words(clock.took) if clock.took is not None else "",
		"kept": kept,
		"result": _result(clock, kept, page),
	}


def _result(clock: Clock, kept: bool | None, page: Page) -> str:
	say = page.translate
	if clock.due is None:
		return say(_("No target"))
	if kept:
		return say(_("Kept"))
	if kept is None:
		return say(_("Still open"))
	late = (clock.reached or page.now) - clock.due
	if late <= timedelta(0):
		return say(_("Not kept"))
	text = say(_("{time} late")) if clock.reached else say(_("{time} late and still open"))
	return text.format(time=in_words(late))


def _impact(impact: Mapping[str, Any] | None) -> Json:
	impact = impact or {}
	return {
		"sentence": impact.get("sentence") or "",
		"groups": impact.get("groups") or [],
		"unknown": impact.get("unknown") or [],
	}


def _run(run: Mapping[str, Any], given: Mapping[str, Any], page: Page) -> Json:
	"""Show a run with the names of people, which are looked up by what was there before it was made anonymous."""
	return {
		**run,
		"requested": page.people.get(given["requested_by"], run["requested_by"] or ""),
		"approved": page.people.get(given["approved_by"], run["approved_by"] or ""),
	}


def _checks_now(said: Mapping[str, Any] | None, show: _Shower) -> Json | None:
	return {**said, "at": show.text(said["at"])} if said else None


def _item(item: Mapping[str, Any], page: Page, show: _Shower) -> Json:
	done = item.get("done_on")
	late = item["state"] in ("Open", "In Progress") and str(item["due"]) < show.moment(page.now)[:10]
	return {
		**item,
		"state": page.translate(item["state"]),
		"due": str(item["due"] or ""),
		"done_on": show.text(str(done)) if done else "",
		"late": late,
	}


def _in_short(lines: Sequence[Line]) -> list[Line]:
	"""Choose the beginning and the end of what matters, where it is too much for a short story."""
	found = key_lines(lines)
	if len(found) <= MOST_IN_SHORT:
		return found
	half = MOST_IN_SHORT // 2
	return [*found[:half], *found[-half:]]


def _line(line: Line, page: Page, show: _Shower) -> Json:
	return {
		"number": line.number,
		"at": show.second(line.at),
		"kind": page.translate(line.event),
		"detail": _clean(line.detail),
		"who": _clean(page.people.get(line.actor, line.actor)),
		"seal": line.seal[:12],
		"after": page.signature is not None and line.number > page.signature.lines,
	}


def _signature(page: Page, show: _Shower) -> Json | None:
	if page.signature is None:
		return None
	return {
		"name": page.people.get(page.signature.by, page.signature.by),
		"at": f"{show.second(page.signature.at)} ({page.signature.at.astimezone(UTC):%H:%M:%S} UTC)",
		"digest": page.signature.digest,
		"seal": page.signature.seal,
		"lines": page.signature.lines,
	}


_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def escape_markdown(text: Any) -> str:
	"""Return a text in which nothing means anything to a reader of Markdown."""
	escaped = _SPECIAL.sub(r"\\\1", str(text))
	return _LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", escaped)


def _cell(text: Any) -> str:
	"""Return a text for a cell of a table: in one line."""
	return " ".join(escape_markdown(text).split())


def _quoted(text: Any) -> str:
	"""Return a text of several lines as a quotation, each line where it was."""
	return "\n".join(f"> {line}".rstrip() + "  " for line in escape_markdown(text).split("\n"))


@lru_cache(maxsize=4)
def _template(name: str) -> Template:
	environment = Environment(
		loader=PackageLoader("recovery_console.core"),
		autoescape=name.endswith(".html"),
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	environment.filters |= {"md": escape_markdown, "cell": _cell, "quoted": _quoted}
	return environment.get_template(name)
