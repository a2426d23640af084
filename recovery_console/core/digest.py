"""The digest of a day or a week: what opened, what is over, what is open and late, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from statistics import median

from recovery_console.core.finding import _
from recovery_console.core.notice_text import Item, Message, Say, Section, clock, safe
from recovery_console.core.notice_times import Period
from recovery_console.core.record import dataclass
from recovery_console.core.times import in_words

#: So many lines of each kind are named; the rest is counted.
MOST = 15


@dataclass(frozen=True)
class Entry:
	"""An incident in a digest.

	Args:
		name: Its name.
		title: The problem.
		severity: S1 to S4.
		status: Where it stands.
		opened: Since when.
		acknowledged: When somebody took it on; None before that.
		resolved: When it was resolved; None while it is open.
		link: Its address.
	"""

	name: str
	title: str
	severity: str
	status: str
	opened: datetime
	acknowledged: datetime | None = None
	resolved: datetime | None = None
	link: str = ""


@dataclass(frozen=True)
class Facts:
	"""What happened in the period of a digest.

	Args:
		opened: Incidents that were opened.
		resolved: Incidents that were resolved.
		still_open: Incidents that are open now.
		late: What was not done in time, in words, with the address of the incident.
		duties: Duties that are due or overdue, in words.
		snapshots: How many snapshots were taken.
		not_told: How many notices were given up.
	"""

	opened: Sequence[Entry] = ()
	resolved: Sequence[Entry] = ()
	still_open: Sequence[Entry] = ()
	late: Sequence[Item] = ()
	duties: Sequence[Item] = ()
	snapshots: int = 0
	not_told: int = 0


def _same(text: str) -> str:
	return text


def digest_message(
	period: Period, facts: Facts, site: str, zone: tzinfo, now: datetime, say: Say = _same
) -> Message:
	"""Return the digest of a period; what is open is shown as it is now."""
	daily = period.name == "Daily"
	subject = say(_("Daily digest: {site}, {day}")) if daily else say(_("Weekly digest: {site}, {day}"))
	lead = say(_("Opened: {opened}. Resolved: {resolved}. Open now: {open}. Late: {late}."))
	sections = [
		_incidents(
			say(_("Open now")),
			sorted(facts.still_open, key=lambda one: (one.severity, one.opened)),
			now,
			say,
		),
		_incidents(say(_("Opened")), facts.opened, now, say),
		_incidents(say(_("Resolved")), facts.resolved, now, say),
		_listed(say(_("Late")), facts.late, say),
		_listed(say(_("Duties")), facts.duties, say),
		Section(say(_("Figures")), tuple(Item(text) for text in _figures(facts, say))),
	]
	return Message(
		subject=subject.format(site=site, day=period.until.astimezone(zone).date().isoformat()),
		lead=lead.format(
			opened=len(facts.opened),
			resolved=len(facts.resolved),
			open=len(facts.still_open),
			late=len(facts.late),
		),
		state=say(_("{site} · {since} to {until}")).format(
			site=site, since=clock(period.since, zone), until=clock(period.until, zone)
		),
		sections=tuple(section for section in sections if section.items),
		colour="" if facts.still_open else "good",
	)


def _incidents(heading: str, entries: Sequence[Entry], now: datetime, say: Say) -> Section:
	lines = [Item(_line(entry, now, say), entry.link) for entry in entries]
	return _listed(heading, lines, say)


def _line(entry: Entry, now: datetime, say: Say) -> str:
	text = f"{entry.severity}: {safe(entry.title, 160)} ({entry.name})"
	if entry.resolved is not None:
		return say(_("{what}, lasted {time}")).format(what=text, time=in_words(entry.resolved - entry.opened))
	return say(_("{what}, {status}, open for {time}")).format(
		what=text, status=say(entry.status), time=in_words(max(now - entry.opened, timedelta()))
	)


def _listed(heading: str, lines: Sequence[Item], say: Say) -> Section:
	items = [Item(safe(line.text), line.link) for line in lines[:MOST]]
	if len(lines) > MOST:
		items.append(Item(say(_("And {count} more.")).format(count=len(lines) - MOST)))
	return Section(heading, tuple(items))


def _figures(facts: Facts, say: Say) -> list[str]:
	found = []
	by_severity = Counter(entry.severity for entry in facts.opened)
	if by_severity:
		counted = ", ".join(f"{severity}: {count}" for severity, count in sorted(by_severity.items()))
		found.append(say(_("Opened by severity: {counted}.")).format(counted=counted))
	known = {entry.name: entry for entry in (*facts.opened, *facts.resolved, *facts.still_open)}
	answered = [one.acknowledged - one.opened for one in known.values() if one.acknowledged is not None]
	if answered:
		found.append(say(_("Acknowledged after {time} (median).")).format(time=in_words(_middle(answered))))
	lasted = [one.resolved - one.opened for one in facts.resolved if one.resolved is not None]
	if lasted:
		found.append(say(_("Resolved after {time} (median).")).format(time=in_words(_middle(lasted))))
	found.append(say(_("Snapshots taken: {count}.")).format(count=facts.snapshots))
	if facts.not_told:
		found.append(say(_("Notices that could not be sent: {count}.")).format(count=facts.not_told))
	return found


def _middle(durations: Sequence[timedelta]) -> timedelta:
	return timedelta(seconds=median(duration.total_seconds() for duration in durations))
