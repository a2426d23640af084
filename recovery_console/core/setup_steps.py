"""The first five minutes with the console: what is set up, what is missing, and why it matters."""

from __future__ import annotations

from recovery_console.core.finding import _
from recovery_console.core.record import dataclass


@dataclass(frozen=True)
class SetUp:
	"""What of a site is set up, as far as a person has to see to it.

	Args:
		looked: Somebody or something has looked at the site.
		scheduled: A snapshot was taken by the scheduler.
		contacts: How many people can be called who can be reached.
		channels: How many ways of telling are enabled and were tried.
		untried: How many are enabled and were not.
		operators: How many people besides Administrator hold a role of the console or are System Manager.
		collects: The site has tables of direct debits.
		profile: A SEPA profile fits it.
		heartbeat: A watchman elsewhere is called.
	"""

	looked: bool = False
	scheduled: bool = False
	contacts: int = 0
	channels: int = 0
	untried: int = 0
	operators: int = 0
	collects: bool = False
	profile: bool = False
	heartbeat: bool = False


@dataclass(frozen=True)
class Step:
	"""One thing to see to.

	Args:
		id: Its name in programs.
		title: What to do.
		why: What it is good for, or what is still missing of it.
		done: It is.
		needed: Without it the console cannot help in an emergency; the others are worth having.
	"""

	id: str
	title: str
	why: str
	done: bool
	needed: bool = True


def steps(site: SetUp) -> list[Step]:
	"""Return the steps of a site, in the order in which they are best taken."""
	found = [
		Step(
			"diagnosis",
			_("Look at the site for the first time"),
			_("It only reads, and takes up to half a minute."),
			site.looked,
		),
		Step(
			"contacts",
			_("Say whom to call"),
			_("Name, phone and mail of who answers first, and of who decides when that person does not."),
			site.contacts > 0,
		),
		Step("channel", _("Choose how people are told"), _channel_text(site), site.channels > 0),
		Step(
			"people",
			_("Give a second person a role"),
			_("What cannot be taken back needs two people: one who asks and one who agrees."),
			site.operators > 1,
		),
	]
	if site.collects:
		found.append(
			Step(
				"sepa",
				_("Say where mandates and batches are kept"),
				_(
					"A SEPA profile names the DocTypes of your direct debits. None of those that come with the console fits."
				),
				site.profile,
			)
		)
	found += [
		Step(
			"scheduled",
			_("Let the scheduler look every hour"),
			_(
				"It does so by itself once scheduler and workers run. Until it has, nobody is told of what breaks at night."
			),
			site.scheduled,
		),
		Step(
			"heartbeat",
			_("Have a watchman elsewhere"),
			_("A site that is down cannot say so. A heartbeat that stays away can."),
			site.heartbeat,
			needed=False,
		),
	]
	return found


def is_ready(found: list[Step]) -> bool:
	"""Tell whether all that an emergency needs is set up."""
	return all(step.done for step in found if step.needed)


def _channel_text(site: SetUp) -> str:
	if site.untried and not site.channels:
		return _("One is there, and was never tried. Open it and press Send a Test.")
	return _("By mail, in Desk, by chat or by a call to another system. Try it once: then it counts.")
