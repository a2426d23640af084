"""A runbook's text: what it says, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from recovery_console.core.action import Action, Risk
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.runbook import Runbook, StepKind
from recovery_console.core.runbook_file import (
	LARGEST,
	read_file,
	read_folder,
	read_runbook,
	secrets_of,
	values_for,
)


@dataclass(frozen=True)
class Bake(Action):
	"""Bake."""

	title = "Bake bread"
	secret = ("recipe",)

	flour: str
	loaves: int = 1
	recipe: str = ""


@dataclass(frozen=True)
class Eat(Action):
	"""Eat."""

	title = "Eat it"
	risk = Risk.DESTRUCTIVE

	most: int = 10


ACTIONS: dict[str, type[Action]] = {"bakery.bake": Bake, "bakery.eat": Eat}
CHECKS = ("bakery.hungry", "bakery.oven")
WHOLE = """
title = "Bake"
summary = "When there is\\n no bread."
findings = ["bakery.hungry"]
errors = ["BAKERY-01"]
parameters = ["flour", "bread", "recipe"]
duration = "an hour"
otherwise = "buy-bread"
emergency = true

[[steps]]
check = "bakery.hungry"
expect = "finding"

[[steps]]
manual = "Heat the oven of {site}."
title = "Heat"
command = "bench --site {site} heat"
check = "bakery.oven"

[[steps]]
action = "bakery.bake"
parameters = { loaves = "{bread}" }

[[steps]]
approval = "Recovery Manager"
second_person = true
expires = "2 h"

[[steps]]
action = "bakery.eat"
parameters = { most = 3 }
late = true

[[steps]]
wait = "bakery.hungry"
limit = "5 min"
"""


def read(text: str = WHOLE, name: str = "bake-bread") -> Runbook:
	return read_runbook(name, text, ACTIONS, CHECKS)


def test_a_whole_runbook_is_read() -> None:
	runbook = read()
	assert [step.kind.value for step in runbook.steps] == [
		"check",
		"manual",
		"action",
		"approval",
		"action",
		"wait",
	]
	assert runbook.summary == "When there is no bread."
	assert [
		(item.name, item.kind, item.default, item.required, item.secret) for item in runbook.parameters
	] == [
		("flour", str, None, True, False),
		("bread", int, 1, False, False),
		("recipe", str, "", False, True),
	]
	assert runbook.checks_at_end == ("bakery.hungry",)
	assert runbook.steps[3].second_person
	assert runbook.steps[3].expires == timedelta(hours=2)
	assert runbook.steps[4].late
	assert runbook.steps[4].title == "Eat it"
	assert runbook.emergency
	assert runbook.risk(ACTIONS) is Risk.DESTRUCTIVE
	assert not runbook.automatic(ACTIONS)
	assert runbook.digest != read(WHOLE + "\n").digest


def test_a_step_is_given_its_own_values_before_those_of_the_run() -> None:
	_check, _manual, bake, _approval, eat, _wait = read().steps
	assert values_for(bake, {"flour": "rye", "bread": 4, "recipe": "x"}, Bake) == {
		"flour": "rye",
		"loaves": 4,
		"recipe": "x",
	}
	assert values_for(bake, {"flour": "rye"}, Bake) == {"flour": "rye"}
	assert values_for(eat, {"most": 99}, Eat) == {"most": 3}
	assert secrets_of(bake, {"flour": "rye", "recipe": "hunter2"}, Bake) == {"recipe": "hunter2"}
	assert secrets_of(eat, {"recipe": "hunter2"}, Eat) == {}


def without(line: str) -> str:
	assert line in WHOLE
	return WHOLE.replace(line + "\n", "")


def instead(old: str, new: str) -> str:
	assert old in WHOLE
	return WHOLE.replace(old, new)


@pytest.mark.parametrize(
	("text", "says"),
	[
		("title = ", "not TOML"),
		("x = " + "[" * 100_000, "not TOML"),
		("x = " + "9" * 10_000, "not TOML"),
		("#" * (LARGEST + 1), "larger than"),
		("", "no title"),
		(without('title = "Bake"'), "no title"),
		(instead('title = "Bake"', "title = 5"), "no title"),
		(instead('title = "Bake"', 'title = " "'), "no title"),
		(WHOLE.replace("summary", "summary = 5 #"), "no summary"),
		('code = "x"\n' + WHOLE, "has code, which no runbook has"),
		(WHOLE.partition("[[steps]]")[0], "no steps"),
		(WHOLE.partition("[[steps]]")[0] + "steps = 5", "no steps"),
		(WHOLE.partition("[[steps]]")[0] + "steps = [5]", "no table"),
		(instead('findings = ["bakery.hungry"]', 'findings = "bakery.hungry"'), "findings is no list"),
		(instead('findings = ["bakery.hungry"]', "findings = [5]"), "findings is no list"),
		(instead('findings = ["bakery.hungry"]', 'findings = ["bakery.no"]'), "no check bakery.no"),
		('verify = ["bakery.no"]\n' + WHOLE, "no check bakery.no"),
		(instead('duration = "an hour"', "duration = 5"), "duration of it is no text"),
		(instead('otherwise = "buy-bread"', "otherwise = []"), "otherwise of it is no text"),
		(instead("emergency = true", 'emergency = "yes"'), "neither true nor false"),
		(instead("emergency = true", 'unattended = "no"'), "neither true nor false"),
		(instead('expect = "finding"', 'expect = "trouble"'), "expect of step 1"),
		(instead('expect = "finding"', "late = true"), "step 1, which is a step of kind check, has late"),
		(instead('check = "bakery.hungry"\nexpect', 'check = "bakery.no"\nexpect'), "no check bakery.no"),
		(instead('check = "bakery.hungry"\nexpect', "check = 5\nexpect"), "check of step 1 is no text"),
		(instead('check = "bakery.oven"', 'check = "bakery.no"'), "no check bakery.no"),
		(instead('check = "bakery.oven"', "check = 5"), "check of step 2 is no text"),
		(instead("oven of {site}", "oven of {user}"), "names user"),
		(instead("--site {site}", "--site {password}"), "names password"),
		(instead('title = "Heat"', "title = 5"), "title of step 2 is no text"),
		(instead('command = "', 'action = "bakery.eat"\ncommand = "'), "step 2 is not one of"),
		(instead('manual = "Heat the oven of {site}."', 'manual = ""'), "manual of step 2 is no text"),
		(instead("bakery.bake", "bakery.brew"), "no action bakery.brew"),
		(instead('{ loaves = "{bread}" }', "5"), "no names with values"),
		(instead("loaves = ", "rolls = "), "no parameter rolls"),
		(instead('"{bread}"', '"many"'), "no whole number"),
		(instead('"{bread}"', '"{butter}"'), "takes butter, which is none of its parameters"),
		(
			instead('["flour", "bread", "recipe"]', '["flour", "bread", "wine"]'),
			"none of its actions takes wine",
		),
		(instead('["flour", "bread", "recipe"]', '["bread", "recipe"]'), "is not given flour"),
		(instead("{ most = 3 }", "{ most = -3 }"), "negative"),
		(instead("late = true", 'late = "yes"'), "late of step 5 is neither true nor false"),
		(instead("second_person = true", 'second_person = "no"'), "second_person of step 4 is neither"),
		(instead('expires = "2 h"', "expires = 2"), "no value for expires"),
		(instead('limit = "5 min"', 'limit = "long"'), "no value for limit"),
		(instead('wait = "bakery.hungry"', 'wait = "bakery.no"'), "no check bakery.no"),
	],
)
def test_what_cannot_work_is_refused(text: str, says: str) -> None:
	with pytest.raises(UsageError, match=says) as error:
		read(text)
	assert error.value.remedy


@pytest.mark.parametrize(
	"name", ["", "Bake", "bake bread", "../bake", "-bake", "bake_bread", "bake--bread", "1"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
	with pytest.raises(UsageError, match="lower-case words"):
		read(name=name)


def test_a_secret_of_any_action_is_one_for_the_runbook() -> None:
	text = """
