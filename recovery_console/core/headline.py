"""How a site is, in a sentence or two: the first thing on the page. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from recovery_console.core.finding import Severity, Status, _
from recovery_console.core.health import STALE_AFTER
from recovery_console.core.record import dataclass
from recovery_console.core.times import in_words

#: What people notice when a check is critical and something else is the cause; what hits most of them first.
EFFECTS = {
	"portal.login_page": _("Nobody can open the site"),
	"database.read_only": _("Nothing can be saved"),
	"jobs.backlog": _("Background work stands still"),
	"email.starving": _("Mail is not going out"),
	"email.login_mails": _("Mails for setting a password do not arrive"),
	"scheduler.alive": _("Nothing runs on schedule"),
	"imports.pending": _("Imports do not begin"),
	"performance.reports": _("Reports never come"),
	"email.incoming_stopped": _("No mail comes in"),
}
_PROBLEM = {
	(False, False): _("{problem}."),
	(False, True): _("{problem}, since {since}."),
	(True, False): _("{effect}. The cause: {problem}."),
	(True, True): _("{effect} since {since}. The cause: {problem}."),
}


@dataclass(frozen=True)
class Sentence:
	"""A sentence to be translated, and what is filled into it afterwards. ``effect`` is translated, too."""

	template: str
	values: Mapping[str, Any] = field(default_factory=dict)

	@property
	def text(self) -> str:
		return self.template.format(**self.values)


@dataclass(frozen=True)
class Problem:
	"""A finding that nothing explains, with what it explains.

	Args:
		title: What it is.
		severity: How bad it is.
		explains: Ids of the checks whose critical findings it explains.
		began: When it was first seen; None where no incident is open.
	"""

	title: str
	severity: Severity
	explains: Sequence[str] = ()
	began: datetime | None = None


def headline(
	status: Status | None,
	problems: Sequence[Problem],
	*,
	looked: int = 0,
	unknown: int = 0,
	age: timedelta = timedelta(0),
	now: datetime,
	local: tzinfo,
) -> list[Sentence]:
	"""Say how a site is.

	Args:
		status: Status of the newest diagnosis; None where there is none.
		problems: Its problems, the gravest first.
		looked: How many checks could look and found nothing that needs anybody.
		unknown: How many checks could not look.
		age: How old the diagnosis is.
		now: The present moment, aware.
		local: The reader's time zone, for times.
	"""
	if status is None:
		return [Sentence(_("Nobody has looked at this site yet. Run a diagnosis to see how it is."))]
	said = _of_problems([item for item in problems if item.severity is not Severity.INFO], now, local)
	if unknown:
		said.append(_unknown(unknown, alone=not said))
	elif not said:
		said.append(Sentence(_("All is well. Checks that looked: {looked}."), {"looked": looked}))
	return [_stale(age), *said] if age > STALE_AFTER else said


def _of_problems(problems: Sequence[Problem], now: datetime, local: tzinfo) -> list[Sentence]:
	if not problems:
		return []
	first = problems[0]
	effect = next((EFFECTS[check] for check in EFFECTS if check in first.explains), "")
	values: dict[str, Any] = {"problem": first.title.rstrip("."), "effect": effect}
	if first.began is not None:
		values["since"] = since_words(first.began, now, local)
	said = [Sentence(_PROBLEM[bool(effect), "since" in values], values)]
	critical = sum(item.severity is Severity.CRITICAL for item in problems[1:])
	return said + _others(critical, len(problems) - 1 - critical)


def _others(critical: int, warning: int) -> list[Sentence]:
	said = []
	if critical == 1:
		said.append(Sentence(_("One more problem is critical.")))
	elif critical:
		said.append(Sentence(_("{count} more problems are critical."), {"count": critical}))
	if warning == 1:
		said.append(Sentence(_("One more needs attention.")))
	elif warning:
		said.append(Sentence(_("{count} more need attention."), {"count": warning}))
	return said


def _unknown(count: int, *, alone: bool) -> Sentence:
	values = {"count": count}
	if alone and count == 1:
		return Sentence(_("Nothing bad was found, but one check could not look, so this is not certain."))
	if alone:
		text = _("Nothing bad was found, but {count} checks could not look, so this is not certain.")
		return Sentence(text, values)
	if count == 1:
		return Sentence(_("One check could not look."))
	return Sentence(_("{count} checks could not look."), values)


def _stale(age: timedelta) -> Sentence:
	text = _("Nobody knows how this site is now: the last look was {age} ago. Then it said:")
	return Sentence(text, {"age": in_words(age)})


def since_words(moment: datetime, now: datetime, local: tzinfo) -> str:
	"""Name a past moment as people say it: the time alone when it was today, else with its day."""
	there, today = moment.astimezone(local), now.astimezone(local)
	return f"{there:%H:%M}" if there.date() == today.date() else f"{there:%Y-%m-%d %H:%M}"
