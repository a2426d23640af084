"""What the demonstration puts right, in front of the reader: planned, agreed to, made, verified; one taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from recovery_console.core.action_registry import all_actions
from recovery_console.core.engine import Engine
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.people import MANAGER, OPERATOR, Actor
from recovery_console.core.render_run import run_as_dict, run_as_text
from recovery_console.core.run import Run, RunState
from recovery_console.core.runbooks import all_runbooks
from recovery_console.core.writable import open_writable
from tests.demo.story import Stage

OPERATOR_ON_CALL = Actor("anna@example.org", frozenset({OPERATOR}))
MANAGER_ON_CALL = Actor("bram@example.org", frozenset({MANAGER}))
#: Runbooks that answer what the acts did: mails of a killed sender, jobs of a killed worker, mandates that lapsed.
REPAIRED = ("release-stuck-emails", "release-abandoned-jobs", "end-expired-mandates")
TAKEN_BACK = "end-expired-mandates"


def put_right(stage: Stage, clock: Callable[[], datetime]) -> bool:
	"""Run the runbooks, take one back, and tell whether everything went as it should."""
	engine = Engine(
		open_site=lambda: open_writable(stage.bench.folder, stage.site.name, clock=clock),
		journal=FileJournal(stage.site.path),
		actions=all_actions(),
		runbooks=all_runbooks(),
	)
	done = {runbook: _run(engine, runbook) for runbook in REPAIRED}
	_say(f"recovery-console undo {done[TAKEN_BACK].id}")
	before = stage.site.checksums()
	undone = _go_on(engine, engine.undo(done[TAKEN_BACK].id, MANAGER_ON_CALL))
	changed = [name for name, text in stage.site.checksums().items() if before[name] != text]
	click.echo(f"{undone.state}: {undone.said} Tables that changed: {', '.join(changed)}.", err=True)
	succeeded = all(run.state is RunState.SUCCEEDED and run.made for run in done.values())
	return succeeded and undone.state is RunState.UNDONE


def _run(engine: Engine, runbook: str) -> Run:
	_say(f"recovery-console run {runbook}")
	run = engine.create(engine.runbooks[runbook], {}, OPERATOR_ON_CALL, "found by the diagnosis")
	with engine.open_site() as site:
		click.echo(run_as_text(run_as_dict(run, engine.actions, site), samples=2), err=True)
	if run.state is RunState.AWAITING_APPROVAL:
		run = engine.approve(run.id, MANAGER_ON_CALL, "seen, and right")
		click.echo(f"Approved by {MANAGER_ON_CALL.name}.", err=True)
	run = _go_on(engine, run)
	click.secho(f"{run.state}: {run.said} ({run.made} of {run.planned} made)", err=True, bold=True)
	return run


def _go_on(engine: Engine, run: Run) -> Run:
	while run.state.moves or run.state is RunState.PLANNED:
		run = engine.advance(run.id, OPERATOR_ON_CALL)
	return run


def _say(text: str) -> None:
	click.secho(f"\n{text}", err=True, bold=True)
