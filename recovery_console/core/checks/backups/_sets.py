"""Backups as they lie on disk: which parts belong together, when they were taken, and how they look."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from recovery_console.core.backends.files import Files, StoredFile
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Site

DATABASE, PUBLIC, PRIVATE, CONFIG = "database", "files", "private-files", "site_config_backup"
PARTS = (DATABASE, PUBLIC, PRIVATE, CONFIG)
_STAMP = "%Y%m%d_%H%M%S"
_ENDINGS = r"(?:sql\.gz|sql|tar|tgz|tar\.gz|json)"


@dataclass
class BackupSet:
	"""The parts of one backup run.

	Args:
		stamp: When it began, as its names say.
		taken: The same as a moment.
		parts: Its files by kind: see ``PARTS``.
		partial: Only some tables were saved.
		encrypted: Its names say that it is encrypted.
	"""

	stamp: str
	taken: datetime
	parts: dict[str, StoredFile] = field(default_factory=dict)
	partial: bool = False
	encrypted: bool = False

	@property
	def has_database(self) -> bool:
		"""It holds the whole database."""
		return DATABASE in self.parts and not self.partial

	@property
	def has_files(self) -> bool:
		"""It holds both kinds of uploads."""
		return PUBLIC in self.parts and PRIVATE in self.parts

	@property
	def written(self) -> datetime:
		"""When its last part was written."""
		return max(part.modified for part in self.parts.values())

	@property
	def size_bytes(self) -> int:
		return sum(part.size_bytes for part in self.parts.values())


def folder(site: Site) -> Path:
	"""Return where this site's backups lie."""
	return site.path / str(site.config.get("backup_path") or "private/backups")


def files(site: Site) -> Files:
	"""Return the files of the backup folder, which may lie outside the bench."""
	return Files(folder(site).resolve(), folder(site).resolve())


def all_sets(site: Site) -> list[BackupSet]:
	"""Return the site's backups, newest first; none where the folder is not there.

	Raises:
		SourceUnavailable: The folder may not be read.
	"""
	return site.remember("backups.sets", lambda: read_sets(site))


def whole(site: Site) -> list[BackupSet]:
	"""Return the backups that hold the whole database, newest first."""
	return [found for found in all_sets(site) if found.has_database]


def usual_interval(sets: Iterable[BackupSet]) -> timedelta | None:
	"""Return the usual time between backups; None with fewer than three."""
	taken = [found.taken for found in sets]
	if len(taken) < 3:
		return None
	from statistics import median  # loaded where it is needed: each module costs every diagnosis its time

	return timedelta(seconds=median((new - old).total_seconds() for new, old in pairwise(taken)))


def site_age(site: Site) -> timedelta | None:
	"""Return how old the site is; None when that cannot be told, as while the database is down."""
	try:
		if not site.has_doctype("User"):
			return None
		t = table("User")
		return site.age(
			site.db.value(site.db.from_(t).select(t.creation).where(t["name"] == "Administrator"))
		)
	except SourceUnavailable:
		return None


def read_sets(site: Site) -> list[BackupSet]:
	"""Return the backups as they lie there at this moment, newest first."""
	slug = re.escape(site.name.replace(".", "_"))
	pattern = re.compile(
		rf"(\d{{8}}_\d{{6}})-{slug}(-partial)?-({'|'.join(PARTS)})(-enc)?\.{_ENDINGS}", re.IGNORECASE
	)
	sets: dict[str, BackupSet] = {}
	source = files(site)
	if not source.exists(source.site):
		return []
	for file in source.list("."):
		match = pattern.fullmatch(file.path.name)
		if match is None:
			continue
		stamp, partial, kind, encrypted = match.groups()
		found = sets.setdefault(stamp, BackupSet(stamp, _taken(site, stamp, file)))
		found.parts[kind] = file
		found.partial = found.partial or bool(partial)
		found.encrypted = found.encrypted or bool(encrypted)
	return sorted(sets.values(), key=lambda item: item.taken, reverse=True)


def _taken(site: Site, stamp: str, file: StoredFile) -> datetime:
	"""Return when a backup was taken: as its name says in the site's time, else when the file was written."""
	try:
		named = site.moment(datetime.strptime(stamp, _STAMP))
	except (ValueError, SourceUnavailable):
		return file.modified  # without the database, the site's time zone is not known
	return file.modified if named is None or named > site.now() + timedelta(hours=1) else named
