"""Backups as the six-hourly cron job leaves them: complete sets that can be read."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


TABLES = ("__Auth", "tabDefaultValue", "tabDocType", "tabSingles", "tabUser")


def fill(site: SampleSite) -> None:
	"""Three complete sets, the newest two hours old."""
	for hours in (2, 8, 14):
		add_backup(site, site.hours_ago(hours))


def add_backup(site: SampleSite, moment: datetime) -> Path:
	"""One set taken at a naive time of the site; its database file."""
	prefix = f"{moment:%Y%m%d_%H%M%S}-{site.name.replace('.', '_')}"
	folder = site.path / "private" / "backups"
	names = ("database.sql.gz", "files.tar", "private-files.tar", "site_config_backup.json")
	contents = (
		_database(site),
		_tar("./public/files"),
		_tar("./private/files"),
		site.config_path.read_bytes(),
	)
	when = site.utc(moment).timestamp()
	for name, content in zip(names, contents, strict=True):
		path = folder / f"{prefix}-{name}"
		path.write_bytes(content)
		os.utime(path, (when, when))
	return folder / f"{prefix}-{names[0]}"


def _database(site: SampleSite) -> bytes:
	text = (
		"-- begin frappe metadata\n-- [frappe]\n"
		f"-- version = {site.frappe}.0.0\n-- branch = version-{site.frappe}\n-- end frappe metadata\n"
		+ "".join(f"CREATE TABLE `{name}` (`name` varchar(140));\n" for name in TABLES)
		+ "-- Dump completed\n"
	)
	return gzip.compress(text.encode(), mtime=0)


def _tar(folder: str) -> bytes:
	buffer = io.BytesIO()
	with tarfile.open(fileobj=buffer, mode="w") as archive:
		entry = tarfile.TarInfo(folder)
		entry.type = tarfile.DIRTYPE
		archive.addfile(entry)
	return buffer.getvalue()
