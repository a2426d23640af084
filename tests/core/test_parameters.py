"""What people give: turned into typed values, or refused with what was expected."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core.action import Action, build
from recovery_console.core.action_registry import all_actions
from recovery_console.core.errors import UsageError
from recovery_console.core.parameters import GREATEST, LONGEST_NAME, MOST_NAMES, read_parameters, type_name


@dataclass(frozen=True)
class Bake(Action):
	"""Bake."""

	secret = ("recipe",)

	flour: str
	loaves: int = 1
	salt: float = 0.5
	hot: bool = True
	rest: timedelta = timedelta(minutes=30)
	names: tuple[str, ...] = ()
	recipe: str = ""


def read(**given: Any) -> dict[str, Any]:
	return read_parameters(Bake, {"flour": "rye", **given})


@pytest.mark.parametrize(
	("name", "given", "value"),
	[
		("flour", 5, "5"),
		("loaves", "12", 12),
		("loaves", 12.0, 12),
		("loaves", " 7 ", 7),
		("loaves", GREATEST, GREATEST),
		("salt", "0.25", 0.25),
		("salt", 1, 1.0),
		("hot", "no", False),
		("hot", "ON", True),
		("hot", 1, True),
		("hot", False, False),
		("rest", "15 min", timedelta(minutes=15)),
		("rest", " 2 h ", timedelta(hours=2)),
		("rest", timedelta(days=1), timedelta(days=1)),
		("names", "", ()),
		("names", " a, b ,a,", ("a", "b")),
		("names", '["x,y", 5]', ("x,y", "5")),
		("names", ["a", "a", "b"], ("a", "b")),
		("names", "x'; DROP TABLE `tabUser`; --", ("x'; DROP TABLE `tabUser`; --",)),
	],
)
def test_a_value_is_read(name: str, given: object, value: object) -> None:
	found = read(**{name: given})[name]
	assert found == value
	assert type(found) is type(value)


@pytest.mark.parametrize(
	("name", "given", "says"),
	[
		("loaves", "many", "no whole number"),
		("loaves", "1.5", "no whole number"),
		("loaves", 1.5, "can be used|no number"),
		("loaves", "-1", "negative"),
		("loaves", GREATEST + 1, "can be used"),
		("loaves", "9" * 400, "no number"),
		("loaves", True, "no number"),
		("loaves", None, "no number"),
		("loaves", float("inf"), "."),
		("salt", "nan", "can be used"),
		("salt", "1e400", "can be used"),
		("salt", [], "no number"),
		("hot", "maybe", "neither yes nor no"),
		("hot", None, "neither yes nor no"),
		("rest", "15", "no unit"),
		("rest", "15 years", "no unit"),
		("rest", "x min", "no number"),
		("rest", "-5 min", "negative"),
		("rest", "4000 d", "longer than"),
		("names", {"a": 1}, "no list"),
		("names", 5, "no list"),
		("names", b"abc", "no list"),
		("names", "[1", "."),
		("names", '[{"a": 1}]', "no name"),
		("names", "[" * 100_000, "."),
		("names", ["x" * (LONGEST_NAME + 1)], "more than"),
		("names", [str(number) for number in range(MOST_NAMES + 1)], "more than 10000"),
		("names", ["a\x00b"], "NUL"),
		("flour", "a\x00b", "NUL"),
		("flour", ["a"], "no text"),
		("flour", None, "must be told"),
		("flour", "x" * (8 * 1024 * 1024 + 1), "more than"),
	],
)
def test_what_does_not_fit_is_refused(name: str, given: object, says: str) -> None:
	with pytest.raises(UsageError, match=says) as error:
		read(**{name: given})
	assert name in error.value.message
	assert error.value.remedy
	assert len(error.value.message) < 400


def test_a_name_that_is_none_is_refused_with_the_one_that_was_meant() -> None:
	with pytest.raises(UsageError) as error:
		read(loafs=1)
	assert "Did you mean 'loaves'?" in error.value.remedy


def test_what_must_be_told_is_asked_for() -> None:
	with pytest.raises(UsageError, match="must be told: flour"):
		read_parameters(Bake, {})


def test_a_secret_is_not_repeated_in_a_message_nor_in_its_cause() -> None:
	with pytest.raises(UsageError) as error:
		read(recipe="hunter2\x00")
	assert "hunter2" not in f"{error.value} {error.value.__cause__}"
	assert "recipe" in error.value.message


def test_the_record_masks_secrets_and_can_be_read_again() -> None:
	action = build(Bake, {"flour": "rye", "recipe": "hunter2", "rest": "2 h", "names": "a,b"})
	given = action.given()
	assert "hunter2" not in str(given)
	again = build(Bake, given)
	assert dataclasses.replace(again, recipe="hunter2") == action  # type: ignore[type-var]


@pytest.mark.parametrize("kind", all_actions().values(), ids=list(all_actions()))
def test_what_an_action_keeps_of_its_parameters_can_be_read_again(kind: type[Action]) -> None:
	"""A run builds the action anew from its plan before it makes it."""
	must = [name for name, default in kind.parameters().items() if default is dataclasses.MISSING]
	values = {"str": "x", "int": 1, "float": 1.0, "bool": True}
	fields = {item.name: str(item.type) for item in dataclasses.fields(kind)}
	given = {name: values.get(fields[name], "x") for name in must}
	action = build(kind, {name: "1 h" if "timedelta" in fields[name] else given[name] for name in given})
	assert build(kind, action.given()).given() == action.given()
	assert {type_name(hint) for hint in fields.values()} <= {"text"}
