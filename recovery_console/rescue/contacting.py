"""The command `contacts`: whom to call, also when nothing of the site works any more."""

from __future__ import annotations

import click

from recovery_console.rescue.command_base import CarefulCommand, Target


@click.command(cls=CarefulCommand)
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text", show_default=True)
@click.option("--output", metavar="FILE", help="Write the card to FILE instead of printing it.")
@click.pass_obj
def contacts(target: Target, form: str, output: str | None) -> None:
	"""Show whom to call: the card that the site keeps beside itself. Needs neither database nor Redis."""
	from recovery_console.core.contacts_card import read_card
	from recovery_console.rescue.output import emit

	with target.open() as site:
		card = read_card(site.path, form)
	emit(card.rstrip(), output)
