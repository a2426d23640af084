"""The commands, shared by `recovery-console` and `bench recovery`: same names, options and formats."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import click

from recovery_console.rescue.asking import why
from recovery_console.rescue.bundling import bundle
from recovery_console.rescue.command_base import BriefCommand, CarefulCommand, Target
from recovery_console.rescue.contacting import contacts
from recovery_console.rescue.incidents import incident
from recovery_console.rescue.repairing import REPAIRING

if TYPE_CHECKING:
	from pathlib import Path

	from recovery_console.rescue.fleet import Asked


@click.command(cls=BriefCommand)
@click.option("--family", "families", multiple=True, metavar="FAMILY", help="Only the checks of this family.")
@click.option(
	"--check", "ids", multiple=True, metavar="ID", help="Only this check; also one that is on request."
)
@click.option(
	"--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@click.option("--output", metavar="FILE", help="Write the report to FILE instead of printing it.")
@click.option(
	"--deadline",
	type=click.FloatRange(1, 3600),
	default=30.0,
	show_default=True,
	help="Seconds for the whole diagnosis.",
)
@click.pass_obj
def diagnose(
	target: Target,
	families: tuple[str, ...],
	ids: tuple[str, ...],
	form: str,
	output: str | None,
	deadline: float,
) -> None:
	"""Find out what is wrong with the site. Reads only.

	Of several sites (--all-sites, bench --site all) there is one report, in which what they share is named once.

	Exits with 0 when all is well, 1 on a warning, 2 when something is critical, 3 when something could not be
	looked at, 64 and more when the call itself is wrong.
	"""
	from recovery_console.core.ahead import read_ahead
	from recovery_console.core.extensions import checks_for
	from recovery_console.core.registry import select_checks
	from recovery_console.core.report import diagnose as run
	from recovery_console.rescue.formats import render
	from recovery_console.rescue.output import emit, progress

	if target.fleet is not None:
		from recovery_console.rescue.fleet import Asked

		_diagnose_all(*target.fleet(), Asked(families, ids, deadline), form, output)
	with target.open() as site:
		if not families and not ids:
			read_ahead(site)
		checks = select_checks(families, ids, known=checks_for(site))
		report = run(site, checks, deadline=timedelta(seconds=deadline), on_progress=progress())
		text = render(report, form, site, colour=output is None and sys.stdout.isatty())
	emit(text, output)
	raise SystemExit(report.exit_status)


def _diagnose_all(bench: Path, names: list[str], asked: Asked, form: str, output: str | None) -> NoReturn:
	from recovery_console.core.errors import UsageError
	from recovery_console.rescue.fleet import diagnose_fleet
	from recovery_console.rescue.formats import render_fleet
	from recovery_console.rescue.output import emit, show_site

	if not names:
		raise UsageError(f"{bench} has no site.", remedy="Name another bench with --bench.")
	fleet = diagnose_fleet(bench, names, asked, on_progress=show_site)
	emit(render_fleet(fleet, form, colour=output is None and sys.stdout.isatty()), output)
	raise SystemExit(fleet.exit_status)


@click.command(cls=CarefulCommand)
@click.option(
	"--deadline",
	type=click.FloatRange(1, 3600),
	default=30.0,
	show_default=True,
	help="Seconds for the whole diagnosis.",
)
@click.pass_obj
def snapshot(target: Target, deadline: float) -> None:
	"""Diagnose the site and keep the report, for the trend and for later. Prints the status.

	Exits with 0 once the report is kept, whatever it says.
	"""
	from recovery_console.core.extensions import checks_for
	from recovery_console.core.registry import select_checks
	from recovery_console.core.report import diagnose as run
	from recovery_console.core.snapshot import append
	from recovery_console.rescue.output import progress

	with target.open() as site:
		report = run(
			site,
			select_checks(known=checks_for(site)),
			deadline=timedelta(seconds=deadline),
			on_progress=progress(),
		)
		path = site.path
	kept = target.keep(report.as_dict()) if target.keep else str(append(path, report.as_dict()))
	click.echo(report.status.value)
	click.echo(f"Kept as {kept}", err=True)


@click.command("explain", cls=CarefulCommand)
@click.argument("text", required=False)
@click.option("--file", metavar="PATH", help="Explain the errors in this text file, such as a log.")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="At most so many.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def explain_error(target: Target, text: str | None, file: str | None, limit: int, form: str) -> None:
	"""Explain the error in TEXT: what it means, why it happens, what to do. `-` reads standard input.

	Needs no site; with --site it also asks the known errors that this site keeps itself. Secrets are taken out of
	what is printed. Exits with 0 when something known was found, with 1 when nothing was, with 64 and more when
	the call itself is wrong.
	"""
	from recovery_console.rescue.explaining import as_dict, as_text, explain_for, read_text

	answer = as_dict(*explain_for(target, read_text(text, file), limit))
	click.echo(json.dumps(answer, indent=1, ensure_ascii=False) if form == "json" else as_text(answer))
	raise SystemExit(0 if answer["matches"] else 1)


@click.command("explain-query", cls=CarefulCommand)
@click.argument("query", required=False)
@click.option("--file", metavar="PATH", help="Read the query from this text file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def explain_query(target: Target, query: str | None, file: str | None, form: str) -> None:
	"""Say how the site's database would carry out QUERY, and what would help. `-` reads standard input.

	QUERY is one SELECT. It is not run: the database is asked for its plan only, in a session that cannot write.
	Exits with 0 when there is a plan, with 64 and more when there is none.
	"""
	from recovery_console.rescue.explaining import read_text
	from recovery_console.rescue.querying import as_text
	from recovery_console.rescue.querying import explain_query as explained

	text = read_text(query, file)
	with target.open() as site:
		answer = explained(site, text)
	click.echo(json.dumps(answer, indent=1, ensure_ascii=False) if form == "json" else as_text(answer))


@click.command("list", cls=CarefulCommand)
@click.argument("what", type=click.Choice(["checks", "actions", "runbooks", "errors", "faults"]))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_things(what: str, form: str) -> None:
	"""List what the console knows: its checks, actions, runbooks, known errors, faults."""
	from recovery_console.rescue.catalogue import columns, rows

	listed = rows(what)
	if form == "json":
		click.echo(json.dumps(listed, indent=1, ensure_ascii=False))
		return
	for row in listed:
		click.echo("  ".join(str(row[name]).ljust(width) for name, width in columns(what)).rstrip())
	click.echo(f"{len(listed)} {what}", err=True)


COMMANDS: tuple[click.Command, ...] = (
	diagnose,
	snapshot,
	bundle,
	explain_error,
	explain_query,
	why,
	list_things,
	*REPAIRING,
	incident,
	contacts,
)
