"""A third-party app adds checks and known errors by naming a package in one hook."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery_console.core.errors import ConsoleError
from recovery_console.core.extensions import checks_for, errors_for
from recovery_console.core.finding import Status
from recovery_console.core.knowledge import explain_text
from recovery_console.core.registry import all_checks, select_checks
from recovery_console.core.report import Report, diagnose
from recovery_console.core.site import open_site
from tests.support.bench_folder import add_app
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
