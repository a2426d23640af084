"""What a check is: one question about a site, answered by reading."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from recovery_console.core.finding import Finding, Measurements, Severity, Subject, most_subjects

if TYPE_CHECKING:
	from dataclasses import dataclass as dataclass

	from recovery_console.core.site import Site

SubjectLike = Subject | tuple[str, str]
Answer = Iterator[Finding | Measurements]


if not TYPE_CHECKING:

	def dataclass(*, frozen: bool) -> Callable[[type], type]:  # noqa: ARG001 (every check is)
		"""Make the fields of a check, as ``dataclasses.dataclass`` does, which a check may use as well.

		Without methods made for each class: of several hundred checks they take longer than reading all the files.
		"""
		return dataclasses.dataclass(init=False, repr=False, eq=False)


class Check:
	"""One question about a site.

	A subclass lives alone in ``core/checks/<family>/<name>.py`` and is found by being there: its id is
	``<family>.<name>``. The first line of its docstring is the question, the rest states the cost. Its
	dataclass fields are its thresholds (``timedelta``, ``int``, ``float``, ``bool`` or ``str``), which a site
	may override in Recovery Settings.

	Attributes:
		id: ``<family>.<file name>``.
		title: A short name for lists.
		needs: DocTypes whose tables must be there; where one is missing the check is ``skipped``.
		needs_app: The check is ``skipped`` where this app is not installed on the site.
		runbooks: Ids of the runbooks that answer its findings.
		explained_by: Ids of checks whose findings explain the findings of this one (``caused_by``).
		on_request: Left out unless it is asked for by id: it does more than read the site's own sources.
		budget: How long it may take before the runner gives up on it.
	"""

	id: ClassVar[str] = ""
	title: ClassVar[str] = ""
	needs: ClassVar[tuple[str, ...]] = ()
	needs_app: ClassVar[str] = ""
	runbooks: ClassVar[tuple[str, ...]] = ()
	explained_by: ClassVar[tuple[str, ...]] = ()
	on_request: ClassVar[bool] = False
	budget: ClassVar[timedelta] = timedelta(seconds=2)

	def __init__(self, **thresholds: Any) -> None:
		"""Set thresholds; those that are not given keep their defaults."""
		unknown = thresholds.keys() - self.parameters().keys()
		if unknown:
			raise TypeError(f"{self.id} has no threshold {', '.join(sorted(unknown))}")
		self.__dict__.update(thresholds)

	def __setattr__(self, name: str, value: Any) -> None:
		raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

	def __repr__(self) -> str:
		own = (f"{name}={getattr(self, name)!r}" for name in self.parameters())
		return f"{type(self).__name__}({', '.join(own)})"

	def __init_subclass__(cls, **kwargs: Any) -> None:
		super().__init_subclass__(**kwargs)
		family, _, name = cls.__module__.rpartition(".")
		cls.id = f"{family.rpartition('.')[2]}.{name}"

	def run(self, site: Site) -> Answer:
		"""Yield the findings, and the measurements; nothing when all is well. Never writes."""
		raise NotImplementedError

	def still_true(self, site: Site, finding: Finding) -> bool:
		"""Tell whether an earlier finding still holds. Override where this can be cheaper than ``run``."""
		return any(
			isinstance(found, Finding) and found.fingerprint == finding.fingerprint
			for found in self.run(site)
		)

	@classmethod
	def causes_of(cls, finding: Finding) -> tuple[str, ...]:  # noqa: ARG003 (for those that tell findings apart)
		"""Return the ids of the checks whose findings explain a finding of this one; usually ``explained_by``."""
		return cls.explained_by

	@classmethod
	def family(cls) -> str:
		return cls.id.partition(".")[0]

	@classmethod
	def parameters(cls) -> dict[str, Any]:
		"""Thresholds and their defaults."""
		fields: dict[str, dataclasses.Field[Any]] = getattr(cls, "__dataclass_fields__", {})
		return {name: item.default for name, item in fields.items()}

	def info(self, title: str, **details: Any) -> Finding:
		"""Build a finding that needs no action. See ``_finding`` for the arguments."""
		return self._finding(Severity.INFO, title, **details)

	def warning(self, title: str, **details: Any) -> Finding:
		"""Build a finding that needs attention. See ``_finding`` for the arguments."""
		return self._finding(Severity.WARNING, title, **details)

	def critical(self, title: str, **details: Any) -> Finding:
		"""Build a finding that needs action now. See ``_finding`` for the arguments."""
		return self._finding(Severity.CRITICAL, title, **details)

	@staticmethod
	def measure(**values: float) -> Measurements:
		"""Report numbers of this check, each with its unit in its name."""
		return Measurements(values)

	def _finding(
		self,
		severity: Severity,
		title: str,
		*,
		cause: str = "",
		remedy: str = "",
		subject: str = "",
		subjects: Iterable[SubjectLike] = (),
		count: int | None = None,
		runbooks: tuple[str, ...] | None = None,
		**evidence: Any,
	) -> Finding:
		"""Build a finding of this check.

		Args:
			severity: How bad it is.
			title: Template of one short sentence; ``{count}`` and evidence names are filled in.
			cause: Template: why it is so.
			remedy: Template: what will put it right.
			subject: What this finding is about, when a check can raise several: part of the fingerprint.
				Must not hold anything that changes while the problem stays the same.
			subjects: What is affected, as ``Subject`` or ``(doctype, name)``; may be more than are kept.
			count: Exactly how many are affected; by default the number of subjects, at least 1.
			runbooks: Other runbooks than the check's own.
			**evidence: What proves it.
		"""
		named = tuple(item if isinstance(item, Subject) else Subject(*item) for item in subjects)
		return Finding(
			fingerprint=f"{self.id}:{subject}" if subject else self.id,
			severity=severity,
			title=title,
			cause=cause,
			remedy=remedy,
			count=max(len(named), 1) if count is None else count,
			subjects=named[: most_subjects()],
			evidence=evidence,
			runbooks=self.runbooks if runbooks is None else runbooks,
		)
