"""Bench commands. Bench imports this on every call, so further imports are inside the functions."""

from collections.abc import Mapping
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
		import frappe

		from recovery_console.core.people import shell_actor

		site = _only(sites)
		try:
			frappe.init(site)
			frappe.connect()
		except Exception as error:  # noqa: BLE001 (said, and repaired without: the site may be what is broken)
			from recovery_console.core.redact import redact_text

			click.echo(f"Frappe does not start ({redact_text(str(error))}); going on without it.", err=True)
			from recovery_console.in_site import bench_folder
			from recovery_console.rescue.engines import break_glass_engine

			return break_glass_engine(bench_folder(), site), shell_actor()
		from recovery_console.in_site import runs

		return runs.engine(), shell_actor()

	def asks(question: str, given: Mapping[str, Any]):
		import frappe

		from recovery_console.core.errors import SourceUnavailable
		from recovery_console.core.redact import redact_text
		from recovery_console.core.why import needs_frappe
		from recovery_console.rescue.asking import INSTEAD

		site = _only(sites)
		try:
			frappe.init(site)
			frappe.connect()
		except Exception as error:
			instead = needs_frappe(question, INSTEAD)
			reason = f"Frappe does not start: {redact_text(str(error))}."
			raise SourceUnavailable("frappe", reason, remedy=instead.remedy) from error
		from recovery_console.in_site.why import ask

		return ask(question, given)

	return Target(open_target, keep, named=len(sites) == 1, engines=engine, asks=asks)


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
