"""`recovery-console`: the commands without Frappe."""

from __future__ import annotations

import sys

import click

from recovery_console import __version__
from recovery_console.rescue.commands import COMMANDS, CarefulGroup, Target


@click.group(cls=CarefulGroup)
@click.option(
	"--bench", default=".", metavar="PATH", help="Folder of the bench, or a folder inside it. [default: here]"
)
@click.option("--site", metavar="NAME", help="Name of the site; not needed where the bench has only one.")
@click.version_option(__version__, prog_name="recovery-console")
@click.pass_context
def cli(ctx: click.Context, bench: str, site: str | None) -> None:
	"""Find out what is wrong with a Frappe site, and put it right, without Frappe."""

	def open_target():  # type: ignore[no-untyped-def]
		from recovery_console.core.site import open_site

		return open_site(bench, site or _only_site(bench))

	ctx.obj = Target(open_target, named=site is not None)


def _only_site(bench: str) -> str:
	from pathlib import Path

	from recovery_console.core.errors import UsageError
	from recovery_console.core.site import find_bench, site_names

	names = site_names(find_bench(Path(bench)))
	if len(names) == 1:
		return names[0]
	raise UsageError(
		f"This bench has {len(names)} sites, and none was named." if names else "This bench has no site.",
		remedy=f"Name one with --site: {', '.join(names)}." if names else "Name another bench with --bench.",
	)


for command in COMMANDS:
	cli.add_command(command)


def main() -> None:
	"""Run the command line; an unexpected error exits with 70 and says so in one line."""
	try:
		cli()
	except Exception as error:  # noqa: BLE001 (the last line of defence: a traceback helps nobody at 3 a.m.)
		click.secho(f"error: {type(error).__name__}: {error}", err=True, fg="red")
		click.echo(
			"       Nothing was changed.\n       This is a fault of the console: please report it.", err=True
		)
		sys.exit(70)
