"""The command `why`: one question about one subject, answered by a chain of steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from recovery_console.rescue.command_base import CarefulCommand, CarefulGroup, Target

if TYPE_CHECKING:
	from recovery_console.core.why import Answer

#: Exit status by what the answer comes to, as ``diagnose`` has it.
EXIT_STATUS = {"ok": 0, "skipped": 0, "blocked": 1, "unknown": 3}


def answer(target: Target, question: str, given: Mapping[str, Any]) -> Answer:
	"""Ask a troubleshooter: without Frappe where it can do without, else inside the site.

	Raises:
		UsageError: What is given does not fit, or the question needs Frappe and this is break-glass.
	"""
	from recovery_console.core.why import needs_frappe
	from recovery_console.core.whys import whys_in

	kind = whys_in().get(question)
	if kind is None:
		if target.asks is None:
			raise needs_frappe(question, INSTEAD)
		return target.asks(question, given)
	with target.open() as site:
		return kind(site, kind.read(given)).answer()


#: What helps where the one question that needs Frappe cannot be asked.
INSTEAD = ("portal.custom_permissions", "portal.user_roles", "portal.roles_gone", "portal.role_profiles")


def show(ctx: click.Context, question: str, form: str, **given: str | None) -> None:
	"""Print an answer and end with its exit status."""
	from recovery_console.core.why import as_text

	told = {name: value for name, value in given.items() if value}
	found = answer(ctx.obj, question, told).as_dict()
	if form == "json":
		click.echo(json.dumps(found, indent=1, ensure_ascii=False))
	else:
		click.echo(as_text(found))
	raise SystemExit(EXIT_STATUS[found["verdict"]])


@click.group("why", cls=CarefulGroup)
def why() -> None:
	"""Ask why something does not work, for one user, mail, import, payment or job. Reads only.

	Each answer is a chain of steps: what was asked, what was found, and the repair that would help. Exits with 0 when
	nothing stands in the way, with 1 when something does, with 3 when something could not be looked at, with 64 and
	more when the call itself is wrong.
	"""


_format = click.option(
	"--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@why.command("login", cls=CarefulCommand)
@click.argument("user")
@click.option("--address", metavar="IP", help="The address that they come from.")
@_format
@click.pass_context
def login(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why can USER not log in?"""
	show(ctx, "login", form, **given)


@why.command("permission", cls=CarefulCommand)
@click.argument("user")
@click.argument("doctype")
@click.argument("name", required=False)
@click.option(
	"--right", default="read", show_default=True, help="What they want to do, such as write or submit."
)
@_format
@click.pass_context
def permission(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why may USER not do this with the document NAME of DOCTYPE? Works inside the site only."""
	show(ctx, "permission", form, **given)


@why.command("email", cls=CarefulCommand)
@click.argument("about", required=False)
@click.option("--doctype", help="Instead: the DocType of the document that the mail is about,")
@click.option("--name", help="and its name.")
@_format
@click.pass_context
def email(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why did a mail not arrive? ABOUT is the name of an Email Queue entry, or the address it went to."""
	show(ctx, "email", form, **given)


@why.command("import", cls=CarefulCommand)
@click.argument("name")
@click.option("--doctype", default="Data Import", show_default=True, help="Or Bank Statement Import.")
@_format
@click.pass_context
def data_import(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why did the import NAME fail?"""
	show(ctx, "import", form, **given)


@why.command("payment", cls=CarefulCommand)
@click.argument("doctype")
@click.argument("name")
@_format
@click.pass_context
def payment(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why was the document NAME of DOCTYPE not collected, or not reconciled?

	DOCTYPE is a Payment Entry, a Bank Transaction, a Sales Invoice, or what the site keeps mandates and batches in.
	"""
	show(ctx, "payment", form, **given)


@why.command("job", cls=CarefulCommand)
@click.argument("about")
@_format
@click.pass_context
def job(ctx: click.Context, /, form: str, **given: str | None) -> None:
	"""Why does a job not run? ABOUT is the id of an RQ Job, or the name or method of a Scheduled Job Type."""
	show(ctx, "job", form, **given)
