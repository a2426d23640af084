"""`recovery-console`: the commands without Frappe."""

from __future__ import annotations

import io
import sys
from functools import partial
from pathlib import Path

import click

from recovery_console import __version__
from recovery_console.rescue.command_base import USAGE, CarefulGroup, Target, unexpected
from recovery_console.rescue.commands import COMMANDS

INTERRUPTED = 130


@click.group(cls=CarefulGroup)
@click.option(
	"--bench", default=".", metavar="PATH", help="Folder of the bench, or a folder inside it. [default: here]"
)
@click.option("--site", metavar="NAME", help="Name of the site; not needed where the bench has only one.")
@click.option("--all-sites", is_flag=True, help="All sites of the bench, in one report: for diagnose.")
@click.version_option(__version__, prog_name="recovery-console")
@click.pass_context
def cli(ctx: click.Context, bench: str, site: str | None, all_sites: bool) -> None:
	"""Find out what is wrong with a Frappe site, and put it right, without Frappe."""

	def open_target():  # type: ignore[no-untyped-def]
		from recovery_console.core.site import open_site

		return open_site(bench, chosen())

	def chosen() -> str:
		if all_sites:
			from recovery_console.core.errors import UsageError

			raise UsageError("Only diagnose can do with all sites.", remedy="Name one with --site.")
		return site or _only_site(bench)

	def engine():  # type: ignore[no-untyped-def]
		from recovery_console.core.people import shell_actor
		from recovery_console.rescue.engines import break_glass_engine

		return break_glass_engine(bench, chosen()), shell_actor()

	if all_sites and site is not None:
		error = click.UsageError("--site and --all-sites exclude each other.")
		error.exit_code = USAGE  # type: ignore[misc]
		raise error
	fleet = partial(_all_sites, bench) if all_sites else None
	ctx.obj = Target(open_target, named=site is not None, engines=engine, fleet=fleet)


def _all_sites(bench: str) -> tuple[Path, list[str]]:
	from recovery_console.core.bench import find_bench, site_names

	folder = find_bench(Path(bench))
	return folder, site_names(folder)


def _only_site(bench: str) -> str:
	from recovery_console.core.errors import UsageError

	names = _all_sites(bench)[1]
	if len(names) == 1:
		return names[0]
	raise UsageError(
		f"This bench has {len(names)} sites, and none was named." if names else "This bench has no site.",
		remedy=f"Name one with --site: {', '.join(names)}." if names else "Name another bench with --bench.",
	)


for command in COMMANDS:
	cli.add_command(command)


def main() -> None:
	"""Run the command line. Its exit status never looks like that of a diagnosis when there was none."""
	for stream in (sys.stdout, sys.stderr):
		if isinstance(stream, io.TextIOWrapper):
			stream.reconfigure(errors="replace")  # a terminal that lacks a letter must not end a diagnosis
	try:
		status = cli.main(standalone_mode=False)
	except click.ClickException as error:
		error.show()
		status = error.exit_code
	except click.Abort:
		status = INTERRUPTED
	except Exception as error:  # noqa: BLE001 (the last line of defence: a traceback helps nobody at 3 a.m.)
		status = unexpected(error)
	sys.exit(status if isinstance(status, int) else 0)
