"""The commands that repair: plan, ask, make, verify, take back. The same in break-glass and inside the site."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from recovery_console.rescue.command_base import RepairCommand, Target

if TYPE_CHECKING:
	from recovery_console.core.engine import Engine
	from recovery_console.core.people import Actor
	from recovery_console.core.run import Run

#: Exit status: the run waits for somebody, or did not help.
WAITS = 1
FAILED = 2
_SECRET_FILE = 1024 * 1024 * 8

form_option = click.option(
	"--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
reason_option = click.option("--reason", default="", metavar="TEXT", help="Why, for the record.")


@click.command("run", cls=RepairCommand)
@click.argument("runbook")
@click.option(
	"--param",
	"parameters",
	multiple=True,
	metavar="NAME=VALUE",
	help="A parameter of the runbook; NAME=@FILE reads its value from a file, NAME=- asks for it.",
)
@click.option("--plan-only", is_flag=True, help="Show exactly what would be changed, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; for what cannot be taken back that is not enough.")
@reason_option
@click.option(
	"--approved-by", default="", metavar="NAME", help="The second person, where the risk demands one."
)
@click.option(
	"--type-site", default="", metavar="NAME", help="The site's name, where something is lost for good."
)
@form_option
@click.pass_obj
def run_runbook(
	target: Target,
	runbook: str,
	parameters: Sequence[str],
	plan_only: bool,
	yes: bool,
	reason: str,
	approved_by: str,
	type_site: str,
	form: str,
) -> None:
	"""Put something right with RUNBOOK: shows the plan, asks, makes it, verifies.

	Exits with 0 when it helped (or only the plan was asked for), 1 when it waits for somebody, 2 when it failed,
	64 and more when the call itself is wrong.
	"""
	from recovery_console.core.runbooks import find_runbook

	engine, actor = target.engine()
	chosen = find_runbook(runbook, engine.runbooks)
	given = _given(parameters)
	if plan_only:
		planned, _plans = engine.plan(chosen, given, actor, reason)
		_show(engine, planned, form)
		return
	run = engine.create(chosen, given, actor, reason)
	_show(engine, run, "text", err=form == "json")
	_agree(engine, run, actor, yes=yes, reason=reason, approved_by=approved_by, type_site=type_site)
	_go_on(engine, run.id, actor, form, secrets=given)


@click.command("resume", cls=RepairCommand)
@click.argument("run")
@reason_option
@form_option
@click.pass_obj
def resume(target: Target, run: str, reason: str, form: str) -> None:
	"""Go on with RUN where it ended, was paused, or died; wherever it was started."""
	engine, actor = target.engine()
	engine.resume(run, actor, reason)
	_go_on(engine, run, actor, form)


@click.command("undo", cls=RepairCommand)
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reason_option
@form_option
@click.pass_obj
def undo(target: Target, run: str, yes: bool, reason: str, form: str) -> None:
	"""Take back what RUN made, in the opposite order."""
	engine, actor = target.engine()
	found = engine.journal.load(run)
	if not yes and not click.confirm(f"Take back {found.made} changes of “{found.title}”?", err=True):
		raise SystemExit(WAITS)
	engine.undo(run, actor, reason)
	_go_on(engine, run, actor, form)


@click.command("approve", cls=RepairCommand)
@click.argument("run")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the record.")
@click.option(
	"--approved-by", default="", metavar="NAME", help="Who agrees, where it is not the one at this shell."
)
@click.option("--type-site", default="", metavar="NAME", help="The site's name, where it is asked for.")
@form_option
@click.pass_obj
def approve(target: Target, run: str, reason: str, approved_by: str, type_site: str, form: str) -> None:
	"""Agree to what RUN has planned. `resume` then lets it go on."""
	engine, actor = target.engine()
	found = engine.approve(run, _second(actor, approved_by), reason, typed=type_site)
	_show(engine, found, form)


@click.command("confirm", cls=RepairCommand)
@click.argument("run")
@click.option("--note", default="", metavar="TEXT", help="What was done, for the record.")
@form_option
@click.pass_obj
def confirm(target: Target, run: str, note: str, form: str) -> None:
	"""Say that the manual step whose turn it is in RUN was done, and go on."""
	engine, actor = target.engine()
	engine.confirm(run, actor, note)
	_go_on(engine, run, actor, form)


@click.command("cancel", cls=RepairCommand)
@click.argument("run")
@reason_option
@form_option
@click.pass_obj
def cancel(target: Target, run: str, reason: str, form: str) -> None:
	"""End RUN before its next change. What it made stays, and can be undone."""
	engine, actor = target.engine()
	_show(engine, engine.cancel(run, actor, reason), form)


@click.command("pause", cls=RepairCommand)
@click.argument("run")
@reason_option
@form_option
@click.pass_obj
def pause(target: Target, run: str, reason: str, form: str) -> None:
	"""Stop RUN before its next change; `resume` lets it go on."""
	engine, actor = target.engine()
	_show(engine, engine.pause(run, actor, reason), form)


@click.command("runs", cls=RepairCommand)
@click.argument("run", required=False)
@form_option
@click.pass_obj
def runs(target: Target, run: str | None, form: str) -> None:
	"""List the runs of the site, newest first; or show RUN with everything that it planned and made."""
	engine, _actor = target.engine()
	if run:
		_show(engine, engine.journal.load(run), form)
		return
	found = _readable(engine)
	rows = [
		{
			"id": item.id,
			"state": item.state.value,
			"runbook": item.runbook,
			"created": item.created.isoformat(timespec="seconds"),
			"requested_by": item.requested_by,
			"made": item.made,
			"planned": item.planned,
		}
		for item in found
	]
	if form == "json":
		click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
		return
	for row in rows:
		click.echo(
			f"{row['id']}  {row['state']:<17} {row['created']}  {row['made']}/{row['planned']}  {row['runbook']}"
		)
	click.echo(f"{len(rows)} runs in {engine.journal.place}", err=True)


def _readable(engine: Engine) -> list[Run]:
	"""Return the runs, newest first; of one whose journal is damaged it is said that it is."""
	from recovery_console.core.errors import ConsoleError

	found: list[Run] = []
	for name in engine.journal.run_ids():
		try:
			found.append(engine.journal.load(name))
		except ConsoleError as error:
			click.secho(f"{name}  {error.message}", err=True, fg="red")
	return found


@click.command("adopt", cls=RepairCommand)
@click.pass_obj
def adopt(target: Target) -> None:
	"""Take into the site the runs and incidents that were kept beside it while it could not keep them.

	Adopting twice changes nothing; the files stay. Incidents are taken in by bench alone: that needs Frappe.
	"""
	from recovery_console.core.adopting import adopt_runs

	with target.open() as site:
		runs_taken = adopt_runs(site)
	book = target.book()
	incidents_taken = book.adopt()
	for name in (*runs_taken, *incidents_taken):
		click.echo(name)
	click.echo(f"{len(runs_taken)} runs and {len(incidents_taken)} incidents taken in", err=True)
	for text in book.notes:
		click.echo(text, err=True)


def _given(parameters: Sequence[str]) -> dict[str, Any]:
	"""Read NAME=VALUE; a file or the terminal gives what should not stand on a command line."""
	from recovery_console.core.errors import UsageError

	given: dict[str, Any] = {}
	for text in parameters:
		name, sign, value = text.partition("=")
		if not sign or not name:
			raise UsageError(
				f"{text[:80]!r} is no parameter.",
				remedy="Write it as NAME=VALUE, such as older_than='30 min'.",
			)
		if name in given:
			raise UsageError(
				f"{name} is given twice.", remedy="Give it once; a list has commas between names."
			)
		given[name] = _value(name, value)
	return given


def _value(name: str, value: str) -> str:
	from recovery_console.core.errors import UsageError

	if value == "-":
		return str(click.prompt(name.replace("_", " ").capitalize(), hide_input=True, err=True))
	if not value.startswith("@"):
		return value
	try:
		with open(value[1:], "rb") as file:
			raw = file.read(_SECRET_FILE + 1)
		if len(raw) > _SECRET_FILE:
			raise UsageError(f"{value[1:]} has more than {_SECRET_FILE} bytes.", remedy="Give it in parts.")
		return raw.decode("utf-8-sig")
	except (OSError, UnicodeDecodeError) as error:
		raise UsageError(
			f"{value[1:]} cannot be read as a UTF-8 text: {error}.",
			remedy="Name a text file that you may read.",
		) from error


def _second(actor: Actor, approved_by: str) -> Actor:
	from recovery_console.core.approval import RefusedError
	from recovery_console.core.people import Actor as Person

	approved_by = approved_by.strip()
	if approved_by and actor.is_same(approved_by):
		raise RefusedError(
			f"{approved_by} is the one at this shell, and no second person.",
			remedy="Name somebody else, who has seen the plan.",
		)
	return Person(f"{approved_by} (named by {actor.name})", actor.roles) if approved_by else actor


def _agree(
	engine: Engine, run: Run, actor: Actor, *, yes: bool, reason: str, approved_by: str, type_site: str
) -> None:
	"""Get the approval that the plan demands, or leave the run waiting for it."""
	from recovery_console.core.approval import open_demand

	with engine.open_site() as site:
		asked = open_demand(run, engine.actions, site.now())
		name = site.name
	if asked is None:
		return
	if not yes:
		if not sys.stdin.isatty():
			click.echo(f"Waits for approval: recovery-console approve {run.id} --reason …", err=True)
			raise SystemExit(WAITS)
		if not click.confirm("Make these changes?", err=True):
			engine.cancel(run.id, actor, "Declined at the prompt.")
			click.echo("Nothing was changed.", err=True)
			raise SystemExit(WAITS)
		reason = reason or click.prompt("Why", err=True)
		if asked.second_person and not approved_by:
			approved_by = click.prompt("Approved by (a second person)", err=True)
		if asked.typed and not type_site:
			type_site = click.prompt(f"This cannot be taken back. Type {name}", err=True)
	engine.approve(run.id, _second(actor, approved_by), reason or "--yes", typed=type_site)


def _go_on(
	engine: Engine, run_id: str, actor: Actor, form: str, secrets: dict[str, Any] | None = None
) -> None:
	"""Advance a run until it waits for somebody or is over, and exit by how it ended."""
	from recovery_console.core.run import RunState
	from recovery_console.core.times import UTC

	run = engine.journal.load(run_id)
	shown = ""
	while run.state.moves or run.state is RunState.PLANNED:
		if run.next_attempt is not None:
			wait = (run.next_attempt - datetime.now(UTC)).total_seconds()
			if wait > 0:
				click.echo(f"  {run.said} (again in {wait:.0f} s)", err=True)
				time.sleep(wait)
		run = engine.advance(run_id, actor, secrets)
		line = _progress(run)
		if line != shown:
			click.echo(line, err=True)
			shown = line
	_show(engine, run, form)
	good = (RunState.SUCCEEDED, RunState.UNDONE)
	nothing = run.state is RunState.ABANDONED and not run.made
	raise SystemExit(0 if run.state in good or nothing else FAILED if not run.state.is_open else WAITS)


def _progress(run: Run) -> str:
	number = run.cursor
	done = sum(step.ended for step in run.steps)
	title = run.steps[number].step.title if number is not None else "verifying"
	return f"  [{done}/{len(run.steps)}] {run.state.value}: {title or ''}"


def _show(engine: Engine, run: Run, form: str, *, err: bool = False) -> None:
	from recovery_console.core.render_run import run_as_dict, run_as_text

	with engine.open_site() as site:
		shown = run_as_dict(run, engine.actions, site)
	text = json.dumps(shown, indent=1, ensure_ascii=False) if form == "json" else run_as_text(shown)
	click.echo(text, err=err)


REPAIRING: tuple[click.Command, ...] = (
	run_runbook,
	resume,
	undo,
	approve,
	confirm,
	pause,
	cancel,
	runs,
	adopt,
)
