"""Every runbook that asks for nothing can be planned on a healthy site, or says in words why not."""

from __future__ import annotations

import pytest

from recovery_console.core.errors import ConsoleError
from recovery_console.core.render_run import filled, places
from recovery_console.core.runbooks import all_runbooks
from recovery_console.core.site import open_site
from tests.support.repairs import REQUESTER, engine
from tests.support.sample import SampleSite


def test_every_runbook_is_planned_or_refused_in_words(any_site: SampleSite) -> None:
	works = engine(any_site)
	before = any_site.checksums()
	refused = {}
	for runbook in all_runbooks().values():
		try:
			run, _plans = works.plan(runbook, {}, REQUESTER)
		except ConsoleError as error:
			refused[runbook.id] = f"{error.message} {error.remedy}"
		else:
			assert run.runbook == runbook.id
	assert any_site.checksums() == before, "planning changes nothing"
	assert all(len(said) > 20 for said in refused.values())
	assert len(refused) < len(all_runbooks()) / 3, refused


@pytest.mark.parametrize(
	"runbook", [item for item in all_runbooks().values() if item.emergency], ids=lambda item: item.id
)
def test_an_emergency_is_told_with_this_sites_names(site: SampleSite, runbook: object) -> None:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		named = places(opened)
	for step in runbook.steps:  # type: ignore[attr-defined]
		for text in (step.instruction, step.command):
			assert not set(named) & set(filled(text, named).replace("}", "{").split("{")), text


def test_going_on_with_another_runbook_comes_to_an_end() -> None:
	runbooks = all_runbooks()
	for runbook in runbooks.values():
		if runbook.otherwise:
			assert runbook.otherwise in runbooks, (
				f"{runbook.id} goes on with {runbook.otherwise}, which is not there"
			)
			assert runbook.otherwise != runbook.id
