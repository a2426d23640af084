"""Whom and what an incident affects, in the words of the business: users, members, invoices, money, mails."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from recovery_console.core.errors import ConsoleError, NotApplicable, SourceUnavailable
from recovery_console.core.extensions import checks_for
from recovery_console.core.finding import Finding, Severity, Subject, _, naming
from recovery_console.core.impact_links import Reached, follow_links, waiting
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact
from recovery_console.core.site import Site
from recovery_console.core.thresholds import build, read_overrides

VERSION = 1
#: Of one problem no more subjects are looked up one by one; beyond that their number is known, not their names.
MOST_NAMES = 5000
#: An incident with more findings than these has its impact computed from the first.
MOST_FINDINGS = 10
SAMPLES = 20
#: How long it may take altogether.
DEADLINE = timedelta(seconds=8)

#: Findings that keep everybody from working.
_STOPS_ALL = frozenset({"database.reachable", "config.readable", "config.apps_installed"})

#: DocType -> what its documents are to the business. What a SEPA profile calls them comes first.
KINDS = {
	"User": "users",
	"Customer": "customers",
	"Sales Invoice": "invoices",
	"Purchase Invoice": "invoices",
	"Payment Entry": "payments",
	"Bank Transaction": "bank_lines",
	"Email Queue": "mails",
	"Data Import": "imports",
	"Bank Statement Import": "imports",
	"RQ Job": "jobs",
}
#: Kind -> how one and how many of it are called, in the order in which a sentence tells them.
_WORDS = {
	"users": (_("1 user"), _("{count} users")),
	"members": (_("1 member"), _("{count} members")),
	"customers": (_("1 customer"), _("{count} customers")),
	"mandates": (_("1 mandate"), _("{count} mandates")),
	"invoices": (_("1 invoice"), _("{count} invoices")),
	"batches": (_("1 direct debit batch"), _("{count} direct debit batches")),
	"payments": (_("1 payment"), _("{count} payments")),
	"bank_lines": (_("1 bank line"), _("{count} bank lines")),
	"mails": (_("1 mail"), _("{count} mails")),
	"imports": (_("1 import"), _("{count} imports")),
	"jobs": (_("1 background job"), _("{count} background jobs")),
	"others": (_("1 other document"), _("{count} other documents")),
}
#: Subjects that have a table and are no business of anybody.
_TECHNICAL = frozenset({"DocType", "Patch Log", "Scheduled Job Type", "Error Log", "Singles", "Check"})


@dataclass(frozen=True)
class Group:
	"""Affected things of one DocType.

	Args:
		kind: What they are to the business, one of the words of this module.
		doctype: Their DocType.
		count: How many.
		exact: All of them are counted; otherwise there are at least so many.
		through: No finding names them: they hang on what findings name.
		amounts: What they come to, by currency.
		samples: Names of the first of them.
	"""

	kind: str
	doctype: str
	count: int
	exact: bool = True
	through: bool = False
	amounts: Mapping[str, Decimal] = field(default_factory=dict)
	samples: tuple[str, ...] = ()

	def as_dict(self) -> dict[str, Any]:
		return {
			"kind": self.kind,
			"doctype": self.doctype,
			"count": self.count,
			"exact": self.exact,
			"through": self.through,
			"amounts": {currency: str(amount) for currency, amount in self.amounts.items()},
			"samples": list(self.samples),
		}


@dataclass(frozen=True)
class Impact:
	"""What an incident affects.

	Args:
		groups: What, in the order in which it is told.
		everybody: Nobody can work on the site.
		erpnext: The site keeps its books with ERPNext.
		profiles: SEPA profiles that say what is a member, a mandate, a batch here.
		unknown: What could not be looked up, and why.
	"""

	groups: tuple[Group, ...] = ()
	everybody: bool = False
	erpnext: bool = False
	profiles: tuple[str, ...] = ()
	unknown: tuple[str, ...] = ()

	@property
	def sentence(self) -> str:
		"""All of it in one plain sentence, such as ``31 members, 1,204.50 EUR in 12 invoices, 40 mails``."""
		parts = [_("Everybody: nobody can work on the site")] if self.everybody else []
		parts += _parts(self.groups)
		if not parts and self.unknown:
			return _("Not known: {why}").format(why=self.unknown[0])
		text = ", ".join(parts) or _("No user, customer or document is named by what was found.")
		return _("{text} (not all could be looked up)").format(text=text) if self.unknown else text

	def as_dict(self) -> dict[str, Any]:
		"""Return it fit for JSON, redacted. Of people and companies it holds names of documents and nothing else."""
		stored: dict[str, Any] = redact(
			{
				"version": VERSION,
				"sentence": self.sentence,
				"everybody": self.everybody,
				"erpnext": self.erpnext,
				"profiles": list(self.profiles),
				"groups": [group.as_dict() for group in self.groups],
				"unknown": list(self.unknown),
			}
		)
		return stored


def sentence_of(stored: str | Mapping[str, Any] | None) -> str:
	"""Return the sentence of an impact as an incident stores it; empty where none was computed."""
	return str(read(stored).get("sentence") or "")


def read(stored: str | Mapping[str, Any] | None) -> dict[str, Any]:
	"""Return an impact as an incident stores it; empty where there is none that can be read."""
	if isinstance(stored, str):
		try:
			stored = json.loads(stored or "{}")
		except ValueError:
			stored = {}
	return dict(stored) if isinstance(stored, Mapping) else {}


def assess(
	site: Site,
	findings: Sequence[Mapping[str, Any]],
	*,
	deadline: timedelta = DEADLINE,
	monotonic: Callable[[], float] = time.monotonic,
) -> Impact:
	"""Work out what findings affect: their checks are asked again for all subjects, not only the first twenty.

	Reads only, by indexed names, at most ``MOST_NAMES`` per problem. What cannot be read is said, never guessed.

	Args:
		site: The site, opened.
		findings: Findings as a report holds them; the first explains the others.
		deadline: How long it may take; what is not looked up by then is said to be unknown.
		monotonic: The clock for that.
	"""
	until = monotonic() + deadline.total_seconds()
	unknown: list[str] = []
	named: dict[str, Reached] = {}
	for finding in findings[:MOST_FINDINGS]:
		_add(named, _subjects(site, finding, unknown, late=monotonic() > until))
	stops_all = [finding for finding in findings if _check_of(finding) in _STOPS_ALL]
	everybody = any(finding["severity"] == Severity.CRITICAL for finding in stops_all)
	if len(findings) > MOST_FINDINGS:
		unknown.append(
			_("{count} further findings were not looked up.").format(count=len(findings) - MOST_FINDINGS)
		)
	try:
		return _reached(site, findings, named, unknown, everybody=everybody, late=monotonic() > until)
	except SourceUnavailable as error:
		groups = [_group(doctype, reached, {}) for doctype, reached in named.items() if doctype in KINDS]
		return Impact(_in_order(groups), everybody, unknown=tuple(dict.fromkeys([*unknown, error.reason])))


def _reached(
	site: Site,
	findings: Sequence[Mapping[str, Any]],
	named: dict[str, Reached],
	unknown: list[str],
	*,
	everybody: bool,
	late: bool,
) -> Impact:
	known = {
		doctype: reached
		for doctype, reached in named.items()
		if doctype == "RQ Job" or (doctype not in _TECHNICAL and site.has_doctype(doctype))
	}
	families = {_check_of(finding).partition(".")[0] for finding in findings}
	for doctype, reached in waiting(site, families, unknown).items():
		known.setdefault(doctype, reached)
	kinds = dict(KINDS)
	profiles: tuple[str, ...] = ()
	if late:
		unknown.append(_("There was no time left to follow links and add up amounts."))
	else:
		linked = follow_links(site, known, MOST_NAMES)
		known, profiles = linked.reached, linked.profiles
		kinds = {**KINDS, **linked.kinds}
	groups = [_group(doctype, reached, kinds) for doctype, reached in known.items() if reached.number]
	return Impact(
		_in_order(groups),
		everybody,
		erpnext=site.has_doctype("Sales Invoice"),
		profiles=tuple(profiles),
		unknown=tuple(dict.fromkeys(unknown)),
	)


def _subjects(site: Site, finding: Mapping[str, Any], unknown: list[str], *, late: bool) -> Finding:
	"""Return a finding with all of its subjects where its check still makes it, else as the report holds it."""
	stored = Finding(
		fingerprint=str(finding["fingerprint"]),
		severity=Severity(finding["severity"]),
		title="",
		count=int(finding["count"]),
		subjects=tuple(Subject(str(item["doctype"]), str(item["name"])) for item in finding["subjects"]),
	)
	if stored.count <= len(stored.subjects) or not stored.subjects:
		return stored
	check = checks_for(site).get(_check_of(finding))
	if check is None or late:
		return stored
	try:
		with naming(MOST_NAMES):
			for found in build(check, read_overrides(site)).run(site):
				if isinstance(found, Finding) and found.fingerprint == stored.fingerprint:
					return found
	except NotApplicable:
		pass
	except ConsoleError as error:
		unknown.append(error.message)
	return stored


def _check_of(finding: Mapping[str, Any]) -> str:
	return str(finding["fingerprint"]).partition(":")[0]


def _add(named: dict[str, Reached], finding: Finding) -> None:
	"""Add a finding's subjects to what is affected, each document once."""
	by_doctype: dict[str, list[str]] = {}
	for subject in finding.subjects:
		by_doctype.setdefault(subject.doctype, []).append(subject.name)
	rest = max(0, finding.count - len(finding.subjects))
	for doctype, names in by_doctype.items():
		reached = named.setdefault(doctype, Reached())
		# Where all are of one DocType so are those that are not named; else nobody knows of which they are.
		reached.add(names, rest if len(by_doctype) == 1 else 0, whole=not rest)


