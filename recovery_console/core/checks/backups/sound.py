"""Do the backup files look whole?"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from datetime import timedelta

from recovery_console.core.backends.files import Files, StoredFile
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import GZIP
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_TAR_BLOCK = 512
#: No gzip member shrinks its content to less than this share.
_BEST_RATIO = 1032


@dataclass(frozen=True)
class Sound(Check):
	"""Do the files of the latest backups look whole: not empty, of the right kind, with a proper end?

	Cost: a few hundred bytes from both ends of at most ``most`` files. What is in the middle is not read.
	"""

	title = _("Backup files")

	most: int = 40
	#: A younger file may still be being written.
	running: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		sets = _sets.all_sets(site)
		source = _sets.files(site)
		problems: dict[str, str] = {}
		newest = False
		looked_at = 0
		for number, found in enumerate(sets):
			for kind, part in found.parts.items():
				if looked_at >= self.most or site.now() - part.modified < self.running:
					continue
				looked_at += 1
				problem = what_is_wrong(source, kind, part, found.encrypted)
				if problem:
					problems[part.path.name] = problem
					newest = newest or number == 0
		yield self.measure(backup_files_checked=looked_at)
		if problems:
			yield (self.critical if newest else self.warning)(
				_("Backup files that are damaged: {count} of {looked_at}."),
				cause=_(
					"{first} Such a backup cannot be restored. Mostly the disk was full when it was written."
				),
				remedy=_(
					"Make room on the disk, then make a new backup: `bench --site {site} backup --with-files`. Keep the"
					" older sound ones until it is there."
				),
				subjects=[("File", name) for name in problems],
				first=f"{next(iter(problems))}: {next(iter(problems.values()))}",
				looked_at=looked_at,
				newest=newest,
				site=site.name,
			)


def what_is_wrong(source: Files, kind: str, part: StoredFile, encrypted: bool) -> str:
	"""Say what proves that a part of a backup is damaged; empty when nothing does."""
	if part.size_bytes == 0:
		return _("it is empty.")
	if kind == _sets.CONFIG:
		return _config_problem(source.read_text(part.path))
	if encrypted:
		return ""
	name = part.path.name
	head = source.read_bytes(part.path, _TAR_BLOCK)
	if name.endswith(("gz", ".tgz")):
		return _gzip_problem(head, source.read_bytes(part.path, 4, from_end=True), part.size_bytes)
	return (
		_tar_problem(head, source.read_bytes(part.path, 2 * _TAR_BLOCK, from_end=True))
		if ".tar" in name
		else ""
	)


def _config_problem(text: str) -> str:
	try:
		values = json.loads(text)
	except ValueError:
		return _("it is not JSON.")
	if not isinstance(values, dict) or "db_name" not in values:
		return _("it does not name a database.")
	return ""


def _gzip_problem(head: bytes, tail: bytes, size: int) -> str:
	if not head.startswith(GZIP):
		return _("it is not a gzip file.")
	if size < 20:  # a header and a trailer around nothing
		return _("it ends after its first bytes.")
	unpacked = struct.unpack("<I", tail)[0]
	if unpacked > _BEST_RATIO * size:
		return _("its end is missing: the size that it gives for its content is impossible.")
	return ""


def _tar_problem(head: bytes, tail: bytes) -> str:
	if len(head) < _TAR_BLOCK or head[257:262] not in (b"ustar", b"\0" * 5):
		return _("it is not a tar file.")
	return _("its end is missing.") if tail.strip(b"\0") else ""
