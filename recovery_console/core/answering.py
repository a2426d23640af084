"""The answer to a Why?: a chain of steps, each with what was asked, what was found, what proves it and what would help."""

from __future__ import annotations

import enum
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from recovery_console.core.finding import Subject, _
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact

VERSION = 1
_WIDTH = 100
Translate = Callable[[str], str]


class Verdict(str, enum.Enum):
	"""What a step found: nothing in the way, what stands in the way, or that it could not look or does not apply."""

	OK = "ok"
	BLOCKED = "blocked"
	UNKNOWN = "unknown"
	SKIPPED = "skipped"

	__str__ = str.__str__


MARKS = {Verdict.OK: "✓", Verdict.BLOCKED: "✗", Verdict.UNKNOWN: "?", Verdict.SKIPPED: "-"}


@dataclass(frozen=True)
class Repair:
	"""A runbook that would help, and what to tell it."""

	runbook: str
	parameters: Mapping[str, Any] = field(default_factory=dict)

	def as_dict(self) -> dict[str, Any]:
		return {"runbook": self.runbook, "parameters": dict(self.parameters)}


@dataclass(frozen=True)
class Step:
	"""One step of an answer.

	Texts are templates, as those of a finding are: the names in ``evidence`` are filled in when they are shown.

	Args:
		verdict: What it found.
		answer: That, in one sentence.
		remedy: What the reader can do about it.
		evidence: What proves it.
		subjects: What to open.
		repairs: What would help, best first.
		ends: Nothing after it makes sense.
		id: Name of the step in its troubleshooter.
		question: What it asked.
	"""

	verdict: Verdict
	answer: str
	remedy: str = ""
	evidence: Mapping[str, Any] = field(default_factory=dict)
	subjects: tuple[Subject, ...] = ()
	repairs: tuple[Repair, ...] = ()
	ends: bool = False
	id: str = ""
	question: str = ""

	def as_dict(self, translate: Translate) -> dict[str, Any]:
		return {
			"id": self.id,
			"question": translate(self.question),
			"verdict": self.verdict.value,
			"answer": filled(translate(self.answer), self.evidence),
			"remedy": filled(translate(self.remedy), self.evidence) if self.remedy else "",
			"evidence": dict(self.evidence),
			"subjects": [subject.as_dict() for subject in self.subjects],
			"repairs": [repair.as_dict() for repair in self.repairs],
		}


@dataclass(frozen=True)
class Answer:
	"""The answer to one question.

	Args:
		why: Id of the troubleshooter.
		question: The question, filled in.
		site: Name of the site.
		steps: The steps, in their order.
		healthy: What to say where nothing stands in the way.
	"""

	why: str
	question: str
	site: str
	steps: tuple[Step, ...]
	healthy: str
	given: Mapping[str, str] = field(default_factory=dict)

	@property
	def cause(self) -> Step | None:
		"""The first step that found something in the way."""
		return next((step for step in self.steps if step.verdict is Verdict.BLOCKED), None)

	@property
	def verdict(self) -> Verdict:
		"""What it comes to: ``unknown`` where nothing was found but a step could not look."""
		verdicts = {step.verdict for step in self.steps}
		loudest = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.OK)
		return next((each for each in loudest if each in verdicts), Verdict.SKIPPED)

	@property
	def repairs(self) -> list[Repair]:
		"""What would help: the repairs of all that stands in the way, each once, the cause's first."""
		found: list[Repair] = []
		for step in self.steps:
			if step.verdict is Verdict.BLOCKED:
				found += [repair for repair in step.repairs if repair not in found]
		told = {repair.runbook for repair in found if repair.parameters}
		return [repair for repair in found if repair.parameters or repair.runbook not in told]

	def sentence(self, translate: Translate = str) -> str:
		"""Say in one sentence what it comes to."""
		if self.cause is not None:
			return _as_cause(filled(translate(self.cause.answer), self.cause.evidence), translate(_("No")))
		if self.verdict is Verdict.UNKNOWN:
			number = sum(step.verdict is Verdict.UNKNOWN for step in self.steps)
			return translate(
				_("Nothing that could be looked at stands in the way; {count} of the steps could not look.")
			).format(count=number)
		if self.verdict is Verdict.SKIPPED:
			return filled(translate(self.steps[-1].answer), self.steps[-1].evidence)
		return filled(translate(self.healthy), self.given)

	def as_dict(self, translate: Translate = str) -> dict[str, Any]:
		"""Return the answer fit for JSON, redacted.

		Args:
			translate: Puts a template into the reader's language.
		"""
		answer: dict[str, Any] = redact(
			{
				"version": VERSION,
				"why": self.why,
				"site": self.site,
				"question": _asked_about(filled(translate(self.question), self.given)),
				"verdict": self.verdict.value,
				"sentence": self.sentence(translate),
				"steps": [step.as_dict(translate) for step in self.steps],
				"repairs": [repair.as_dict() for repair in self.repairs],
			}
		)
		return answer


def filled(template: str, evidence: Mapping[str, Any]) -> str:
	"""Fill values into a template; a name that is missing shows as itself."""
	return template.format_map(_Filling(evidence))


def _as_cause(answer: str, no: str) -> str:
	"""Return the answer of a step as the cause: without the *No* with which it answers its question."""
	rest = answer.removeprefix(f"{no}: ")
	begins = rest.partition(" ")[0]
	return rest[:1].upper() + rest[1:] if rest != answer and begins.isalpha() else rest


def _asked_about(question: str) -> str:
	"""Return a question without the gap that something left out leaves."""
	return question.replace(" ?", "?").replace("  ", " ")


def literal(text: str) -> str:
	"""Return a text that is no template as one that shows it as it is."""
	return text.replace("{", "{{").replace("}", "}}")


class _Filling(dict[str, Any]):
	def __missing__(self, key: str) -> str:
		return "{" + key + "}"


def as_text(answer: Mapping[str, Any], prefix: str = "recovery-console") -> str:
	"""Write an answer, as a dict, for people at a terminal."""
	lines = [answer["question"], ""]
	for step in answer["steps"]:
		mark = MARKS[Verdict(step["verdict"])]
		lines += _wrapped(f"{mark} {step['question']} ", "    ", step["answer"], first="  ")
		if step["verdict"] in ("blocked", "unknown") and step["remedy"]:
			lines += _wrapped("Do: ", "        ", step["remedy"], first="      ")
	lines += ["", *_wrapped("", "", answer["sentence"], first="")]
	for repair in answer["repairs"]:
		told = "".join(f" --param {name}={_shown(value)}" for name, value in repair["parameters"].items())
		lines.append(f"  Repair: {prefix} run {repair['runbook']}{told}")
	return "\n".join(lines)


def _wrapped(label: str, indent: str, text: str, *, first: str) -> list[str]:
	return textwrap.wrap(
		f"{label}{text}", _WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
	)


def _shown(value: Any) -> str:
	text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
	return f'"{text}"' if " " in text else text