title = "x"
summary = "x"
parameters = ["flour", "word"]
[[steps]]
action = "bakery.bake"
parameters = { flour = "{word}" }
[[steps]]
action = "bakery.bake"
parameters = { flour = "a", recipe = "{word}" }
[[steps]]
action = "bakery.bake"
"""
	assert {item.name: item.secret for item in read(text).parameters} == {"flour": False, "word": True}


def test_one_bad_file_does_not_keep_the_others_from_being_read(
	tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
	(tmp_path / "bake-bread.toml").write_text(WHOLE)
	(tmp_path / "bad.toml").write_text("title = ")
	(tmp_path / "worse.toml").write_bytes(b"\xff\xfe")
	assert list(read_folder(tmp_path, ACTIONS, CHECKS)) == ["bake-bread"]
	assert "bad.toml" in caplog.text
	with pytest.raises(ConsoleError, match="cannot be read"):
		read_file(tmp_path / "worse.toml", ACTIONS, CHECKS)
	with pytest.raises(ConsoleError, match="cannot be read"):
		read_file(tmp_path / "none.toml", ACTIONS, CHECKS)


def test_only_what_is_reversible_and_asks_nobody_may_run_by_itself() -> None:
	text = 'title = "x"\nsummary = "x"\nparameters = [{}]\n[[steps]]\naction = "bakery.bake"\n{}\n'
	assert not read(text.format('"flour"', "")).automatic(ACTIONS)
	assert read(text.format("", 'parameters = { flour = "rye" }')).automatic(ACTIONS)
	kept_back = text.replace("[[steps]]", "unattended = false\n[[steps]]", 1)
	assert not read(kept_back.format("", 'parameters = { flour = "rye" }')).automatic(ACTIONS)
	by_hand = '\n[[steps]]\nmanual = "Look."'
	assert not read(text.format("", 'parameters = { flour = "rye" }' + by_hand)).automatic(ACTIONS)
	assert {kind.value for kind in StepKind} == {"check", "action", "manual", "approval", "wait"}
