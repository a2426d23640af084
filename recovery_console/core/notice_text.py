"""What a notice says: short and plain, the same in a mail, in Desk, in Slack and in Telegram."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, tzinfo
from typing import Any

from recovery_console.core.finding import _
from recovery_console.core.notices import Kind
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.times import in_words

#: Puts a text into the reader's language.
Say = Callable[[str], str]
_LONGEST = 600
#: Telegram takes no more in one message, Slack cuts a little later.
LONGEST_CHAT = 3500
_COLOURS = {
	"S1": "#c0392b",
	"S2": "#d35400",
	"S3": "#b7950b",
	"S4": "#5d6d7e",
	"good": "#1e8449",
	"": "#2c3e50",
}


@dataclass(frozen=True)
class Item:
	"""One line of a section; ``link`` is empty where there is nothing to open."""

	text: str
	link: str = ""


@dataclass(frozen=True)
class Section:
	"""Lines under a heading."""

	heading: str
	items: tuple[Item, ...]


@dataclass(frozen=True)
class Message:
	"""What is told, before it takes the form that a channel needs. Free of secrets and of e-mail local parts.

	Args:
		subject: Stays the same for one incident, so that mails about it stay together.
		lead: What happened, in a sentence or two.
		state: Severity, site and time, for those who read one line only.
		sections: What, why, what to do; or the lines of a digest.
		link: Address of what it is about; empty where there is none.
		notes: Why it comes this way, or may come twice.
		colour: ``S1`` to ``S4``, ``good`` or nothing.
	"""

	subject: str
	lead: str
	state: str = ""
	sections: tuple[Section, ...] = ()
	link: str = ""
	notes: tuple[str, ...] = ()
	colour: str = ""

	def as_dict(self) -> dict[str, Any]:
		return asdict(self)

	def with_notes(self, *notes: str) -> Message:
		"""Return it with more notes; empty ones are left out."""
		return replace(self, notes=(*self.notes, *(safe(note) for note in notes if note)))


def message_from(stored: Mapping[str, Any]) -> Message:
	"""Return a message from how it was stored."""
	sections = tuple(
		Section(part["heading"], tuple(Item(**item) for item in part["items"])) for part in stored["sections"]
	)
	return Message(**{**stored, "sections": sections, "notes": tuple(stored["notes"])})


@dataclass(frozen=True)
class About:
	"""An incident, as far as notices tell of it.

	Args:
		name: Its name.
		title: The problem.
		severity: S1 to S4, with how people call it: ``S2 High``.
		site: Name of the site.
		link: Its address in Desk.
		cause: Why it is so.
		remedy: What to do.
		count: How many things are affected.
		beneath: How many other problems stand beneath it.
		opened: Since when.
		ended: When it was resolved; None while it is open.
	"""

	name: str
	title: str
	severity: str
	site: str
	link: str = ""
	cause: str = ""
	remedy: str = ""
	count: int = 0
	beneath: int = 0
	opened: datetime | None = None
	ended: datetime | None = None


def _same(text: str) -> str:
	return text


def safe(text: str, longest: int = _LONGEST) -> str:
	"""Return a text without secrets and e-mail local parts, on one line, and not too long."""
	line = " ".join(redact_text(text, personal=True).split())
	return line if len(line) <= longest else line[: longest - 1] + "…"


def clock(moment: datetime, zone: tzinfo) -> str:
	"""Show a moment as people of the site read it: ``2026-11-22 10:31 CET``."""
	return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def subject_of(about: About) -> str:
	"""Return the subject of an incident's first notice; later ones answer it."""
	return safe(f"{about.severity[:2]}: {about.title} ({about.site}, {about.name})", 200)


def incident_message(
	kind: Kind, about: About, detail: str, at: datetime, zone: tzinfo, say: Say = _same
) -> Message:
	"""Return what a notice about an incident says.

	Args:
		kind: What it tells.
		about: The incident as it stands.
		detail: What happened, in words; empty where the kind says it all.
		at: When it happened, aware.
		zone: The site's.
		say: Puts texts into the reader's language.
	"""
	sections = [Section(say(_("What")), tuple(_what(about, say)))]
	if kind not in (Kind.MITIGATED, Kind.RESOLVED):
		if about.cause:
			sections.append(Section(say(_("Why")), (Item(safe(about.cause)),)))
		if about.remedy:
			sections.append(Section(say(_("What to do")), (Item(safe(about.remedy)),)))
	return Message(
		subject=subject_of(about),
		lead=" ".join(part for part in (say(_LEADS[kind]), safe(detail), _lasted(kind, about, say)) if part),
		state=" · ".join((about.severity, about.site, about.name, clock(at, zone))),
		sections=tuple(sections),
		link=about.link,
		colour="good" if kind.is_relief else about.severity[:2],
	)


