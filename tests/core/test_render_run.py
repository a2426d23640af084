"""A run as people see it: every change, no secret, this site's names."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core.edits import ABSENT, ConfigEdit, RowEdit
from recovery_console.core.finding import Subject
from recovery_console.core.plan import SAMPLES, Batch, LeftOut, Plan
from recovery_console.core.render_run import (
	filled,
	places,
	run_as_dict,
	run_as_text,
	runbook_as_dict,
	shown_value,
)
from recovery_console.core.run import EntryKind, RunState
from recovery_console.core.runbook import Step, StepKind
from recovery_console.core.runbook_file import PLACES
from recovery_console.core.site import open_site
from tests.core.test_run import ACTIONS, NOW, Told, action, plan
from tests.core.test_runbook_file import ACTIONS as BAKERY
from tests.core.test_runbook_file import read
from tests.support.sample import SampleSite


def shown(site: SampleSite, told: Told) -> dict[str, Any]:
	with open_site(site.bench.folder, site.name, clock=lambda: NOW) as opened:
		return run_as_dict(told.run, ACTIONS, opened)


def big(count: int = 30) -> Plan:
	edits = (
		RowEdit(
			"tabUser", {"name": "a"}, {"enabled": 0, "api_key": "hunter2"}, {"enabled": 1, "api_key": None}
		),
		ConfigEdit("site", "db_password", "hunter2", ABSENT),
		RowEdit("tabX", {"name": "a"}, {"note": "x" * 5000}, {"note": "password=hunter2"}),
	)
	return Plan(
		action="a.row",
		parameters={"names": ("a",), "password": "hunter2"},
		title="Change {count} rows",
		planned=NOW,
		batches=tuple(Batch(Subject("User", str(n)), edits, "It is off.") for n in range(count)),
		warnings=("Mind the token=hunter2.",),
		left_out=(LeftOut(Subject("User", "z"), "It is new."),),
		evidence={"sum": 5, "secret": "hunter2"},
	)


MANUAL = Step(
	StepKind.MANUAL,
	"Heat {site}",
	instruction="Go to {bench}.",
	command="bench --site {site} migrate\nls {backups}",
)


def told() -> Told:
	return Told(Step(StepKind.CHECK, "", check="a.check"), action(), MANUAL).planned(1, big())


def test_a_plan_is_shown_change_by_change_without_secrets(site: SampleSite) -> None:
	found = shown(site, told())
	assert "hunter2" not in json.dumps(found)
	assert "hunter2" not in run_as_text(found)
	step = found["steps"][1]
	assert (step["planned"], len(step["plan"]["samples"]), step["state"]) == (30, SAMPLES, "to come")
	assert {"doctype": "User", "name": "a", "what": "enabled", "before": 0, "after": 1} in step["plan"][
		"samples"
	][0]["changes"]
	assert len(step["plan"]["samples"][0]["changes"][3]["before"]) < 300
	assert (found["risk"], found["planned"], found["made"], found["can_undo"]) == ("reversible", 30, 0, False)
	assert found["asks"]["role"] == "Recovery Operator"


def test_the_text_says_what_is_to_come_and_what_was_done(site: SampleSite) -> None:
	text = run_as_text(shown(site, told()))
	for part in (
		"→ 1. a.check",
		"  2. a.row",
		"Change 30 rows",
		"enabled: 0 → 1",
		"and 25 more",
		"Left alone: User z",
	):
		assert part in text, text
	assert f"$ bench --site {site.name} migrate" in text
	assert "Risk: reversible. 30 planned, 0 made. It can be taken back." in text
	done = told().add(EntryKind.ENDED, step=0, ok=True, said="Yes.").made({0: "made", 1: "moved"}, 1)
	done.add(EntryKind.ENDED, step=1, ok=True, said="1 of 2 made.").add(
		EntryKind.VERIFIED, ok=True, said="", left=["x is left"]
	)
	text = run_as_text(shown(site, done))
	for part in ("✓ 1.", "✓ 2.", "! User 1: 1 moved", "What is left:", "x is left"):
		assert part in text, text


def test_a_failed_or_cancelled_step_says_so(site: SampleSite) -> None:
	failed = shown(site, told().state(RunState.RUNNING).state(RunState.FAILED, "No."))
	assert [step["state"] for step in failed["steps"]] == ["failed", "to come", "to come"]
	cancelled = shown(site, told().state(RunState.ABANDONED))
	assert [step["state"] for step in cancelled["steps"]] == ["not done", "to come", "to come"]
	assert cancelled["asks"] is None


def test_nothing_to_change_is_said(site: SampleSite) -> None:
	assert "There is nothing to change." in run_as_text(shown(site, Told(action()).planned(0, plan(count=0))))
	lasting = Told(action("a.ring")).planned(0, plan("a.ring", reversible=False))
	assert "Not all of it can be taken back." in run_as_text(shown(site, lasting))


@pytest.mark.parametrize(
	("state", "can"), [(RunState.RUNNING, False), (RunState.SUCCEEDED, True), (RunState.PAUSED, True)]
)
def test_it_can_be_undone_once_it_stands_still(site: SampleSite, state: RunState, can: bool) -> None:
	assert shown(site, Told(action()).planned(0, plan()).made({0: "made"}).state(state))["can_undo"] is can


def test_every_place_is_filled_with_this_sites_names(any_site: SampleSite) -> None:
	with open_site(any_site.bench.folder, any_site.name, clock=lambda: any_site.bench.now) as opened:
		named = places(opened)
	assert set(named) == set(PLACES)
	assert all(named.values())
	assert named["db_type"] == any_site.database.dialect
	assert named["latest_backup"].endswith("-database.sql.gz")
	assert filled("{site} {bench} {user} {{site}}", named) == (
		f"{any_site.name} {any_site.bench.folder} {{user}} {{{any_site.name}}}"
	)


def test_places_are_filled_as_far_as_known_without_a_database(site: SampleSite) -> None:
	site.set_config(db_name=None)
	with open_site(site.bench.folder, site.name) as opened:
		assert places(opened)["db_name"] == "(not known here)"
	site.bench.restore()


def test_a_runbook_is_shown_for_a_form() -> None:
	found = runbook_as_dict(read(), BAKERY)
	assert json.loads(json.dumps(found)) == found
	assert (found["risk"], found["automatic"], found["origin"]) == ("destructive", False, "console")
	assert [
		(item["name"], item["type"], item["required"], item["secret"]) for item in found["parameters"]
	] == [
		("flour", "text", True, False),
		("bread", "whole number", False, False),
		("recipe", "text", False, True),
	]
	assert shown_value(timedelta(minutes=30)) == "30 min"
	assert shown_value(("a", "b")) == "a, b"
	assert shown_value(5) == 5
