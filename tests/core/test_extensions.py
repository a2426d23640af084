"""A third-party app adds checks, known errors, actions and runbooks by naming a package in one hook."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.action_registry import all_actions
from recovery_console.core.errors import ConsoleError
from recovery_console.core.extensions import actions_for, checks_for, errors_for, runbooks_for
from recovery_console.core.finding import Status
from recovery_console.core.knowledge import explain_text
from recovery_console.core.registry import all_checks, select_checks
from recovery_console.core.render_run import run_as_dict
from recovery_console.core.report import Report, diagnose
from recovery_console.core.run import RunState
from recovery_console.core.runbooks import all_runbooks
from recovery_console.core.site import open_site
from recovery_console.rescue.engines import break_glass_engine
from tests.faults.footprint import expect_same, take
from tests.support.bench_folder import add_app
from tests.support.console import Console
from tests.support.repairs import APPROVER, REQUESTER, to_the_end
from tests.support.sample import SampleSite

CHECK = '''"""Is the bakery's oven warm?"""

from dataclasses import dataclass

from recovery_console.core.check import Answer, Check
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Oven(Check):
	"""Is the bakery's oven warm?

	Cost: one setting.
	"""

	title = "Oven"
	degrees: int = 180

	def run(self, site: Site) -> Answer:
		if site.config.number("oven", 20) < self.degrees:
			yield self.warning("The oven is cold.", remedy="Heat it.", subjects=[("Oven", "1")])
'''
ACTION = '''"""Heats the bakery's oven."""

from dataclasses import dataclass

from recovery_console.core.action import Action, batch
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.plan import Plan
from recovery_console.core.site import Site


@dataclass(frozen=True)
class HeatOven(Action):
	"""Heat the bakery's oven."""

	title = "Heat the oven"
	checks = ("bakery.oven",)

	degrees: int = 200

	def plan(self, site: Site) -> Plan:
		before = site.config.site.values.get("oven", ABSENT)
		edit = ConfigEdit("site", "oven", before, self.degrees)
		batches = [] if before == self.degrees else [batch("Oven", 1, edit)]
		return self.planned(site, "Heat the oven to {degrees}", batches, degrees=self.degrees)
