"""Why? One question about one subject, answered by a chain of steps, and what would help.

A troubleshooter is a class alone in its file: in ``core/whys`` where it needs no Frappe, else in ``in_site/why``. Its
steps are its methods marked with ``asks``, in the order in which they stand.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from recovery_console.core import thresholds
from recovery_console.core.answering import Answer, Repair, Step, Verdict, as_text, filled, literal
from recovery_console.core.causes import causes_first, link_causes
from recovery_console.core.errors import ConsoleError, NotApplicable, SourceUnavailable, UsageError
from recovery_console.core.extensions import checks_for
from recovery_console.core.finding import MOST_SUBJECTS, Finding, Severity, Subject, _
from recovery_console.core.knowledge import Match, explain, site_errors, switched_off
from recovery_console.core.record import dataclass
from recovery_console.core.runbooks.answers import for_error, for_finding
from recovery_console.core.runner import CheckResult, run_checks
from recovery_console.core.site import Site

__all__ = [
	"Answer",
	"Given",
	"Repair",
	"Step",
	"Verdict",
	"Why",
	"as_text",
	"asks",
	"filled",
	"literal",
	"needs_frappe",
	"run",
]

logger = logging.getLogger(__name__)

#: What is given to a troubleshooter is a name; nothing longer is one.
LONGEST_NAME = 500
#: So many runbooks of one step are offered.
MOST_REPAIRS = 3
Method = TypeVar("Method", bound="Callable[..., Step]")


@dataclass(frozen=True)
class Given:
	"""What a troubleshooter must, or may, be told.

	Args:
		name: Its name.
		title: Its name for readers.
		required: It must be told.
		doctype: It names a document of this DocType.
		doctype_in: It names a document of the DocType that this other one names.
		choices: It is one of these; the first is what is taken where nothing is given.
		hint: What may be given.
	"""

	name: str
	title: str
	required: bool = False
	doctype: str = ""
	doctype_in: str = ""
	choices: tuple[str, ...] = ()
	hint: str = ""

	def as_dict(self) -> dict[str, Any]:
		return {
			"name": self.name,
			"title": self.title,
			"required": self.required,
			"doctype": self.doctype,
			"doctype_in": self.doctype_in,
			"choices": list(self.choices),
			"hint": self.hint,
		}


def asks(question: str) -> Callable[[Method], Method]:
	"""Mark a method as a step of a troubleshooter.

	Args:
		question: What it asks; *yes* means that nothing stands in the way.
	"""

	def marked(method: Method) -> Method:
		method.__dict__["question"] = question
		return method

	return marked


class Why:
	"""A troubleshooter: one question about one subject.

	Attributes:
		id: What it is called on the command line.
		title: The question for lists.
		question: The question, with what is given filled in.
		takes: What it is told.
		healthy: The sentence where nothing stands in the way.
	"""

	id: ClassVar[str] = ""
	title: ClassVar[str] = ""
	question: ClassVar[str] = ""
	takes: ClassVar[tuple[Given, ...]] = ()
	healthy: str = _("Nothing stands in the way.")

	def __init__(self, site: Site, given: Mapping[str, str]) -> None:
		self.site = site
		self.given = dict(given)
		self.asked: list[Step] = []

	@property
	def found(self) -> bool:
		"""Whether a step before this one found something in the way."""
		return any(step.verdict is Verdict.BLOCKED for step in self.asked)

	@classmethod
	def subjects_of(cls, given: Mapping[str, str], _site: Site) -> list[Subject]:
		"""Return the documents that are asked about; whoever asks must be allowed to read each.

		One without a name stands for the DocType as a whole.
		"""
		return [
			Subject(doctype, given[item.name])
			for item in cls.takes
			if (doctype := item.doctype or given.get(item.doctype_in, ""))
			and given.get(item.name)
			and item.doctype != "DocType"
		]

	@classmethod
	def read(cls, given: Mapping[str, Any]) -> dict[str, str]:
		"""Return what is given, in order, or refuse it.

		Raises:
			UsageError: Something is unknown, missing, too long, or none of its choices.
		"""
		known = {item.name: item for item in cls.takes}
		unknown = sorted(set(given) - set(known))
		if unknown:
			raise UsageError(
				_("The question {0} takes no {1}.").format(cls.id, unknown[0][:80]),
				remedy=_("It takes: {0}.").format(", ".join(known)),
			)
		return {name: _value(cls.id, item, given.get(name)) for name, item in known.items()}

	def answer(self) -> Answer:
		"""Ask one step after the other."""
		steps: list[Step] = []
		self.asked = steps
		for name, method in self.steps():
			step = self._asked(method, after_unknown=any(each.verdict is Verdict.UNKNOWN for each in steps))
			steps.append(replace(step, id=name, question=step.question or method.__dict__["question"]))
			if step.ends:
				break
		return Answer(self.id, self.question, self.site.name, tuple(steps), self.healthy, self.given)

	@classmethod
	def steps(cls) -> list[tuple[str, Callable[[Any], Step]]]:
		"""Return the methods that are steps, in order; those of a class that it builds on come first."""
		return [
			(name, value)
			for kind in reversed(cls.__mro__)
			for name, value in vars(kind).items()
			if callable(value) and "question" in getattr(value, "__dict__", {})
		]

	def _asked(self, method: Callable[[Any], Step], *, after_unknown: bool) -> Step:
		"""Ask one step. Whatever goes wrong in it becomes ``unknown``: nothing fails open."""
		try:
			return method(self)
		except NotApplicable as error:
			return Step(Verdict.SKIPPED, literal(error.reason))
		except SourceUnavailable as error:
			return Step(Verdict.UNKNOWN, literal(error.reason), literal(error.remedy))
		except Exception as error:
			if after_unknown and isinstance(error, AttributeError):
				return Step(
					Verdict.UNKNOWN, _("It could not be asked, because a step before could not look.")
				)
			logger.exception("A step of %s failed", self.id)
			text = _("The step itself failed: {error}.")
			remedy = _("This is a fault of the console: please report this sentence.")
			evidence = {"error": f"{type(error).__name__}: {error}"}
			return Step(Verdict.UNKNOWN, text, remedy, evidence)

	# -- what steps are made of

	def when(self, value: Any) -> str:
		"""Return a time from the database for a sentence, in the site's own time; ``?`` where there is none."""
		found = self.site.moment(value)
		return f"{self.site.db_time(found):%Y-%m-%d %H:%M}" if found else "?"

	def ok(self, answer: str, *, subjects: Iterable[tuple[str, str]] = (), **evidence: Any) -> Step:
		"""Say that nothing stands in the way here."""
		return Step(Verdict.OK, answer, evidence=evidence, subjects=_subjects(subjects))

	def skipped(self, answer: str, *, ends: bool = False, **evidence: Any) -> Step:
		"""Say that this does not apply."""
		return Step(Verdict.SKIPPED, answer, evidence=evidence, ends=ends)

	def unknown(self, answer: str, remedy: str = "", **evidence: Any) -> Step:
		"""Say that this could not be told."""
		return Step(Verdict.UNKNOWN, answer, remedy, evidence)

	def blocked(
		self,
		answer: str,
		remedy: str = "",
		*,
		repairs: Sequence[Repair] = (),
		subjects: Iterable[tuple[str, str]] = (),
		ends: bool = False,
		**evidence: Any,
	) -> Step:
		"""Say what stands in the way."""
		return Step(Verdict.BLOCKED, answer, remedy, evidence, _subjects(subjects), tuple(repairs), ends)

	def by_checks(self, *ids: str, ok: str, about: Subject | None = None) -> Step:
		"""Answer a step by checks: blocked by their first finding that is no mere information.

		Args:
			*ids: The checks.
			ok: What to say where they find nothing.
			about: Only what they find about this one counts, and not what they find about others of its kind.
		"""
		results = run(self.site, ids)
		findings = causes_first(
			[
				finding
				for result in results
				for finding in result.findings
				if finding.severity is not Severity.INFO and _concerns(finding, about)
			]
		)
		if findings:
			first = findings[0]
			evidence = {**first.evidence, "count": first.count}
			if len(findings) > 1:
				evidence["found_as_well"] = [item.render(item.title) for item in findings[1:]]
			repairs = [Repair(name) for name in for_finding(first.fingerprint)[:MOST_REPAIRS]]
			return Step(Verdict.BLOCKED, first.title, first.remedy, evidence, first.subjects, tuple(repairs))
		silent = next((result for result in results if result.status.value == "unknown"), None)
		if silent is not None:
			return self.unknown(literal(silent.reason or ""), literal(silent.remedy))
		if results and all(result.status.value == "skipped" for result in results):
			return self.skipped(literal(results[0].reason or ""))
		return self.ok(ok, looked_at=[result.check.title for result in results])

	def known_error(self, text: str) -> Match | None:
		"""Return the known error that explains a text best: the site's own, or one that comes with the console."""
		extra, without = self.site.remember(
			"why.errors", lambda: (tuple(site_errors(self.site)), switched_off(self.site))
		)
		matches = explain(text, extra=extra, without=without, limit=1).matches
		return matches[0] if matches else None

	def explained(self, text: str) -> tuple[dict[str, Any], list[Repair]]:
		"""Return what is known about an error text as evidence, and the runbooks that answer it."""
		match = self.known_error(text)
		if match is None:
			return {}, []
		known = {"known_error": match.error.id, "meaning": match.error.title, "what_to_do": match.error.fix}
		return known, [Repair(name) for name in for_error(match.error.id)[:MOST_REPAIRS]]


