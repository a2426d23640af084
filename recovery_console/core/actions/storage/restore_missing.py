"""Bring attached files back from a backup."""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import relative
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import Deadline
from recovery_console.core.checks.storage._recent import Attached, candidates, recent
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class RestoreMissing(Action):
	"""Bring attached files that are not on disk back from the archives of the newest backup that has files.

	A file whose content is not the one that its document was saved with is left out.
	"""

	title = _("Bring missing files back")
	risk = Risk.REVERSIBLE
	needs = ("File",)
	checks = ("storage.missing",)

	#: Names of File documents; without, all that the finding names.
	names: tuple[str, ...] = ()
	#: The backup to take them from, by the time in its names; without, the newest with files.
	backup: str = ""
	window: timedelta = timedelta(days=30)
	#: Larger files are unpacked by hand.
	largest_mib: int = 4
	#: All files of a run together.
	together_mib: int = 256
	within: timedelta = timedelta(minutes=5)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		gone = {file.name: file for file in recent(site, self.window, 20_000) if file.stored is None}
		chosen = only_named(self.id, self.names, gone, _("attached file that is missing"))
		if not chosen:
			return self.planned(site, _("Files to bring back: {count}"), [])
		source = self._source(site)
		hashes = {
			str(row["name"]): str(row["content_hash"] or "")
			for row in rows_named(site, "File", [file.name for file in chosen], ["content_hash"])
		}
		wanted = {_member(file): file for file in chosen}
		found, other, large = self._read(site, source, wanted, hashes)
		lacking = [file.name for file in chosen if file.name not in {*found, *other, *large}]
		return self.planned(
			site,
			_("Files to bring back from the backup of {taken}: {count}"),
			[
				batch("File", file.name, FileText(self._path(site, file), ABSENT, found[file.name], 0o644))
				for file in chosen
				if file.name in found
			],
			most=self.most,
			left_out=[
				*left_alone("File", other, _("The backup holds another content under its name.")),
				*left_alone(
					"File", large, _("It is too large for this; unpack it from the archive with tar.")
				),
				*left_alone("File", lacking, _("It is not in this backup.")),
			],
			taken=source.stamp,
			not_in_backup=len(lacking),
		)

	def _source(self, site: Site) -> _sets.BackupSet:
		usable = [
			found
			for found in _sets.all_sets(site)
			if found.parts.keys() & {_sets.PUBLIC, _sets.PRIVATE} and not found.encrypted
		]
		if self.backup and self.backup not in {found.stamp for found in usable}:
			raise UsageError(
				_("There is no backup {0} with files that can be read.").format(repr(self.backup[:40])),
				remedy=_("Choose from: {0}.").format(
					", ".join(found.stamp for found in usable[:10]) or _("none")
				),
			)
		if not usable:
			raise NotApplicable(_("No backup here holds files that can be read without a key."))
		return next(found for found in usable if not self.backup or found.stamp == self.backup)

	def _read(
		self, site: Site, source: _sets.BackupSet, wanted: dict[str, Attached], hashes: dict[str, str]
	) -> tuple[dict[str, bytes], list[str], list[str]]:
		found: dict[str, bytes] = {}
		other: list[str] = []
		large: list[str] = []
		room = self.together_mib * _MIB
		for member, content in _members(site, source, set(wanted), self.largest_mib * _MIB, self.within):
			name = wanted[member].name
			if content is None or len(content) > room:
				large.append(name)
			elif hashes.get(name, "") not in ("", hashlib.md5(content).hexdigest()) and _is_md5(hashes[name]):  # noqa: S324 (Frappe's own mark of a content)
				other.append(name)
			else:
				found[name] = content
				room -= len(content)
		return found, other, large

	@staticmethod
	def _path(site: Site, file: Attached) -> str:
		return relative(site, candidates(site, file.url)[0])


def _member(file: Attached) -> str:
	"""Return what the path of a file in an archive ends with."""
	side = "private" if file.in_private else "public"
	return f"{side}/files/{file.url.partition('/files/')[2]}"


def _members(
	site: Site, source: _sets.BackupSet, wanted: set[str], largest: int, within: timedelta
) -> Iterator[tuple[str, Any]]:
	"""Yield the wanted members of the archives with their content; None for what is too large."""
	deadline = Deadline(within.total_seconds())
	files = _sets.files(site)
	for kind in (_sets.PUBLIC, _sets.PRIVATE):
		if kind not in source.parts:
			continue
		try:
			with (
				files.reading(source.parts[kind].path) as raw,
				tarfile.open(fileobj=raw, mode="r|*") as archive,
			):
				for entry in archive:
					deadline.check()
					name = "/".join(entry.name.split("/")[-_parts(entry.name) :])
					if entry.isfile() and name in wanted:
						opened = archive.extractfile(entry) if entry.size <= largest else None
						yield name, opened.read() if opened is not None else None
		except (tarfile.TarError, EOFError, zlib.error) as error:
			raise NotApplicable(
				_("The archive {0} is damaged.").format(source.parts[kind].path.name)
			) from error


def _parts(name: str) -> int:
	"""Return how many parts of a path belong to ``public/files/…`` or ``private/files/…``."""
	parts = name.split("/")
	starts = [
		number
		for number in range(len(parts) - 1)
		if parts[number] in ("public", "private") and parts[number + 1] == "files"
	]
	return len(parts) - starts[0] if starts else 1


def _is_md5(text: str) -> bool:
	return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)
