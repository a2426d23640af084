"""Evidence bundles as private files of their incidents."""

from datetime import datetime


def make(incident: str, actor: str = "", now: datetime | None = None) -> str:
	"""Make an evidence bundle, attach it to its incident and tell the timeline.

	Args:
		incident: Name of the incident.
		actor: Who asked for it; empty where the console makes it by itself.
		now: The present moment, aware.

	Returns:
		Name of the File.

	Raises:
		ConsoleError: It cannot be written; the incident says so as well.
	"""
	raise NotImplementedError
