"""What all commands have in common: which site they are about, and how they end when they cannot go on."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import click

if TYPE_CHECKING:
	from pathlib import Path

	from recovery_console.core.engine import Engine
	from recovery_console.core.people import Actor
	from recovery_console.core.site import Site
	from recovery_console.core.why import Answer
	from recovery_console.rescue.incident_book import IncidentBook


#: Exit status of a call that makes no sense (EX_USAGE of sysexits.h); 1 to 3 belong to the site's state.
USAGE = 64
#: Exit status when whoever read the result stopped reading: 128 plus the number of SIGPIPE.
NOBODY_READS = 141
#: Something that nobody foresaw (EX_SOFTWARE), and a result that could not be written (EX_CANTCREAT).
UNEXPECTED = 70
CANNOT_WRITE = 73


@dataclass
class Target:
	"""Which site the commands are about.

	Args:
		open: Opens it, when a command needs it.
		keep: Keeps a report and says where; by default in a file beside the site.
		named: A site was named: commands that can do without one use it only then.
		engines: Makes what repairs the site, and tells who sits here.
		asks: Asks a troubleshooter that needs Frappe, inside the site.
		books: Makes what reads and keeps the site's incidents; by default what does without Frappe.
		fleet: Returns the bench and its sites, where several were named; ``diagnose`` can do with that.
	"""

	open: Callable[[], Site]
	keep: Callable[[dict[str, Any]], str] | None = None
	named: bool = False
	engines: Callable[[], tuple[Engine, Actor]] | None = None
	asks: Callable[[str, Mapping[str, Any]], Answer] | None = None
	books: Callable[[], IncidentBook] | None = None
	fleet: Callable[[], tuple[Path, list[str]]] | None = None

	def engine(self) -> tuple[Engine, Actor]:
		"""Return what repairs the site, and who sits here."""
		if self.engines is None:
			raise TypeError("this target has no engine")
		return self.engines()

	def book(self) -> IncidentBook:
		"""Return what reads and keeps the site's incidents."""
		if self.books is not None:
			return self.books()
		from recovery_console.core.people import shell_actor
		from recovery_console.rescue.incident_book import IncidentBook

		return IncidentBook(self.open, shell_actor())


class CarefulCommand(click.Command):
	"""A command whose usage errors exit with 64, so that a monitor never reads them as *critical*."""

	#: What it may have changed by the time that something unforeseen happens.
	changed: ClassVar[str] = "Nothing was changed."

	def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
		try:
			return super().make_context(*args, **kwargs)
		except click.UsageError as error:
			error.exit_code = USAGE  # type: ignore[misc]
			raise

	def invoke(self, ctx: click.Context) -> Any:
		from recovery_console.core.errors import ConsoleError

		try:
			return super().invoke(ctx)
		except ConsoleError as error:
			click.secho(f"error: {error.message}", err=True, fg="red")
			click.echo(f"       {error.changed}\n       {error.remedy}", err=True)
			raise SystemExit(error.exit_status) from error
		except BrokenPipeError as error:
			let_go_of_stdout()
			raise SystemExit(NOBODY_READS) from error
		except (click.ClickException, click.exceptions.Exit, click.Abort):
			raise
		except Exception as error:
			raise SystemExit(unexpected(error, self.changed)) from error


class BriefCommand(CarefulCommand):
	"""A command that ends soon: Python looks for no cycles of garbage meanwhile, nor at its end, a quarter of its time."""

	def invoke(self, ctx: click.Context) -> Any:
		was_on = gc.isenabled()
		gc.disable()
		atexit.register(gc.freeze)  # what Python then leaves alone, the system takes back as a whole
		try:
			return super().invoke(ctx)
		finally:
			if was_on:
				gc.enable()


class RepairCommand(CarefulCommand):
	"""A command that may change the site."""

	changed = "What was changed stands in the run: recovery-console runs RUN. Go on with: recovery-console resume RUN."


def unexpected(error: Exception, changed: str = CarefulCommand.changed) -> int:
	"""Say in a few lines what nobody foresaw, and return the exit status: a traceback helps nobody at 3 a.m."""
	click.secho(f"error: {type(error).__name__}: {error}", err=True, fg="red")
	click.echo(f"       {changed}", err=True)
	if isinstance(error, OSError) and error.filename is None:
		let_go_of_stdout()
		click.echo("       The result could not be written: look at where standard output goes.", err=True)
		return CANNOT_WRITE
	click.echo("       This is a fault of the console: please report it.", err=True)
	return UNEXPECTED


def let_go_of_stdout() -> None:
	"""Keep Python from complaining at its end about what it could not write."""
	with contextlib.suppress(OSError, ValueError):
		os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class CarefulGroup(click.Group):
	"""A group whose usage errors exit with 64."""

	command_class = CarefulCommand

	def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
		try:
			return super().resolve_command(ctx, args)
		except click.UsageError as error:
			error.exit_code = USAGE  # type: ignore[misc]
			raise

	def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
		try:
			return super().make_context(*args, **kwargs)
		except click.UsageError as error:
			error.exit_code = USAGE  # type: ignore[misc]
			raise
