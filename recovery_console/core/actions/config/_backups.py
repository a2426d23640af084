"""Copies of site_config.json that backups made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recovery_console.core.backends.config import read_config_file
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

FOLDER = "private/backups"
PATTERN = "*-site_config_backup*.json"


@dataclass(frozen=True)
class Copy:
	"""A good copy of the configuration."""

	name: str
	modified: datetime
	values: dict[str, Any]


def good_copies(site: Site) -> list[Copy]:
	"""Return the copies that can be read and name a database, newest first."""
	if not site.files.exists(FOLDER):
		return []
	files = sorted(
		site.files.list(FOLDER, PATTERN), key=lambda file: (file.modified, file.path.name), reverse=True
	)
	found = [(file, read_config_file(file.path)) for file in files]
	return [
		Copy(file.path.name, file.modified, read.values)
		for file, read in found
		if read.problem is None and read.values.get("db_name")
	]