_LEADS = {
	Kind.OPENED: _("Opened: a problem was found."),
	Kind.WORSE: _("Worse: it has become more severe."),
	Kind.ESCALATED: _("Escalated: you are called because nobody has it in hand."),
	Kind.BREACHED: _("Late: a time that was promised is past."),
	Kind.ACKNOWLEDGED: _("Acknowledged: somebody is at work on it."),
	Kind.MITIGATED: _("Mitigated: people can work again. The cause is still to be removed."),
	Kind.RESOLVED: _("Resolved: the problem is gone."),
	Kind.REOPENED: _("Reopened: the problem is back."),
	Kind.REVIEW_DUE: _("Review due: the review of this incident waits for you."),
	Kind.ACTION_DUE: _("Action due: something that was agreed upon is not done yet."),
	Kind.DUTY_DUE: _("Duty due: a regular check waits for somebody."),
	Kind.TEST: _("Test: this channel works. Nothing is wrong."),
}


def _what(about: About, say: Say) -> Sequence[Item]:
	items = [Item(safe(about.title))]
	if about.count > 1:
		items.append(Item(say(_("Affected: {count}.")).format(count=about.count)))
	if about.beneath:
		items.append(
			Item(
				say(_("Problems beneath it, which are not told one by one: {count}.")).format(
					count=about.beneath
				)
			)
		)
	return items


def _lasted(kind: Kind, about: About, say: Say) -> str:
	if kind is not Kind.RESOLVED or about.opened is None or about.ended is None:
		return ""
	return say(_("It lasted {time}.")).format(time=in_words(about.ended - about.opened))


def plain_message(kind: Kind, site: str, detail: str, link: str = "", say: Say = _same) -> Message:
	"""Return what a notice says that is about no incident."""
	return Message(
		subject=safe(f"{say(_(kind.value))}: {detail or say(_('Recovery Console'))} ({site})", 200),
		lead=" ".join(part for part in (say(_LEADS[kind]), safe(detail)) if part),
		state=site,
		link=link,
		colour="good" if kind is Kind.TEST else "",
	)


@dataclass(frozen=True)
class Held:
	"""A notice that is told together with others."""

	kind: str
	subject: str
	at: datetime
	link: str = ""


def collected_message(
	held: Sequence[Held], site: str, zone: tzinfo, most: int = 40, say: Say = _same
) -> Message:
	"""Return one notice that tells of many: those of quiet hours, or more than a channel takes in an hour."""
	ordered = sorted(held, key=lambda one: one.at)
	items = [
		Item(f"{clock(one.at, zone)} · {one.kind} · {safe(one.subject, 200)}", one.link)
		for one in ordered[:most]
	]
	if len(ordered) > most:
		items.append(
			Item(say(_("And {count} more: the list of notices has them.")).format(count=len(ordered) - most))
		)
	return Message(
		subject=say(_("{count} notices in one ({site})")).format(count=len(ordered), site=site),
		lead=say(_("These were held for quiet hours, or were too many for one hour: {count}.")).format(
			count=len(ordered)
		),
		state=site,
		sections=(Section(say(_("What happened")), tuple(items)),),
	)


def as_text(message: Message) -> str:
	"""Return a message as plain text."""
	parts = [message.lead, message.state]
	for section in message.sections:
		parts.append("\n".join([f"{section.heading}:", *(f"  {item.text}" for item in section.items)]))
	parts += [message.link, *message.notes]
	return "\n\n".join(part for part in parts if part)


def as_chat(message: Message, longest: int = LONGEST_CHAT) -> str:
	"""Return a message as one post of a chat: the subject first, and cut where chats cut."""
	head, link = message.subject, message.link
	body = as_text(replace(message, link="", notes=()))
	tail = "\n\n".join(part for part in (link, *message.notes) if part)
	room = longest - len(head) - len(tail) - 6
	body = body if len(body) <= room else body[: room - 1] + "…"
	return "\n\n".join(part for part in (head, body, tail) if part)


def as_slack(message: Message) -> str:
	"""Return a message as Slack reads it: three letters have a meaning there and are written out."""
	return as_chat(message).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_html(message: Message, say: Say = _same) -> str:
	"""Return a message as the body of a mail. Every text in it is escaped."""
	colour = _COLOURS[message.colour]
	escaped = html.escape
	rows = [
		f'<div style="border-left:4px solid {colour};padding:2px 0 2px 14px;max-width:600px">',
		f'<p style="font-size:16px;font-weight:600;margin:0 0 4px">{escaped(message.lead)}</p>',
		f'<p style="color:#6b7280;font-size:13px;margin:0 0 14px">{escaped(message.state)}</p>',
	]
	for section in message.sections:
		rows.append(f'<p style="margin:0 0 2px;font-weight:600">{escaped(section.heading)}</p>')
		rows += [f'<p style="margin:0 0 4px">{_html_item(item)}</p>' for item in section.items]
		rows.append('<div style="height:10px"></div>')
	if message.link:
		rows.append(
			f'<p style="margin:6px 0 12px"><a href="{escaped(message.link)}" style="background:{colour};color:#ffffff;'
			f'padding:8px 16px;border-radius:6px;text-decoration:none;display:inline-block">{escaped(say(_("Open it")))}</a></p>'
		)
	rows += [
		f'<p style="color:#6b7280;font-size:12px;margin:0 0 4px">{escaped(note)}</p>'
		for note in message.notes
	]
	return "\n".join([*rows, "</div>"])


def _html_item(item: Item) -> str:
	text = html.escape(item.text)
	return f'<a href="{html.escape(item.link)}">{text}</a>' if item.link else text
