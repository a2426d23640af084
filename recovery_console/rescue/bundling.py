"""`bundle`: evidence of a site, or of one of its incidents, in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recovery_console.rescue.command_base import CarefulCommand, Target

if TYPE_CHECKING:
	from recovery_console.core.journal import Journal
	from recovery_console.core.site import Site

_KIB = 1024


@click.command("bundle", cls=CarefulCommand)
@click.option(
	"--output",
	metavar="FILE",
	help="The zip to write; by default one in this folder that is named after the site and the time.",
)
@click.option("--incident", metavar="NAME", help="With the record and the timeline of this incident.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def bundle(target: Target, output: str | None, incident: str | None, form: str) -> None:
	"""Keep the evidence: diagnosis, errors, logs, queues, processes, versions and configuration, in one zip.

	Reads only. Secrets, account numbers and the local parts of e-mail addresses are taken out. What cannot be read is
	said, and the rest is kept. Prints where the file is; with --format json its manifest.
	"""
	from recovery_console.core.bundle import write

	with target.open() as site:
		data = _incident(target, site, incident) if incident else {}
		path = Path(output).expanduser() if output else Path.cwd() / _name(site)
		click.echo("Looking at the site …", err=True)
		manifest = write(site, data, path, journal=_journal(target), whole_bench=True)
	click.echo(json.dumps(manifest, indent=1, ensure_ascii=False) if form == "json" else str(path))
	for item in manifest["files"]:
		if item["status"] != "whole":
			click.echo(f"  {item['status']:<8}  {item['file']}: {item['why']}", err=True)
	size = max(1, round(manifest["bytes"] / _KIB))
	click.echo(f"{size} KiB, SHA-256 {manifest['sha256']}", err=True)


def _name(site: Site) -> str:
	return f"evidence-{site.name}-{site.now():%Y%m%dT%H%M%SZ}.zip"


def _incident(target: Target, site: Site, name: str) -> dict[str, Any]:
	"""Return what is known of an incident, in the site or beside it."""
	from recovery_console.core.backends.sql import table
	from recovery_console.core.errors import SourceUnavailable

	record, _zone = target.book().read(name)
	found = record.as_dict()
	found["timeline"] = [{"number": number, **line} for number, line in enumerate(found["timeline"], 1)]
	try:
		if site.has_doctype("Incident", "impact"):
			t = table("Incident")
			found["impact"] = site.db.value(site.db.from_(t).select(t.impact).where(t["name"] == name))
	except SourceUnavailable:
		pass  # the manifest says that the database does not answer
	return found


def _journal(target: Target) -> Journal | None:
	"""Return the record of runs, wherever it is kept."""
	from recovery_console.core.errors import ConsoleError

	try:
		engine, _actor = target.engine()
	except ConsoleError:
		return None
	return engine.journal
