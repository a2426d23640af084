"""Trying one action on a broken sample site: plan, do its acts, look again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from recovery_console.core.action import Action, build
from recovery_console.core.action_registry import find_action
from recovery_console.core.edits import Act
from recovery_console.core.plan import Plan, read_plan
from recovery_console.core.writable import WritableSite, open_writable
from tests.conftest import look_at
from tests.faults import all_faults
from tests.support.sample import SampleSite


@contextmanager
def writable(site: SampleSite) -> Iterator[WritableSite]:
	"""Open a sample site as the engine does."""
	now = site.bench.now
	opened = open_writable(site.bench.folder, site.name, clock=lambda: now)
	try:
		yield opened
	finally:
		opened.close()


def planned(site: SampleSite, action: str, **given: Any) -> Plan:
	"""Return what an action would do; a journal could hold it."""
	with writable(site) as opened:
		plan = build(find_action(action), given).plan(opened)
	assert read_plan(plan.as_dict()).digest == plan.digest
	assert all(edit.reversible for edit in plan.edits) or find_action(action).risk != "reversible"
	return plan


def acts_done(site: SampleSite, action: str, **given: Any) -> tuple[Plan, list[str]]:
	"""Plan an action that is made of acts, do them, and return what came of each; each then says that it was done."""
	plan = planned(site, action, **given)
	done: Action = build(find_action(action), given)
	said = []
	with writable(site) as opened:
		for edit in plan.edits:
			assert isinstance(edit, Act)
			said.append(done.perform(opened, edit))
			assert done.is_done(opened, edit) in (True, False, None)
	return plan, said


def breaks(site: SampleSite, fault: str) -> None:
	"""Break a healthy site as a fault of the catalogue does, on its databases only."""
	all_faults()[fault].breaks(site)


def findings(site: SampleSite, check: str) -> list[Any]:
	"""Return what a check finds now."""
	[result] = look_at(site, check).results
	assert result.status != "unknown", result.reason
	return list(result.findings)
