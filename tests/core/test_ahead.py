"""Reading ahead, beside the loading of checks."""

from __future__ import annotations

from recovery_console.core.ahead import read_ahead
from recovery_console.core.checks.database._expected import expected
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.registry import select_checks
from recovery_console.core.report import diagnose, learn_whole
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite


def test_who_needs_it_meanwhile_gets_the_same_answer(any_site: SampleSite) -> None:
	with open_site(any_site.bench.folder, any_site.name) as site:
		read_ahead(site)
		learn_whole(site)
		ahead = expected(site), {found.name for found in tables(site)}
	with open_site(any_site.bench.folder, any_site.name) as site:
		assert ahead == (expected(site), {found.name for found in tables(site)})


def test_what_cannot_be_read_is_left_to_the_checks(any_site: SampleSite) -> None:
	any_site.set_config(db_name="")
	with open_site(any_site.bench.folder, any_site.name) as site:
		read_ahead(site)
		[looked] = diagnose(site, select_checks(ids=["database.missing_columns"])).results
	assert looked.status == "unknown"
	assert "db_name" in (looked.reason or "")
