"""Closing a site for a while: for everybody, and back to the byte."""

from __future__ import annotations

import json

from tests.core.actions._trying import findings, planned
from tests.faults.portal._help import add_sessions
from tests.support.repairs import APPROVER, REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite


def test_a_site_is_closed_and_opened_again_to_the_byte(any_site: SampleSite) -> None:
	before = any_site.config_path.read_bytes()
	at_work = planned(any_site, "config.start_maintenance").evidence["users_at_work"]
	add_sessions(any_site, "anna@example.org", 2, hours=0.4)
	add_sessions(any_site, "bert@example.org", 1, hours=0.6)
	assert planned(any_site, "config.start_maintenance").evidence["users_at_work"] == at_work + 1
	works = engine(any_site)
	run = to_the_end(works, start(works, "start-maintenance", {}, any_site), any_site)
	run = works.confirm(run.id, REQUESTER, "")
	run = to_the_end(works, run, any_site)
	assert run.state.value == "Succeeded"
	assert json.loads(any_site.config_path.read_text())["maintenance_mode"] == 1
	assert planned(any_site, "config.start_maintenance").count == 0
	[finding] = findings(any_site, "scheduler.maintenance")
	assert finding.severity == "critical"
	works.undo(run.id, APPROVER)
	to_the_end(works, works.journal.load(run.id), any_site)
	assert any_site.config_path.read_bytes() == before