def run(site: Site, ids: Sequence[str]) -> list[CheckResult]:
	"""Run checks by id with the site's thresholds; those of them that there are."""
	known = checks_for(site)
	overrides: dict[tuple[str, str], str] = {}
	with contextlib.suppress(SourceUnavailable):  # the checks say themselves that they could not look
		overrides = site.remember("why.thresholds", lambda: thresholds.read_overrides(site))
	return link_causes(
		run_checks(site, [thresholds.build(known[name], overrides) for name in ids if name in known])
	)


def _concerns(finding: Finding, about: Subject | None) -> bool:
	"""Tell whether a finding is about one subject; one that names as many as it can may be."""
	if about is None or len(finding.subjects) >= MOST_SUBJECTS:
		return True
	return about in finding.subjects or all(each.doctype != about.doctype for each in finding.subjects)


def _subjects(named: Iterable[tuple[str, str]]) -> tuple[Subject, ...]:
	return tuple(Subject(*each) for each in named)


def _value(owner: str, item: Given, value: Any) -> str:
	text = str(value if value is not None else "").strip() or (item.choices[0] if item.choices else "")
	if item.required and not text:
		raise UsageError(
			_("The question {0} must be told: {1}.").format(owner, item.title),
			remedy=item.hint or _("Give it."),
		)
	if len(text) > LONGEST_NAME:
		raise UsageError(
			_("{0} is too long.").format(item.title), remedy=_("Give a name of at most 500 characters.")
		)
	if item.choices and text not in item.choices:
		raise UsageError(
			_("{0} is none of what {1} may be.").format(text, item.title),
			remedy=_("Give one of: {0}.").format(", ".join(item.choices)),
		)
	return text


def needs_frappe(question: str, instead: Sequence[str]) -> ConsoleError:
	"""Return the error for a troubleshooter that cannot work here: it says what to do instead.

	Args:
		question: Its id.
		instead: Ids of checks that help.
	"""
	checks = " ".join(f"--check {name}" for name in instead)
	return UsageError(
		_("The question {0} can be asked inside the site only: Frappe works out the permissions.").format(
			question
		),
		remedy=_(
			"Ask there: bench --site SITE recovery why {0} …; or look from here with: diagnose {1}"
		).format(question, checks),
	)