def _group(doctype: str, reached: Reached, kinds: Mapping[str, str]) -> Group:
	return Group(
		kind=kinds.get(doctype, KINDS.get(doctype, "others")),
		doctype=doctype,
		count=reached.number,
		exact=reached.exact,
		through=reached.through,
		amounts=reached.amounts,
		samples=tuple(sorted(reached.names)[:SAMPLES]),
	)


def _in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
	order = list(_WORDS)
	return tuple(
		sorted(
			groups, key=lambda group: (order.index(group.kind), group.through, -group.count, group.doctype)
		)
	)


def _parts(groups: Sequence[Group]) -> list[str]:
	"""Return what a sentence tells: each kind once, customers only where they are not members as well."""
	kinds = {group.kind for group in groups}
	parts = []
	for kind, words in _WORDS.items():
		own = [group for group in groups if group.kind == kind]
		if not own or (kind == "customers" and "members" in kinds and all(group.through for group in own)):
			continue
		number = sum(group.count for group in own)
		text = words[0] if number == 1 else words[1].format(count=f"{number:,}")
		money = _money(own)
		if money:
			text = _("{money} in {things}").format(money=money, things=text)
		exact = all(group.exact for group in own)
		parts.append(text if exact else _("at least {things}").format(things=text))
	return parts


def _money(groups: Iterable[Group]) -> str:
	sums: dict[str, Decimal] = {}
	for group in groups:
		for currency, amount in group.amounts.items():
			sums[currency] = sums.get(currency, Decimal(0)) + amount
	return " + ".join(f"{amount:,.2f} {currency}".strip() for currency, amount in sorted(sums.items()))
