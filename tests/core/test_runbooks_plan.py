"""Every runbook that asks for nothing can be planned on a healthy site, or says in words why not."""

from __future__ import annotations

import pytest

from recovery_console.core.action_registry import all_actions
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


@pytest.mark.parametrize("runbook_id", [item.id for item in all_runbooks().values() if item.otherwise])
def test_going_on_with_another_runbook_comes_to_an_end(runbook_id: str) -> None:
	runbooks = all_runbooks()
	path = [runbook_id]
	while going_on := runbooks[path[-1]].otherwise:
		assert going_on in runbooks, f"{path[-1]} goes on with {going_on}, which is not there"
		assert going_on not in path, f"in circles: {' → '.join([*path, going_on])}"
		path.append(going_on)


def test_the_page_of_emergencies_holds_nothing_else() -> None:
	emergencies = [item.id for item in all_runbooks().values() if item.emergency]
	assert len(emergencies) <= 26, "who reads it at night must find theirs; what can wait is no emergency"


#: What may be switched on to run by itself. Who adds one here has asked: does evidence go, does mail or money move,
#: is anybody locked out or let in, did somebody want it so, does it reach another site?
UNATTENDED = """
align-upload-limits clear-expired-sessions clear-permission-cache close-backup-folder
close-config-files close-stuck-runs drop-byte-order-mark end-stuck-restart forget-dead-workers
give-imports-their-file-back hide-backups make-private-files-private mend-session-expiry
more-room-for-failed-jobs name-backups-plainly open-files-to-their-owner refuse-guest-uploads
release-abandoned-jobs repeat-failed-jobs save-waiting-errors start-console-jobs unblock-scheduled-jobs
unlock-documents use-default-scheduler-interval
"""


def test_only_what_needs_no_eye_runs_by_itself() -> None:
	actions = all_actions()
	found = {item.id for item in all_runbooks().values() if item.automatic(actions)}
	assert not found - set(UNATTENDED.split()), "set unattended = false in its file, or add it here"


def test_no_restore_is_typed_with_the_newest_backup() -> None:
	"""The newest may be the broken state: these runbooks keep it before they restore."""
	typed = [(item.id, step.command) for item in all_runbooks().values() for step in item.steps]
	assert [name for name, text in typed if " restore " in text and "{latest_backup}" in text] == []
