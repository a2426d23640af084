"""How severe an incident is, S1 to S4, and what kind it is: proposed by rules from what was found. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Severity, _
from recovery_console.core.record import dataclass

SEVERITIES = ("S1", "S2", "S3", "S4")
CATEGORIES = ("Technical", "Security", "Data Loss", "Performance", "Vendor")
#: More failed payments than these in a batch or a day are S2.
MOST_FAILED_PAYMENTS = 10
#: So many users who cannot work are many.
MANY_USERS = 10
#: Slowness that lasts longer is S2.
SLOW_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Alias:
	"""What people call a severity elsewhere.

	Args:
		name: Its name.
		from_one: On scales from P1 to P4, on which P1 is the worst.
		from_zero: On scales from P0 to P3, on which P0 is the worst.
		of_three: On scales from Severity 1 to 3; empty where these have nothing for it.
	"""

	name: str
	from_one: str
	from_zero: str
	of_three: str = ""


#: By severity. A "P1" alone is never stored: it is the worst of one scale and the second of the other.
ALIASES: Mapping[str, Alias] = {
	"S1": Alias(_("Critical"), "P1", "P0", "Sev 1"),
	"S2": Alias(_("High"), "P2", "P1", "Sev 2"),
	"S3": Alias(_("Medium"), "P3", "P2"),
	"S4": Alias(_("Low"), "P4", "P3", "Sev 3"),
}

#: Checks whose findings mean that data is gone or damaged.
DATA_LOSS = frozenset({"database.damaged_tables", "data.records_lost", "storage.missing"})
#: Those of them that are S1 even as a warning.
LOST = frozenset({"database.damaged_tables", "data.records_lost"})
#: Checks of other families whose findings are about who can get in.
SECURITY = frozenset(
	{
		"backups.exposed",
		"config.exposed",
		"portal.failed_logins",
		"portal.system_managers",
		"portal.two_factor",
	}
)
#: Confidential things that anybody can read: S2 even as a warning.
EXPOSED = frozenset({"security.public_files", "security.guest_rights", "backups.exposed", "config.exposed"})
#: Checks of other families that measure how fast the site is.
SLOWNESS = frozenset({"database.latency", "cache.latency", "database.long_queries", "database.waiting"})
#: Checks whose findings are users or visitors who wait.
PEOPLE_WAIT = frozenset(
	{"performance.requests", "performance.slow_methods", "database.latency", "cache.latency"}
)
#: Checks that count payments which failed.
FAILED_PAYMENTS = frozenset(
	{
		"integrations.uncaptured",
		"payments.requests_failed",
		"sepa.batch_failed",
		"sepa.retry_stalled",
		"sepa.returns",
	}
)
#: Checks whose subjects are people who cannot work.
SHUT_OUT = frozenset(
	{
		"portal.customers",
		"portal.disabled_users",
		"portal.locked_out",
		"portal.login_hours",
		"portal.members",
		"portal.restricted_addresses",
		"portal.roles_gone",
		"portal.two_factor_secrets",
		"portal.user_roles",
	}
)
#: Warnings that can wait: nobody is kept from working.
CAN_WAIT = frozenset(
	{
		"data.email_format",
		"data.orphaned_activity",
		"database.buffer_pool",
		"database.wasted_space",
		"email.templates",
		"performance.scaling",
		"portal.login_comfort",
		"portal.session_expiry",
	}
)
_PAYMENT_WORDS = ("payment", "sepa", "checkout", "direct_debit", "gateway")


@dataclass(frozen=True)
class Facts:
	"""What a severity is proposed from.

	Args:
		check: Id of the check.
		family: The check's family.
		gravity: Severity of the finding.
		count: How many things are affected.
		subjects: Names of some of them.
		lasts: For how long it has been seen.
	"""

	check: str
	family: str
	gravity: str
	count: int = 1
	subjects: tuple[str, ...] = ()
	lasts: timedelta = timedelta(0)

	@classmethod
	def of(
		cls, check: str, family: str, finding: Mapping[str, Any], lasts: timedelta = timedelta(0)
	) -> Facts:
		"""Read them from a finding as a report holds it."""
		names = tuple(str(subject["name"]) for subject in finding.get("subjects") or ())
		return cls(check, family, finding["severity"], int(finding["count"]), names, lasts)


@dataclass(frozen=True)
class Proposal:
	"""A severity, and why."""

	severity: str
	reason: str


def deserves_incident(gravity: str) -> bool:
	"""Tell whether a finding is more than information."""
	return gravity in (Severity.WARNING, Severity.CRITICAL)


def propose(facts: Facts) -> Proposal:
	"""Return the severity that a finding deserves: the gravest that any rule gives it.

	Without configuration or database nobody can work at all. Data loss and breaches are S1, more than
	`MOST_FAILED_PAYMENTS` failed payments S2, and so is slowness that lasts or that touches payments.
	"""
	found = [proposal for rule in _RULES if (proposal := rule(facts)) is not None]
	return min([*found, _plainly(facts)] if found else [_least(facts)], key=lambda each: each.severity)


def gravest(proposals: Iterable[Proposal]) -> Proposal:
	"""Return the first of the gravest of several proposals."""
	return min(proposals, key=lambda each: each.severity)


def _plainly(facts: Facts) -> Proposal:
	if facts.gravity != Severity.CRITICAL:
		return Proposal("S3", _("It is a warning."))
	if facts.family in ("config", "database"):
		return Proposal("S1", _("Without configuration or database nobody can work."))
	return Proposal("S2", _("It is critical."))


def _least(facts: Facts) -> Proposal:
	"""Return what holds where no rule makes it worse: a warning may be one that can wait."""
	if facts.gravity == Severity.WARNING and facts.check in CAN_WAIT:
		return Proposal("S4", _("Nobody is kept from working."))
	if facts.gravity == Severity.WARNING and facts.check in SHUT_OUT and facts.count == 1:
		return Proposal("S4", _("A single user is affected."))
	return _plainly(facts)


def _lost(facts: Facts) -> Proposal | None:
	if facts.check in LOST:
		return Proposal("S1", _("Data is lost or damaged."))
	return None


def _open_to_others(facts: Facts) -> Proposal | None:
	if facts.gravity == Severity.CRITICAL and category(facts.check, facts.family) == "Security":
		return Proposal("S1", _("Others may get at data of this site."))
	if facts.check in EXPOSED:
		return Proposal("S2", _("Others may get at data of this site."))
	return None


def _payments(facts: Facts) -> Proposal | None:
	if facts.check in FAILED_PAYMENTS and facts.count > MOST_FAILED_PAYMENTS:
		text = _("More than {most} payments failed.")
		return Proposal("S2", text.format(most=MOST_FAILED_PAYMENTS))
	return None


def _slow(facts: Facts) -> Proposal | None:
	if facts.check not in PEOPLE_WAIT:
		return None
	if facts.lasts > SLOW_FOR:
		return Proposal(
			"S2", _("It has been slow for more than {minutes} min.").format(minutes=_minutes(SLOW_FOR))
		)
	if any(word in name.casefold() for name in facts.subjects for word in _PAYMENT_WORDS):
		return Proposal("S2", _("It is slow where payments are made."))
	return None


def _many_users(facts: Facts) -> Proposal | None:
	if facts.check in SHUT_OUT and facts.count >= MANY_USERS:
		return Proposal("S2", _("{count} users are affected.").format(count=facts.count))
	return None


def _minutes(duration: timedelta) -> int:
	return int(duration / timedelta(minutes=1))


_RULES: tuple[Callable[[Facts], Proposal | None], ...] = (
	_lost,
	_open_to_others,
	_payments,
	_slow,
	_many_users,
)


def category(check: str, family: str) -> str:
	"""Return what kind of incident a finding makes, one of `CATEGORIES`: it decides who is called."""
	if check in DATA_LOSS:
		return "Data Loss"
	if family == "security" or check in SECURITY:
		return "Security"
	if family == "performance" or check in SLOWNESS:
		return "Performance"
	return "Vendor" if family == "integrations" else "Technical"


def in_full(severity: str) -> str:
	"""Return a severity with what it is called elsewhere, each with its scale."""
	alias = ALIASES[severity]
	text = _("{severity} {name}: {from_one} on a scale from P1 to P4, {from_zero} on one from P0 to P3")
	said = text.format(severity=severity, name=alias.name, from_one=alias.from_one, from_zero=alias.from_zero)
	return f"{said}, {alias.of_three}" if alias.of_three else said


def parse_severity(text: str) -> str:
	"""Return a severity as it was typed, such as ``s2`` or ``S2``.

	Raises:
		UsageError: It is none. A P1 is refused: it is the worst of one scale and the second of another.
	"""
	found = text.strip().upper()
	if found in SEVERITIES:
		return found
	meant = [
		f"{severity} ({alias.name})"
		for severity, alias in ALIASES.items()
		if found in (alias.from_one, alias.from_zero)
	]
	if meant:
		message = _("{text} may mean {meant}: there are two scales.")
		raise UsageError(
			message.format(text=found, meant=_(" or ").join(meant)), remedy=_("Say S1, S2, S3 or S4.")
		)
	raise UsageError(
		_("{text} is no severity.").format(text=repr(text)),
		remedy=_("Say S1, S2, S3 or S4: S1 is the worst."),
	)
