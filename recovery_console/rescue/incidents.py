"""`incident …`: opening, reading and following incidents at a shell, with Frappe and without."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING

import click

from recovery_console.rescue.command_base import CarefulGroup, Target

if TYPE_CHECKING:
	from recovery_console.core.incident_record import Record
	from recovery_console.rescue.incident_book import IncidentBook

_CATEGORIES = ("Technical", "Security", "Data Loss", "Performance", "Vendor")

form_option = click.option(
	"--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
note_option = click.option(
	"--note", default="", metavar="TEXT", help="What to say with it, for the timeline."
)


@click.group("incident", cls=CarefulGroup)
def incident() -> None:
	"""Open, read and follow incidents.

	While the site cannot keep them, what is opened and noted is kept in a file beside it, and taken in when it is back.
	"""


@incident.command("open")
@click.argument("title")
@click.option(
	"--severity",
	type=click.Choice(["S1", "S2", "S3", "S4"]),
	default="S2",
	show_default=True,
	help="S1: down for all, or data lost. S2: something that matters does not work. S3: part of it. S4: small.",
)
@click.option(
	"--category", type=click.Choice(_CATEGORIES, case_sensitive=False), default="Technical", show_default=True
)
@click.option(
	"--description", default="", metavar="TEXT", help="What was seen, by whom, and when; - reads it."
)
@click.pass_obj
def open_incident(target: Target, title: str, severity: str, category: str, description: str) -> None:
	"""Open an incident by hand: something is wrong that no check sees. Prints its name."""
	from recovery_console.rescue.explaining import read_text
	from recovery_console.rescue.incident_book import Opening

	if description == "-":
		description = read_text("-", None)
	book = target.book()
	click.echo(book.open(Opening(title.strip(), severity, category, description.strip())))
	click.echo(f"Kept {book.place}.", err=True)


@incident.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@form_option
@click.pass_obj
def list_incidents(target: Target, everything: bool, form: str) -> None:
	"""List the open incidents, the most severe first."""
	from recovery_console.core.render_incident import list_as_text

	book = target.book()
	records, _zone = book.listed(everything=everything)
	if form == "json":
		click.echo(json.dumps([record.as_dict() for record in records], indent=1, ensure_ascii=False))
	elif records:
		width = shutil.get_terminal_size((120, 20)).columns
		click.echo(list_as_text(records, _now(), colour=sys.stdout.isatty(), width=width))
	which = "" if everything else "open "
	click.echo(f"{len(records)} {which}incident{'' if len(records) == 1 else 's'}", err=True)
	_tell_notes(book)


@incident.command("show")
@click.argument("name")
@form_option
@click.pass_obj
def show_incident(target: Target, name: str, form: str) -> None:
	"""Show an incident with its clocks and its timeline."""
	from recovery_console.core.render_incident import incident_as_text

	book = target.book()
	record, zone = book.read(name)
	if form == "json":
		click.echo(json.dumps(record.as_dict(), indent=1, ensure_ascii=False))
	else:
		click.echo(incident_as_text(record, _now(), zone, colour=sys.stdout.isatty()))
	_tell_notes(book)


@incident.command("note")
@click.argument("name")
@click.argument("text")
@click.pass_obj
def note_incident(target: Target, name: str, text: str) -> None:
	"""Add TEXT to the timeline of an incident; - reads it from standard input."""
	from recovery_console.rescue.explaining import read_text

	book = target.book()
	book.note(name, read_text("-", None) if text == "-" else text)
	click.echo(f"Noted {book.place}.", err=True)


@incident.command("ack")
@click.argument("name")
@note_option
@click.pass_obj
def acknowledge_incident(target: Target, name: str, note: str) -> None:
	"""Say that you look after an incident; nobody else is called then."""
	_set_status(target, name, "Acknowledged", note)


@incident.command("resolve")
@click.argument("name")
@click.option("--note", required=True, metavar="TEXT", help="What resolved it, for the timeline.")
@click.pass_obj
def resolve_incident(target: Target, name: str, note: str) -> None:
	"""Say that an incident is over and its cause removed."""
	_set_status(target, name, "Resolved", note)


def _set_status(target: Target, name: str, status: str, note: str) -> None:
	book = target.book()
	book.set_status(name, status, note)
	click.echo(f"{name} is {status} now. Kept {book.place}.", err=True)


@incident.command("report")
@click.argument("name")
@click.option(
	"--format",
	"form",
	type=click.Choice(["text", "markdown", "json", "packet", "vendor"]),
	default="markdown",
	show_default=True,
	help="packet: the seven fields that somebody needs who is called. vendor: a letter to a vendor, ready to be sent.",
)
@click.option("--output", metavar="FILE", help="Write it to FILE instead of printing it.")
@click.pass_obj
def report_incident(target: Target, name: str, form: str, output: str | None) -> None:
	"""Write an incident down for others: what a colleague, a vendor or the management needs to know."""
	from recovery_console.core.render_incident import incident_as_markdown, incident_as_text
	from recovery_console.rescue.output import emit

	book = target.book()
	record, zone = book.read(name)
	if form == "json":
		text = json.dumps(record.as_dict(), indent=1, ensure_ascii=False)
	elif form == "markdown":
		text = incident_as_markdown(record, _now(), zone)
	elif form in ("packet", "vendor"):
		text = _handed_over(target, record, zone, form)
	else:
		text = incident_as_text(record, _now(), zone, colour=output is None and sys.stdout.isatty())
	emit(text, output)
	_tell_notes(book)


def _handed_over(target: Target, record: Record, zone: tzinfo, form: str) -> str:
	from recovery_console.core.escalation_packet import gather, packet_as_text, vendor_letter

	with target.open() as site:
		packet = gather(site, record, _now(), zone)
	if form == "packet":
		return packet_as_text(packet)
	letter = vendor_letter(packet)
	return f"Subject: {letter.subject}\n\n{letter.body}"


def _tell_notes(book: IncidentBook) -> None:
	for text in book.notes:
		click.secho(f"Note: {text}", err=True, fg="yellow")


def _now() -> datetime:
	return datetime.now(timezone.utc)
