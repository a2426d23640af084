"""Whom to call, on one page that can be read when the site cannot: beside the bench, at a shell, on paper."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from recovery_console.core.business_hours import DAY_NAMES
from recovery_console.core.contacts import ALL, TIERS, Contact
from recovery_console.core.errors import NotFoundError, OutputError
from recovery_console.core.escalation import PATHS
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.response import CLOCKS, SEVERITIES, Policy, Step

#: Where the card is kept, inside the site's folder, once as text and once as a page.
FOLDER = Path("private") / "recovery_console"
FORMS = ("text", "html")
_NAMES = {"text": "contacts.txt", "html": "contacts.html"}
_WIDTH = 100
TIER_NAMES = (
	_("Who answers first"),
	_("The technical lead"),
	_("Management"),
	_("The last resort: vendor or executive"),
)
SEVERITY_TEXTS = {
	"S1": _("Nobody can work; data are lost, damaged or in strange hands"),
	"S2": _("Users are hurt now, or money or mail is lost"),
	"S3": _("It needs attention; there is a way around it"),
	"S4": _("It can wait"),
}


@dataclass(frozen=True)
class Card:
	"""What stands on the card.

	Args:
		site: Name of the site.
		url: Where it is reached.
		bench: Folder of the bench.
		written: When the card was written, aware.
		zone: Time zone of the site.
		contacts: Everybody whom Recovery Settings list.
		managers: Who is told where nobody is listed.
		policy: How fast what is answered.
	"""

	site: str
	url: str
	bench: str
	written: datetime
	zone: tzinfo
	contacts: Sequence[Contact]
	managers: Sequence[Contact]
	policy: Policy

	@property
	def stamp(self) -> str:
		return f"{self.written.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

	@property
	def commands(self) -> tuple[tuple[str, str], ...]:
		"""What to type first when the site cannot be used, and what it does."""
		begin = f"recovery-console --bench {self.bench} --site {self.site}"
		return (
			(f"{begin} diagnose", _("Find out what is wrong. Reads only.")),
			(f"{begin} list runbooks", _("See what can be repaired.")),
			(f"{begin} incident open", _("Begin a record of it.")),
		)

	def tiers(self) -> list[tuple[str, str, list[Contact]]]:
		"""Return each tier with its name and the people on it; where nobody is listed, the managers."""
		return [
			(f"E{tier}", TIER_NAMES[tier - 1], [one for one in self.contacts if one.tier == tier])
			for tier in TIERS
		]

	def calls(self) -> list[tuple[str, str, list[str], str]]:
		"""Return each severity with what it means, its four times, and who is called when."""
		found = []
		for severity in SEVERITIES:
			times = self.policy.times[severity]
			shown = [_duration(times.of(name), times.business_hours) for name in CLOCKS]
			steps = ", ".join(_step(step) for step in self.policy.steps[severity]) or _("nobody")
			found.append((severity, SEVERITY_TEXTS[severity], shown, steps))
		return found

	@property
	def hours(self) -> str:
		"""When people work here, in words."""
		hours = self.policy.hours
		days = ", ".join(DAY_NAMES[day] for day in sorted(hours.days))
		return _("{days} from {start} to {end}").format(
			days=days, start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}"
		)


def url_of(host_name: object, site: str) -> str:
	"""Return where a site is reached, by what its configuration says.

	Args:
		host_name: ``host_name`` of its configuration; empty where there is none.
		site: Name of the site.
	"""
	name = str(host_name or site)
	return name if "://" in name else f"https://{name}"


def card_as_text(card: Card) -> str:
	"""Write the card for a terminal or a printer."""
	lines = [f"WHOM TO CALL   {card.site}   {card.url}", f"As of {card.stamp}", ""]
	for tier, name, people in card.tiers():
		lines.append(f"{tier}  {name}")
		lines += [line for person in people for line in _person(person)]
		if not people:
			lines.append("      Nobody is listed. The site's managers are told:")
			lines += [line for person in card.managers for line in _person(person)]
		lines.append("")
	lines += ["WHO IS BEHIND E2, E3 AND E4"]
	lines += [f"  {category:<12}  {', then '.join(path[1:])}" for category, path in PATHS.items()]
	lines += [
		"",
		"HOW FAST",
		f"      {'acknowledge':<18}{'work again':<18}{'cause gone':<18}{'review':<12}calls",
	]
	for severity, means, times, steps in card.calls():
		cells = "".join(f"{text:<18}" for text in times).rstrip()
		lines += [f"  {severity}  {cells}", f"      {means}.", f"      Called: {steps}."]
	lines += [f"      Working hours (wh): {card.hours}.", "", "FIRST AT A SHELL"]
	for command, what in card.commands:
		lines += [f"  {command}", f"      {what}"]
	return "\n".join(lines)


def _person(person: Contact) -> list[str]:
	ways = [person.phone, person.email, person.link, person.hours and f"reachable: {person.hours}"]
	name = person.name if person.category == ALL else f"{person.name} ({person.category})"
	return textwrap.wrap(
		f"{name}   " + "   ".join(way for way in ways if way),
		_WIDTH,
		initial_indent="      ",
		subsequent_indent="         ",
		break_long_words=False,
		break_on_hyphens=False,
	)


def _duration(duration: object, business_hours: bool) -> str:
	if duration is None:
		return "-"
	return f"{duration} wh" if business_hours else str(duration)


def _step(step: Step) -> str:
	if not step.after.amount:
		return _("E{tier} at once").format(tier=step.tier)
	return _("E{tier} after {duration}").format(
		tier=step.tier, duration=_duration(step.after, step.business_hours)
	)


def card_as_html(card: Card) -> str:
	"""Write the card as one page that prints on one sheet: no script, no network."""
	page: str = _template().render(card=card, paths=PATHS, all=ALL)
	return page


def card_path(site_path: Path, form: str) -> Path:
	"""Return where a site keeps its card."""
	return site_path / FOLDER / _NAMES[form]


def read_card(site_path: Path, form: str) -> str:
	"""Return the card of a site as it was written last.

	Raises:
		NotFoundError: None has been written.
		OutputError: It cannot be read.
	"""
	path = card_path(site_path, form)
	try:
		return path.read_text(encoding="utf-8")
	except FileNotFoundError as error:
		raise NotFoundError(
			f"This site has no contacts card: there is no {path}.",
			remedy="It is written when Recovery Settings are saved, and after bench migrate.",
		) from error
	except OSError as error:
		raise OutputError(
			f"{path} cannot be read: {error.strerror or error}.",
			remedy="Read it as the user of the bench or as root.",
		) from error


@lru_cache(maxsize=1)
def _template() -> Template:
	environment = Environment(
		loader=PackageLoader("recovery_console.core"),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	return environment.get_template("contacts.html")
