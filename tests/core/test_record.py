"""Dataclasses of the console behave as Python's own frozen ones."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from recovery_console.core.record import dataclass


@dataclass(frozen=True)
class Ours:
	"""Ours."""

	kind: ClassVar[str] = "class"

	name: str
	number: int = 1
	tags: list[str] = dataclasses.field(default_factory=list)
	secret: str = dataclasses.field(default="", repr=False)
	note: str = dataclasses.field(default="", compare=False)


@dataclasses.dataclass(frozen=True)
class Theirs:
	"""Python's."""

	kind: ClassVar[str] = "class"

	name: str
	number: int = 1
	tags: list[str] = dataclasses.field(default_factory=list)
	secret: str = dataclasses.field(default="", repr=False)
	note: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True)
class Child(Ours):
	"""One more field."""

	more: str = "more"


@dataclasses.dataclass(frozen=True)
class TheirChild(Ours):
	"""Somebody else's class below one of ours."""

	more: str = "more"


@dataclass(frozen=True)
class Grandchild(TheirChild):
	"""And one of ours below that."""


@dataclass(frozen=True)
class Checked:
	number: int

	def __post_init__(self) -> None:
		if self.number < 0:
			raise ValueError("negative")


@dataclass(frozen=True)
class Cased:
	name: str

	def __eq__(self, other: object) -> bool:
		return isinstance(other, Cased) and self.name.lower() == other.name.lower()


both = pytest.mark.parametrize("cls", [Ours, Theirs])


@both
def test_they_are_made_by_place_by_name_and_by_default(cls: type[Any]) -> None:
	made = cls("a", tags=["x"], note="n")
	assert dataclasses.astuple(made) == ("a", 1, ["x"], "", "n")
	assert cls("a").tags is not cls("a").tags
	assert made.kind == "class"


@both
@pytest.mark.parametrize(
	("args", "given"),
	[
		((), {}),
		(("a", 1, [], "", "", 6), {}),
		(("a",), {"name": "b"}),
		(("a",), {"nothing": 1}),
		((), {"number": 2}),
	],
)
def test_what_does_not_fit_is_refused(cls: type[Any], args: tuple[Any, ...], given: dict[str, Any]) -> None:
	with pytest.raises(TypeError):
		cls(*args, **given)


@both
def test_they_cannot_be_changed(cls: type[Any]) -> None:
	made = cls("a")
	with pytest.raises(dataclasses.FrozenInstanceError):
		made.number = 2
	with pytest.raises(dataclasses.FrozenInstanceError):
		made.other = 2
	with pytest.raises(dataclasses.FrozenInstanceError):
		del made.number
	assert made.number == 1


@both
def test_they_are_equal_by_what_they_hold(cls: type[Any]) -> None:
	assert cls("a", note="1") == cls("a", note="2")
	assert cls("a") != cls("b")
	assert cls("a", tags=["x"]) != cls("a")
	assert cls("a") != "a"
	assert repr(cls("a", secret="s3", note="n")) == f"{cls.__name__}(name='a', number=1, tags=[], note='n')"


def test_they_are_hashed_by_what_they_hold() -> None:
	assert len({Checked(1), Checked(1), Checked(2)}) == 2
	assert Checked.__doc__ == "Checked"


@both
def test_they_can_be_copied_replaced_and_pickled(cls: type[Any]) -> None:
	made = cls("a", 2, ["x"])
	for again in (
		copy.copy(made),
		copy.deepcopy(made),
		pickle.loads(pickle.dumps(made)),
		dataclasses.replace(made),
	):
		assert again == made
		assert type(again) is cls
	assert dataclasses.replace(made, number=3).number == 3
	assert dataclasses.asdict(made)["tags"] == ["x"]


@pytest.mark.parametrize("cls", [Child, TheirChild, Grandchild])
def test_a_class_below_another_has_the_fields_of_both(cls: type[Any]) -> None:
	child = cls("a", more="b")
	assert (child.name, child.number, child.more) == ("a", 1, "b")
	assert child != Ours("a")
	assert [field.name for field in dataclasses.fields(cls)][-1] == "more"
	with pytest.raises(dataclasses.FrozenInstanceError):
		child.more = "c"


def test_what_a_class_wrote_itself_is_kept() -> None:
	assert Cased("A") == Cased("a")
	with pytest.raises(ValueError, match="negative"):
		Checked(-1)


class Below(Checked):
	"""Not a record itself."""

	def __init__(self, number: int) -> None:
		self.seen = "before"
		super().__init__(number)

	def __post_init__(self) -> None:
		if self.number > 9:
			raise ValueError("too large")


def test_a_plain_class_below_has_attributes_and_checks_of_its_own() -> None:
	made = Below(1)
	made.seen = "after"
	assert (made.number, made.seen) == (1, "after")
	with pytest.raises(dataclasses.FrozenInstanceError):
		made.number = 2  # type: ignore[misc]
	with pytest.raises(ValueError, match="too large"):
		Below(10)


def test_others_than_frozen_ones_are_pythons() -> None:
	with pytest.raises(TypeError, match=r"dataclasses\.dataclass"):
		dataclass(frozen=False)  # type: ignore[call-overload,unused-ignore]
