"""Running runbooks on sample sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recovery_console.core.action_registry import all_actions
from recovery_console.core.engine import Engine
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.journal import Journal
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.run import Run
from recovery_console.core.runbook import Runbook
from recovery_console.core.runbooks import all_runbooks
from recovery_console.core.writable import open_writable
from tests.support.sample import SampleSite

REQUESTER = Actor("requester@example.org", frozenset({OPERATOR}))
APPROVER = Actor("approver@example.org", frozenset({MANAGER}))
#: No runbook has so many steps.
MOST_STEPS = 60


def engine(
	site: SampleSite,
	*,
	runbooks: Mapping[str, Runbook] | None = None,
	journal: Journal | None = None,
	on_boundary: Callable[[str], None] = lambda _name: None,
) -> Engine:
	"""Return an engine for a sample site, with its clock, that keeps its runs beside the site, or in the given journal."""
	now = site.bench.now
	return Engine(
		open_site=lambda: open_writable(site.bench.folder, site.name, clock=lambda: now),
		journal=journal or FileJournal(site.path),
		actions=all_actions(),
		runbooks=runbooks or all_runbooks(),
		on_boundary=on_boundary,
	)


def start(engine: Engine, runbook: str, given: Mapping[str, object], site: SampleSite) -> Run:
	"""Plan a runbook and have it approved by a second person."""
	run = engine.create(engine.runbooks[runbook], given, REQUESTER, "a test")
	return engine.approve(run.id, APPROVER, "a test", typed=site.name, requester=True)


def to_the_end(engine: Engine, run: Run, site: SampleSite, actor: Actor = REQUESTER) -> Run:
	"""Let a run go on until it waits or is over; what asks again on the way is approved."""
	for _ in range(MOST_STEPS):
		if run.state.value == "Awaiting Approval":
			run = engine.approve(run.id, APPROVER, "a test", typed=site.name)
		if run.state.value != "Planned" and not run.state.moves:
			return run
		assert run.next_attempt is None, f"it waits: {run.said}"
		run = engine.advance(run.id, actor)
	raise AssertionError(f"run {run.id} does not come to its end: {run.state} {run.said}")
