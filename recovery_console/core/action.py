"""What an action is: one repair, planned by reading, made of exact changes."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from recovery_console.core.edits import ABSENT, Act, ConfigEdit, Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.redact import MASK

if TYPE_CHECKING:
	from recovery_console.core.site import Site
	from recovery_console.core.writable import WritableSite

#: No plan changes more things than this at once, whatever its parameters say.
HARD_LIMIT = 10_000


class Risk(str, enum.Enum):
	"""What an action can do to people at work, and so who must agree to it."""

	READ = "read"
	REVERSIBLE = "reversible"
	DISRUPTIVE = "disruptive"
	DESTRUCTIVE = "destructive"

	__str__ = str.__str__

	@property
	def rank(self) -> int:
		return list(Risk).index(self)


@dataclass(frozen=True)
class Action:
	"""One repair.

	A subclass lives alone in ``core/actions/<family>/<name>.py`` and is found by being there: its id is
	``<family>.<name>``. The first line of its docstring says what it does, as an order (*Release …*). Its dataclass
	fields are its parameters, typed, each with a default unless it must be given.

	``plan`` only reads. It returns the exact changes as edits; making them, resuming after a crash and taking them
	back is the engine's work, the same for every action. Only an action with ``Act`` edits has ``perform`` and
	``is_done``.

	Attributes:
		id: ``<family>.<file name>``.
		title: A short name for lists.
		risk: ``read`` changes nothing; ``reversible`` can be taken back whole; ``disruptive`` people notice, or it
			cannot be taken back whole; ``destructive`` loses something.
		needs: DocTypes whose tables must be there.
		needs_app: App that must be installed on the site.
		checks: Ids of the checks that say whether it helped; a runbook may name others.
		secret: Names of parameters that are never written down or shown.
		resources: What no two runs may change at once; by default the action's family.
		batch_size: So many batches are made in one go, between two entries of the journal.
		time_limit: How long one such go may take before it counts as stuck.
	"""

	id: ClassVar[str] = ""
	title: ClassVar[str] = ""
	risk: ClassVar[Risk] = Risk.REVERSIBLE
	needs: ClassVar[tuple[str, ...]] = ()
	needs_app: ClassVar[str] = ""
	checks: ClassVar[tuple[str, ...]] = ()
	secret: ClassVar[tuple[str, ...]] = ()
	resources: ClassVar[tuple[str, ...]] = ()
	batch_size: ClassVar[int] = 50
	time_limit: ClassVar[timedelta] = timedelta(minutes=5)

	def __init_subclass__(cls, **kwargs: Any) -> None:
		super().__init_subclass__(**kwargs)
		family, _, name = cls.__module__.rpartition(".")
		cls.id = f"{family.rpartition('.')[2]}.{name}"
		if not cls.__dict__.get("resources"):
			cls.resources = (cls.family(),)

	def plan(self, site: Site) -> Plan:
		"""Return exactly what would be changed. Never writes.

		Raises:
			SourceUnavailable: Something that must be read does not answer.
			NotApplicable: It makes no sense on this site.
			UsageError: A parameter names something that is not there or may not be touched.
		"""
		raise NotImplementedError

	def perform(self, site: WritableSite, act: Act) -> str:
		"""Do one act of a plan and return in a few words what came of it.

		Raises:
			ConsoleError: It was not done.
		"""
		raise NotImplementedError

	def is_done(self, site: WritableSite, act: Act) -> bool | None:  # noqa: ARG002 (for those that can tell)
		"""Tell whether an act that was begun was done, after a crash; None where that cannot be known."""
		return None

	@classmethod
	def family(cls) -> str:
		return cls.id.partition(".")[0]

	@classmethod
	def parameters(cls) -> dict[str, Any]:
		"""Parameters and their defaults; ``dataclasses.MISSING`` for one that must be given."""
		return {item.name: item.default for item in dataclasses.fields(cls)}

	def given(self) -> dict[str, Any]:
		"""Return this instance's parameters for the record, secret ones masked."""
		return {
			name: (MASK if getattr(self, name) else "")
			if name in self.secret
			else _plain(getattr(self, name))
			for name in self.parameters()
		}

	def planned(
		self,
		site: Site,
		title: str,
		batches: Iterable[Batch],
		*,
		most: int = HARD_LIMIT,
		warnings: Iterable[str] = (),
		left_out: Iterable[LeftOut] = (),
		**evidence: Any,
	) -> Plan:
		"""Build the plan of this action.

		Args:
			site: The site.
			title: What would be done, with ``{count}``.
			batches: What would be changed; what comes after ``most`` of them is left for another run.
			most: How many at the most.
			warnings: What the reader must know before agreeing.
			left_out: What is not touched, and why.
			**evidence: What the reader needs to judge it.

		Raises:
			UsageError: ``most`` is not a number from 1 to ``HARD_LIMIT``.
		"""
		_see_limit(self, most)
		listed = list(_placed(site, batches))
		said = list(warnings)
		if len(listed) > most:
			# Who reads one more than may be done has not counted them all.
			number = f"more than {most}" if len(listed) == most + 1 else f"{len(listed)} in all"
			said.append(f"There are {number}; this run takes the first {most}. Run it again for the rest.")
		return Plan(
			action=self.id,
			parameters=self.given(),
			title=title,
			planned=site.now(),
			batches=tuple(listed[:most]),
			warnings=tuple(said),
			left_out=tuple(left_out),
			evidence=evidence,
		)


def _placed(site: Site, batches: Iterable[Batch]) -> Iterator[Batch]:
	"""Remember where keys stand that are taken out of configuration files, so that they can be put back there.

	What is taken out last is put back first, so each follows a key that is there when it leaves.
	"""
	order = {"site": list(site.config.site.values), "common": list(site.config.common.values)}
	for item in batches:
		edits: list[Edit] = []
		for edit in item.edits:
			if isinstance(edit, ConfigEdit) and edit.after is ABSENT and edit.key in order[edit.file]:
				keys = order[edit.file]
				place = keys.index(edit.key)
				edit = dataclasses.replace(edit, follows=keys[place - 1] if place else ABSENT)
				keys.remove(edit.key)
			edits.append(edit)
		yield dataclasses.replace(item, edits=tuple(edits))


def batch(kind_of: str, name: Any, *edits: Edit, why: str = "") -> Batch:
	"""Build a batch about one document, or another thing with a kind and a name."""
	return Batch(Subject(kind_of, str(name)), edits, why)


def build(action: type[Action], given: Mapping[str, Any]) -> Action:
	"""Return an instance of an action with the parameters that a person gave.

	Raises:
		UsageError: A parameter is unknown, is missing or does not fit its type.
	"""
	from recovery_console.core.parameters import read_parameters

	values = read_parameters(action, given)
	if "most" in values:  # before anything is read with it
		_see_limit(action, values["most"])
	return action(**values)


def _see_limit(action: type[Action] | Action, most: int) -> None:
	if not 1 <= most <= HARD_LIMIT:
		raise UsageError(
			f"{most} is no limit for {action.id}.",
			remedy=f"Give a number from 1 to {HARD_LIMIT}.",
		)


def _plain(value: Any) -> Any:
	if isinstance(value, timedelta):
		from recovery_console.core.thresholds import show

		return show(value)
	return list(value) if isinstance(value, tuple) else value
