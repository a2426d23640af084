"""Files of a sample site's backups."""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from pathlib import Path

from tests.support.fill.backups import add_backup
from tests.support.sample import SampleSite

PARTS = ("database.sql.gz", "files.tar", "private-files.tar", "site_config_backup.json")


def folder(site: SampleSite) -> Path:
	"""Where the backups lie."""
	return site.path / "private" / "backups"


def part(site: SampleSite, hours: float, name: str) -> Path:
	"""A file of the backup that was taken so many hours ago."""
	return folder(site) / f"{site.hours_ago(hours):%Y%m%d_%H%M%S}-{site.name.replace('.', '_')}-{name}"


def replace(site: SampleSite, hours: float, name: str, content: bytes) -> Path:
	"""Write other content into a part and keep its time."""
	path = part(site, hours, name)
	path.write_bytes(content)
	when = site.bench.now.timestamp() - hours * 3600
	os.utime(path, (when, when))
	return path


def only(site: SampleSite, hours: Sequence[float]) -> None:
	"""Let the site have complete backups of these ages, and no others."""
	for path in folder(site).iterdir():
		path.unlink()
	for age in hours:
		add_backup(site, site.hours_ago(age))


def dump(text: str, *, ended: bool = True) -> bytes:
	"""A packed dump."""
	return gzip.compress((text + ("\n-- Dump completed\n" if ended else "")).encode(), mtime=0)