'''
RUNBOOK = """
title = "Heat the oven"
summary = "When the oven is cold."
findings = ["bakery.oven"]
errors = ["BAKERY-01"]
parameters = ["degrees"]

[[steps]]
check = "bakery.oven"
expect = "finding"

[[steps]]
action = "bakery.heat_oven"
"""
ENTRY = """
[[error]]
id = "BAKERY-01"
category = "bakery/oven"
title = "The dough did not rise"
pattern = "YeastError: \\\\w+"
cause = "The yeast is dead."
fix = "Buy new yeast."
sample = "bakery.YeastError: dead"
"""


@pytest.fixture
def bakery(site: SampleSite) -> Iterator[Path]:
	"""An app of somebody else's, installed on the sample site."""
	add_app(site.bench.folder, "bakery", 16)
	package = site.bench.folder / "apps" / "bakery" / "bakery"
	(package / "recovery" / "checks" / "bakery").mkdir(parents=True)
	for folder in ("recovery", "recovery/checks", "recovery/checks/bakery"):
		(package / folder / "__init__.py").touch()
	(package / "recovery" / "checks" / "bakery" / "oven.py").write_text(CHECK)
	actions = package / "recovery" / "actions" / "bakery"
	actions.mkdir(parents=True)
	(actions / "heat_oven.py").write_text(ACTION)
	(actions / "__init__.py").touch()
	(actions.parent / "__init__.py").touch()
	(package / "recovery" / "runbooks").mkdir()
	(package / "recovery" / "runbooks" / "heat-the-oven.toml").write_text(RUNBOOK)
	(package / "recovery" / "knowledge").mkdir()
	(package / "recovery" / "knowledge" / "bakery.toml").write_text(ENTRY)
	hooks = package / "hooks.py"
	hooks.write_text(hooks.read_text() + 'recovery_console_extensions = ["bakery.recovery"]\n')
	apps = [*json.loads(site.value("DefaultValue", {"defkey": "installed_apps"}, "defvalue")), "bakery"]
	site.update("DefaultValue", {"defkey": "installed_apps"}, defvalue=json.dumps(apps))
	yield package
	for name in [name for name in sys.modules if name.partition(".")[0] == "bakery"]:
		del sys.modules[name]
	sys.path[:] = [path for path in sys.path if not path.endswith("/apps/bakery")]
	site.bench.restore()


def look(site: SampleSite, *families: str) -> Report:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return diagnose(opened, select_checks(families, known=checks_for(opened)))


def test_its_check_runs_beside_ours_and_its_family_comes_last(site: SampleSite, bakery: Path) -> None:
	report = look(site, "bakery", "cache")
	assert [(finding.fingerprint, finding.severity.value) for finding in report.findings] == [
		("bakery.oven", "warning")
	]
	assert list(report.families) == ["cache", "bakery"]


def test_its_known_error_is_explained(site: SampleSite, bakery: Path) -> None:
	with open_site(site.bench.folder, site.name) as opened:
		[match] = explain_text("bakery.YeastError: dead", extra=errors_for(opened))
	assert match.error.id == "BAKERY-01"


def test_its_known_error_explains_findings(site: SampleSite, bakery: Path) -> None:
	for number in range(10):
		text = "Traceback (most recent call last):\nbakery.YeastError: dead"
		site.insert(
			"Error Log", name=f"dough{number}", method="Dough", error=text, creation=site.hours_ago(2)
		)
	[finding] = [
		found for found in look(site, "errors").findings if found.fingerprint.startswith("errors.repeated")
	]
	assert finding.evidence["known_error"] == "BAKERY-01"


def test_it_is_left_alone_on_a_site_where_it_is_not_installed(site: SampleSite, bakery: Path) -> None:
	site.update("DefaultValue", {"defkey": "installed_apps"}, defvalue='["frappe"]')
	with open_site(site.bench.folder, site.name) as opened:
		assert checks_for(opened) == all_checks()


def test_it_still_runs_while_the_database_cannot_say_which_apps_are_installed(
	site: SampleSite, bakery: Path
) -> None:
	site.set_config(db_name="gone")
	report = look(site, "bakery")
	assert [result.status for result in report.results] == [Status.WARNING]


@pytest.mark.parametrize("text", ["import frappe_is_not_here", "def broken(:", "1 / 0"])
def test_a_check_that_cannot_be_loaded_is_unknown_and_stops_nothing(
	site: SampleSite, bakery: Path, text: str
) -> None:
	(bakery / "recovery" / "checks" / "bakery" / "oven.py").write_text(text)
	report = look(site, "bakery", "cache")
	assert [(result.check.id, result.status) for result in report.results if "bakery" in result.check.id] == [
		("bakery.oven", Status.UNKNOWN)
	]
	assert report.families["cache"] is Status.OK


def test_a_package_that_cannot_be_loaded_is_unknown_and_stops_nothing(site: SampleSite, bakery: Path) -> None:
	(bakery / "recovery" / "__init__.py").write_text("import frappe_is_not_here")
	with open_site(site.bench.folder, site.name) as opened:
		added = set(checks_for(opened)) - set(all_checks())
	assert added == {"console.bakery_recovery"}


def test_an_id_that_is_taken_is_unknown_and_ours_stays(site: SampleSite, bakery: Path) -> None:
	folder = bakery / "recovery" / "checks" / "cache"
	folder.mkdir()
	(folder / "__init__.py").touch()
	(folder / "reachable.py").write_text(CHECK)
	with open_site(site.bench.folder, site.name) as opened:
		found = checks_for(opened)
	assert found["cache.reachable"] is all_checks()["cache.reachable"]
	assert "console.cache_reachable_again" in found


@pytest.mark.parametrize("value", ["some_function()", "5", '[1, "bakery.recovery"]', '"bakery.recovery"'])
def test_a_hook_of_another_form_is_read_as_far_as_it_is_text(
	site: SampleSite, bakery: Path, value: str
) -> None:
	(bakery / "hooks.py").write_text(f"recovery_console_extensions = {value}\n")
	with open_site(site.bench.folder, site.name) as opened:
		added = set(checks_for(opened)) - set(all_checks())
	assert added == ({"bakery.oven"} if "bakery" in value else set())


def test_a_hook_may_say_its_type(site: SampleSite, bakery: Path) -> None:
	(bakery / "hooks.py").write_text('recovery_console_extensions: list[str] = ["bakery.recovery"]\n')
	with open_site(site.bench.folder, site.name) as opened:
		assert "bakery.oven" in checks_for(opened)


def test_a_hook_that_cannot_be_read_is_told(site: SampleSite, bakery: Path) -> None:
	(bakery / "hooks.py").write_text("recovery_console_extensions = [\n")
	assert look(site, "cache").notes == (
		"What the app bakery may add to the console was left out: its hooks.py is no valid Python.",
	)
	(bakery / "hooks.py").write_text("x = 1\n" * 200_000)
	(note,) = look(site, "cache").notes
	assert "cannot be read (File too large)" in note
	(bakery / "hooks.py").unlink()
	assert look(site, "cache").notes == ()


def test_known_errors_that_make_no_sense_are_named(site: SampleSite, bakery: Path) -> None:
	(bakery / "recovery" / "knowledge" / "bakery.toml").write_text("[[error]]\nid = 1\n")
	with (
		open_site(site.bench.folder, site.name) as opened,
		pytest.raises(ConsoleError, match=r"bakery\.toml"),
	):
		errors_for(opened)


class TestRepairing:
	"""Its action and its runbook are used like ours."""

	def test_its_runbook_is_run_verified_and_undone(self, site: SampleSite, bakery: Path) -> None:
		before = take(site, set())
		works = break_glass_engine(str(site.bench.folder), site.name)
		run = works.create(works.runbooks["heat-the-oven"], {"degrees": "220"}, REQUESTER, "bread")
		run = works.approve(run.id, APPROVER, "bread", requester=True)
		run = to_the_end(works, run, site)
		assert (run.state, run.said) == (RunState.SUCCEEDED, "The problem is gone.")
		assert site.config()["oven"] == 220
		assert not look(site, "bakery").findings
		works.undo(run.id, APPROVER)
		assert to_the_end(works, works.journal.load(run.id), site).state is RunState.UNDONE
		expect_same(before, take(site, set()))

	def test_it_is_listed_with_its_origin(self, site: SampleSite, bakery: Path) -> None:
		with open_site(site.bench.folder, site.name) as opened:
			actions = actions_for(opened)
			runbooks = runbooks_for(opened, actions)
		assert set(actions) - set(all_actions()) == {"bakery.heat_oven"}
		assert set(runbooks) - set(all_runbooks()) == {"heat-the-oven"}
		assert runbooks["heat-the-oven"].origin == "bakery"

	def test_without_its_app_a_run_says_so_and_is_still_shown(self, site: SampleSite, bakery: Path) -> None:
		works = break_glass_engine(str(site.bench.folder), site.name)
		run = works.create(works.runbooks["heat-the-oven"], {}, REQUESTER, "bread")
		works.approve(run.id, APPROVER, "bread")
		site.update("DefaultValue", {"defkey": "installed_apps"}, defvalue='["frappe"]')
		works = break_glass_engine(str(site.bench.folder), site.name)
		for _ in range(3):
			run = works.advance(run.id, REQUESTER)
		assert "oven" not in site.config()
		with works.open_site() as opened:
			assert run_as_dict(run, works.actions, opened)["risk"] == "destructive"

	@pytest.mark.parametrize("text", ["import frappe_is_not_here", "def broken(:", "1 / 0", "x = 1"])
	def test_an_action_that_cannot_be_loaded_stops_no_other(
		self, site: SampleSite, bakery: Path, text: str
	) -> None:
		(bakery / "recovery" / "actions" / "bakery" / "heat_oven.py").write_text(text)
		works = break_glass_engine(str(site.bench.folder), site.name)
		assert set(all_actions()) <= set(works.actions)
		assert set(all_runbooks()) <= set(works.runbooks)
		if "heat-the-oven" in works.runbooks:
			with pytest.raises(ConsoleError, match="cannot be loaded"):
				works.plan(works.runbooks["heat-the-oven"], {}, REQUESTER)

	def test_a_package_that_cannot_be_loaded_stops_no_other(self, site: SampleSite, bakery: Path) -> None:
		(bakery / "recovery" / "__init__.py").write_text("import frappe_is_not_here")
		works = break_glass_engine(str(site.bench.folder), site.name)
		assert (set(works.actions), set(works.runbooks)) == (set(all_actions()), set(all_runbooks()))

	def test_ids_that_are_taken_stay_ours(self, site: SampleSite, bakery: Path) -> None:
		folder = bakery / "recovery" / "actions" / "email"
		folder.mkdir()
		(folder / "__init__.py").touch()
		(folder / "release_stuck.py").write_text(ACTION)
		(bakery / "recovery" / "runbooks" / "enable-scheduler.toml").write_text(RUNBOOK)
		(bakery / "recovery" / "runbooks" / "broken.toml").write_text("title = 5")
		works = break_glass_engine(str(site.bench.folder), site.name)
		assert works.actions["email.release_stuck"] is all_actions()["email.release_stuck"]
		assert works.runbooks["enable-scheduler"] is all_runbooks()["enable-scheduler"]
		assert "broken" not in works.runbooks

	def test_a_runbook_of_the_site_itself_may_use_its_action(self, any_site: SampleSite) -> None:
		console = Console(any_site)
		text = RUNBOOK.replace("bakery.oven", "cache.reachable").replace(
			"bakery.heat_oven", "cache.clear_site"
		)
		text = text.replace('parameters = ["degrees"]', "").replace('errors = ["BAKERY-01"]', "")
		for name, values in {
			"our-own": {"definition": text},
			"switched-off": {"definition": text, "enabled": 0},
			"broken": {"definition": "title = "},
			"enable-scheduler": {"definition": text},
			"standard": {"definition": text, "is_standard": 1},
		}.items():
			console.data.insert(
				"Runbook", **{"name": name, "title": "x", "is_standard": 0, "enabled": 1, **values}
			)
		works = break_glass_engine(str(any_site.bench.folder), any_site.name)
		assert set(works.runbooks) - set(all_runbooks()) == {"our-own"}
		assert works.runbooks["our-own"].origin == "site"
		assert works.runbooks["enable-scheduler"].origin == "console"
		assert works.journal.place == f"the site {any_site.name}"
		any_site.bench.restore()
