"""The incidents of a site for the commands in it: read as from outside, written as documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import frappe

from recovery_console.core.people import Actor
from recovery_console.core.times import UTC
from recovery_console.in_site import incident_actions, incidents_beside, open_site
from recovery_console.in_site.transactions import until_written
from recovery_console.rescue.incident_book import IncidentBook, Opening


class SiteBook(IncidentBook):
	"""Writes incidents through Frappe; what was begun beside the site goes on there until it is taken in."""

	def __init__(self, actor: Actor) -> None:
		super().__init__(open_site, actor)
		self.place = f"in the site {frappe.local.site}"

	def adopt(self) -> list[str]:
		with _transaction():
			return incidents_beside.adopt()

	def open(self, opening: Opening) -> str:
		with _transaction():
			return until_written(
				lambda: incident_actions.open_by_hand(
					opening.title,
					severity=opening.severity,
					category=opening.category,
					description=opening.description,
					source="Command Line",
					actor=self.actor.name,
					now=datetime.now(UTC),
				)
			)

	def note(self, name: str, text: str) -> None:
		with _transaction():
			inside = self._inside(name)
			until_written(lambda: incident_actions.note(inside, text, actor=self.actor.name))

	def set_status(self, name: str, status: str, note: str) -> None:
		with _transaction():
			inside = self._inside(name)
			until_written(
				lambda: incident_actions.set_status(inside, status, actor=self.actor.name, note=note)
			)

	def _inside(self, name: str) -> str:
		"""Return the name that an incident has in the site: one of break-glass is taken in first."""
		if name.startswith("BG-"):
			incidents_beside.adopt()
		record, _zone = self.read(name)
		return record.name


@contextmanager
def _transaction() -> Iterator[None]:
	try:
		yield
		frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		raise
