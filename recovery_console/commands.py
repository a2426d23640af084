"""Bench commands. Bench imports this on every call, so further imports are inside the functions."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from frappe.commands import pass_context

from recovery_console.rescue.command_base import CarefulGroup, Target
from recovery_console.rescue.commands import COMMANDS


@click.group("recovery", cls=CarefulGroup)
@pass_context
def recovery(context: Any) -> None:
	"""Find out what is wrong with a site, and put it right."""
	click.get_current_context().obj = _target(list(context.sites or ()))


def _target(sites: list[str]) -> Target:
	def open_target():
		from recovery_console.in_site import open_site

		return open_site(_only(sites))

	def keep(report: dict[str, Any]) -> str:
		import frappe

		from recovery_console.core import snapshot
		from recovery_console.in_site import snapshots

		with frappe.init_site(_only(sites)):
			try:
				frappe.connect()
				return f"Health Snapshot {snapshots.keep(report, 'Command Line')}"
			except Exception as error:  # noqa: BLE001 (said, and the report is kept beside the site)
				click.echo(f"It could not be stored as a document: {error}", err=True)
				return str(snapshot.append(Path(frappe.get_site_path()).resolve(), report))

	def engine():
		from recovery_console.core.people import shell_actor

		site = _only(sites)
		if reason := _why_not(site):
			click.echo(f"Frappe does not start ({reason}); going on without it.", err=True)
			from recovery_console.in_site import bench_folder
			from recovery_console.rescue.engines import break_glass_engine

			return break_glass_engine(bench_folder(), site), shell_actor()
		from recovery_console.in_site import runs

		return runs.engine(), shell_actor()

	return Target(
		open_target,
		keep,
		named=len(sites) == 1,
		engines=engine,
		asks=partial(_ask, sites),
		books=partial(_book, sites),
		fleet=partial(_fleet, sites) if len(sites) > 1 else None,
	)


def _fleet(sites: list[str]) -> tuple[Path, list[str]]:
	from recovery_console.in_site import bench_folder

	return Path(bench_folder()), sites


def _ask(sites: list[str], question: str, given: Mapping[str, Any]):
	from recovery_console.core.errors import SourceUnavailable
	from recovery_console.core.why import needs_frappe
	from recovery_console.rescue.asking import INSTEAD

	if reason := _why_not(_only(sites)):
		instead = needs_frappe(question, INSTEAD)
		raise SourceUnavailable("frappe", f"Frappe does not start: {reason}.", remedy=instead.remedy)
	from recovery_console.in_site.why import ask

	return ask(question, given)


def _book(sites: list[str]):
	from recovery_console.core.people import shell_actor
	from recovery_console.rescue.incident_book import IncidentBook

	if reason := _why_not(_only(sites)):
		click.echo(f"Frappe does not start ({reason}); going on without it.", err=True)
		from recovery_console.in_site import open_site

		return IncidentBook(lambda: open_site(_only(sites)), shell_actor())
	from recovery_console.in_site.incident_book import SiteBook

	return SiteBook(shell_actor())


def _why_not(site: str) -> str:
	"""Connect Frappe to a site, or say why that fails: the site may be what is broken."""
	import frappe

	try:
		frappe.init(site)
		frappe.connect()
	except Exception as error:  # noqa: BLE001 (said by who calls, who then goes on without Frappe)
		from recovery_console.core.redact import redact_text

		return redact_text(str(error)) or type(error).__name__
	return ""


def _only(sites: list[str]) -> str:
	from recovery_console.core.errors import UsageError

	if len(sites) == 1:
		return sites[0]
	raise UsageError(
		f"{len(sites)} sites were named." if sites else "No site was named.",
		remedy="Name one: bench --site NAME recovery …",
	)


for command in COMMANDS:
	recovery.add_command(command)

commands = [recovery]
