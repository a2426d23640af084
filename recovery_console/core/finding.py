"""What a check says: findings with their severity, subjects, numbers and advice."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import Any

from recovery_console.core.record import dataclass

#: A finding names at most this many subjects; its ``count`` stays exact.
MOST_SUBJECTS = 20
_kept: ContextVar[int] = ContextVar("most_subjects", default=MOST_SUBJECTS)


def most_subjects() -> int:
	"""Return how many subjects a finding names: ``MOST_SUBJECTS``, unless who asks wants more of them."""
	return _kept.get()


@contextmanager
def naming(most: int) -> Iterator[None]:
	"""Let findings that are made in this block name more subjects than a report keeps, to count what is affected."""
	token = _kept.set(most)
	try:
		yield
	finally:
		_kept.reset(token)


def _(text: str) -> str:
	"""Mark a text for translation. Core stays in English; who shows the text translates it."""
	return text


class Status(str, enum.Enum):
	"""Result of a check, a family or a site."""

	OK = "ok"
	INFO = "info"
	WARNING = "warning"
	CRITICAL = "critical"
	UNKNOWN = "unknown"
	SKIPPED = "skipped"

	__str__ = str.__str__

	@property
	def rank(self) -> int:
		"""How loud this is: what could not be looked at outranks a warning, never a proven critical."""
		return _RANK[self]


_RANK = {
	Status.SKIPPED: 0,
	Status.OK: 1,
	Status.INFO: 2,
	Status.WARNING: 3,
	Status.UNKNOWN: 4,
	Status.CRITICAL: 5,
}


def worst(statuses: Iterable[Status]) -> Status:
	"""Return the loudest of ``statuses``; ``skipped`` when there are none."""
	return max(statuses, key=lambda status: status.rank, default=Status.SKIPPED)


class Severity(str, enum.Enum):
	"""How bad a finding is."""

	INFO = "info"
	WARNING = "warning"
	CRITICAL = "critical"

	__str__ = str.__str__

	@property
	def status(self) -> Status:
		"""The status of a check whose worst finding has this severity."""
		return Status(self.value)

	@property
	def order(self) -> int:
		"""Where it stands when the gravest is read first: 0, 1, 2."""
		return _ORDER[self]


_ORDER = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Subject:
	"""A document, or anything else with a kind and a name, that a finding is about.

	``doctype`` is a DocType where there is a document to open, else a plain noun such as ``Queue``.
	"""

	doctype: str
	name: str

	def as_dict(self) -> dict[str, str]:
		return {"doctype": self.doctype, "name": self.name}


@dataclass(frozen=True)
class Measurements:
	"""Numbers of a check, for history and charts. Names carry their unit: ``oldest_hours``."""

	values: Mapping[str, float]


@dataclass(frozen=True)
class Finding:
	"""One proven problem.

	Texts are templates: ``{count}`` and the names in ``evidence`` are filled in when they are shown, so that
	a text can be translated and the same problem recognised tomorrow with other numbers.

	Args:
		fingerprint: Stable from run to run for the same problem on the same subject.
		severity: How bad it is.
		title: The problem in one short sentence.
		cause: Why it is so, as far as it is known.
		remedy: What will put it right, in the reader's words.
		count: Exactly how many things are affected.
		subjects: At most ``MOST_SUBJECTS`` of them, for the reader to open.
		evidence: Numbers, times and short texts that prove it. Times are aware datetimes or ISO texts.
		runbooks: Ids of the runbooks that answer it, best first.
		caused_by: Fingerprints of findings that explain this one; filled by the runner.
	"""

	fingerprint: str
	severity: Severity
	title: str
	cause: str = ""
	remedy: str = ""
	count: int = 1
	subjects: tuple[Subject, ...] = ()
	evidence: Mapping[str, Any] = field(default_factory=dict)
	runbooks: tuple[str, ...] = ()
	caused_by: tuple[str, ...] = ()

	def render(self, template: str) -> str:
		"""Fill ``{count}`` and the evidence into a text of this finding."""
		return template.format_map(_Values(self.evidence, self.count))


class _Values(dict[str, Any]):
	"""Evidence for a template; a name that is missing shows as itself and breaks nothing."""

	def __init__(self, evidence: Mapping[str, Any], count: int) -> None:
		super().__init__(evidence)
		self["count"] = count

	def __missing__(self, key: str) -> str:
		return "{" + key + "}"
