"""The checklist of the first five minutes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recovery_console.core.setup_steps import SetUp, is_ready, steps

READY = SetUp(looked=True, scheduled=True, contacts=1, channels=1, operators=2)


def done(site: SetUp) -> dict[str, bool]:
	return {step.id: step.done for step in steps(site)}


def test_a_new_site_has_everything_before_it() -> None:
	assert not any(done(SetUp()).values())
	assert next(iter(done(SetUp()))) == "diagnosis"


def test_it_is_ready_without_what_is_only_worth_having() -> None:
	assert is_ready(steps(READY))
	assert not done(READY)["heartbeat"]


@pytest.mark.parametrize(
	("missing", "step"),
	[
		({"looked": False}, "diagnosis"),
		({"contacts": 0}, "contacts"),
		({"channels": 0, "untried": 1}, "channel"),
		({"operators": 1}, "people"),
		({"collects": True}, "sepa"),
		({"scheduled": False}, "scheduled"),
	],
)
def test_each_missing_piece_is_one_step_and_keeps_it_from_being_ready(
	missing: dict[str, int], step: str
) -> None:
	site = replace(READY, **missing)
	assert [name for name, is_done in done(site).items() if not is_done and name != "heartbeat"] == [step]
	assert not is_ready(steps(site))


def test_direct_debits_are_asked_about_only_where_there_are_any() -> None:
	assert "sepa" not in done(READY)
	assert done(replace(READY, collects=True, profile=True))["sepa"]


def test_a_channel_that_was_never_tried_is_told_apart_from_none() -> None:
	texts = [
		{step.id: step.why for step in steps(site)}["channel"] for site in (SetUp(), SetUp(untried=1), READY)
	]
	assert texts[0] == texts[2] != texts[1]
