"""A plan: exactly what an action would change, before anybody agreed to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from recovery_console.core.edits import Edit, read_edit
from recovery_console.core.edits.values import pack, unpack
from recovery_console.core.finding import Subject
from recovery_console.core.record import dataclass

#: A plan is shown with so many of its batches; it lists all of them.
SAMPLES = 20


@dataclass(frozen=True)
class Batch:
	"""Changes that belong together and are made together: those of one mail, one job, one user.

	Args:
		subject: What it puts right.
		edits: In the order in which they are made. The row edits of a batch are made in one transaction.
		why: Why this is done to this subject, where the plan's title does not say it.
	"""

	subject: Subject
	edits: tuple[Edit, ...]
	why: str = ""

	@property
	def reversible(self) -> bool:
		return all(edit.reversible for edit in self.edits)

	def reversed(self) -> Batch:
		"""Return the batch that takes this one back, in the opposite order."""
		return Batch(self.subject, tuple(edit.reversed() for edit in reversed(self.edits)), self.why)

	def as_dict(self) -> dict[str, Any]:
		return {
			"subject": self.subject.as_dict(),
			"edits": [edit.as_dict() for edit in self.edits],
			"why": self.why,
		}


@dataclass(frozen=True)
class LeftOut:
	"""Something that an action does not touch, although a reader might expect it, and why."""

	subject: Subject
	why: str


@dataclass(frozen=True)
class Plan:
	"""What an action would change.

	Args:
		action: Id of the action.
		parameters: Its parameters, secret ones masked.
		title: What would be done, in one short sentence, with ``{count}``.
		planned: When, UTC.
		batches: Everything that would be changed.
		warnings: What the reader must know before agreeing.
		left_out: What is not touched, and why; at most a few.
		evidence: Numbers and short texts that a reader needs to judge it, such as a difference or a count.
	"""

	action: str
	parameters: Mapping[str, Any]
	title: str
	planned: datetime
	batches: tuple[Batch, ...] = ()
	warnings: tuple[str, ...] = ()
	left_out: tuple[LeftOut, ...] = ()
	evidence: Mapping[str, Any] = field(default_factory=dict)

	@property
	def count(self) -> int:
		"""How many things would be put right."""
		return len(self.batches)

	@property
	def reversible(self) -> bool:
		return all(batch.reversible for batch in self.batches)

	@property
	def edits(self) -> Iterator[Edit]:
		return (edit for batch in self.batches for edit in batch.edits)

	@property
	def digest(self) -> str:
		"""What an approval is given for: changes when anything that would be done changes."""
		said = [self.action, pack(self.parameters), [batch.as_dict() for batch in self.batches]]
		return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

	def says(self) -> str:
		"""Return the title with its count filled in."""
		try:
			return self.title.format_map({**self.evidence, "count": self.count})
		except (KeyError, ValueError, IndexError, AttributeError):  # a name of the site's, with braces
			return self.title.replace("{count}", str(self.count))

	def as_dict(self) -> dict[str, Any]:
		"""Return it as JSON can hold it, nothing lost; it may hold secrets and is for the journal only."""
		return {
			"action": self.action,
			"parameters": pack(self.parameters),
			"title": self.title,
			"planned": self.planned.isoformat(),
			"batches": [batch.as_dict() for batch in self.batches],
			"warnings": list(self.warnings),
			"left_out": [{"subject": left.subject.as_dict(), "why": left.why} for left in self.left_out],
			"evidence": pack(self.evidence),
		}


def read_plan(written: Mapping[str, Any]) -> Plan:
	"""Return the plan that ``as_dict`` wrote down."""
	return Plan(
		action=written["action"],
		parameters=unpack(written["parameters"]),
		title=written["title"],
		planned=datetime.fromisoformat(written["planned"]),
		batches=tuple(
			Batch(
				Subject(**batch["subject"]), tuple(read_edit(edit) for edit in batch["edits"]), batch["why"]
			)
			for batch in written["batches"]
		),
		warnings=tuple(written["warnings"]),
		left_out=tuple(LeftOut(Subject(**left["subject"]), left["why"]) for left in written["left_out"]),
		evidence=unpack(written["evidence"]),
	)


def shown_plan(plan: Plan, most: int = SAMPLES) -> dict[str, Any]:
	"""Return a plan for a reader: counts, and the exact changes of the first batches. Not yet redacted."""
	return {
		"action": plan.action,
		"title": plan.says(),
		"parameters": dict(plan.parameters),
		"count": plan.count,
		"reversible": plan.reversible,
		"warnings": list(plan.warnings),
		"left_out": [{**left.subject.as_dict(), "why": left.why} for left in plan.left_out],
		"evidence": dict(plan.evidence),
		"digest": plan.digest,
		"samples": [
			{
				**batch.subject.as_dict(),
				"why": batch.why,
				"changes": [
					{**edit.subject.as_dict(), "what": name, "before": before, "after": after}
					for edit in batch.edits
					for name, before, after in edit.shown()
				],
			}
			for batch in plan.batches[:most]
		],
	}
