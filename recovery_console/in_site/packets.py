"""What somebody needs who is called to an incident, and the letter to a vendor, read from the site."""

from datetime import datetime
from typing import Any

from recovery_console.core.contacts import contacts_for
from recovery_console.core.errors import NotFoundError
from recovery_console.core.escalation_packet import (
	FIELDS,
	Packet,
	gather,
	packet_as_text,
	vendor_letter,
)
from recovery_console.core.incident_record import read_incident
from recovery_console.core.times import UTC
from recovery_console.in_site import clocks, open_site


def of(incident: str, now: datetime | None = None) -> Packet:
	"""Fill in the packet of an incident.

	Raises:
		NotFoundError: There is no such incident.
		SourceUnavailable: The database does not answer.
	"""
	with open_site() as site:
		record = read_incident(site, incident)
		if record is None:
			raise NotFoundError(
				f"There is no incident {incident}.", remedy="See the list of incidents for its name."
			)
		return gather(site, record, now or datetime.now(UTC), site.time_zone)


def for_page(incident: str) -> dict[str, Any]:
	"""Return the packet of an incident in every shape that a page needs."""
	packet = of(incident)
	letter = vendor_letter(packet, reply_to(packet.category))
	return {
		"fields": [
			{"name": name, "label": label, "lines": packet.field(name)} for name, label in FIELDS.items()
		],
		"text": packet_as_text(packet),
		"vendor": {"subject": letter.subject, "body": letter.body},
		"vendors": [vars(person) for person in contacts_for(clocks.contacts(), 4, "Vendor")],
	}


def reply_to(category: str) -> str:
	"""Return how a vendor reaches who answers first here; empty where nobody is listed."""
	for person in contacts_for(clocks.contacts(), 1, category):
		ways = ", ".join(way for way in (person.phone, person.email) if way)
		return f"{person.name}, {ways}" if ways else person.name
	return ""
