"""An evidence bundle: what is known of an incident and of the site around it, in one zip with checksums.

Everything in it is redacted as what leaves the site: no secret, no account number, no local part of an address.
What cannot be read is said in the manifest, and does not keep the rest from being written.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from recovery_console import __version__
from recovery_console.core.errors import OutputError, SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.journal import Journal
from recovery_console.core.making.atomic import as_owner_of, sync_folder
from recovery_console.core.redact import VERSION as REDACTION
from recovery_console.core.redact import anonymise, redact_text
from recovery_console.core.site import Site
from recovery_console.core.times import UTC

logger = logging.getLogger(__name__)

VERSION = 1
_MIB = 1024 * 1024
#: Of an incident that began earlier, so much of the time before now is looked at.
LONGEST_WINDOW = timedelta(hours=24)
#: So long before an incident was first seen things may have begun.
BEFORE = timedelta(hours=1)
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Limits:
	"""How large a bundle may become, and how long it may take.

	Args:
		whole: Bytes of all its files together, unpacked.
		file: Bytes of one file, unpacked.
		time: How long it may take; what is not read by then is left out.
	"""

	whole: int = 24 * _MIB
	file: int = 6 * _MIB
	time: timedelta = timedelta(seconds=60)


@dataclass
class Scene:
	"""What the files of a bundle are made from.

	Args:
		site: The site, opened.
		incident: What is known of the incident: its fields, ``timeline``, ``impact``, ``findings``, ``report``, ``runs``.
		since: From when on logs and errors are taken, UTC.
		journal: The record of runs; None where there is none to be read.
		whole_bench: Also logs that hold lines of other sites of the bench.
		notes: What readers must know of the file that is being written.
	"""

	site: Site
	incident: Mapping[str, Any]
	since: datetime
	journal: Journal | None = None
	whole_bench: bool = False
	notes: list[str] = field(default_factory=list)
	report: dict[str, Any] | None = None

	@property
	def window(self) -> timedelta:
		return self.site.now() - self.since


#: Writes one file of a bundle bit by bit; what it yields is redacted already.
Maker = Callable[[Scene], Iterable[bytes]]


@dataclass(frozen=True)
class Part:
	"""One file of a bundle: its name, what it holds, and what makes it."""

	name: str
	title: str
	make: Maker


def write(
	site: Site,
	incident: Mapping[str, Any],
	path: Path,
	*,
	journal: Journal | None = None,
	whole_bench: bool = False,
	limits: Limits | None = None,
	monotonic: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
	"""Write the evidence bundle of an incident, whole or not at all.

	Args:
		site: The site, opened. What of it does not answer is said in the manifest.
		incident: What is known of the incident; see ``Scene``. Empty: a bundle of the site as it is.
		path: The zip to write; one that is there is replaced.
		journal: The record of runs.
		whole_bench: Also logs that hold lines of other sites of the bench; for who may read them anyhow.
		limits: How large it may become, and how long it may take.
		monotonic: The clock for that.

	Returns:
		The manifest, with ``bytes`` and ``sha256`` of the zip itself.

	Raises:
		OutputError: The zip cannot be written; one that was there is untouched.
	"""
	from recovery_console.core.bundle_logs import log_parts
	from recovery_console.core.bundle_parts import PARTS
	from recovery_console.core.bundle_state import STATE

	limits = limits or Limits()
	scene = Scene(site, incident, _since(site, incident), journal, whole_bench)
	with _new_file(path) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as bundle:
		writer = _Writer(bundle, scene, limits, monotonic)
		for part in (*PARTS, *STATE):
			writer.add(part)
		for part in writer.logs(log_parts):
			writer.add(part)
		manifest = _manifest(scene, limits, writer.files)
		bundle.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
	as_owner_of(path.parent, path)
	return {**manifest, "bytes": path.stat().st_size, "sha256": checksum(path)}


def checksum(path: Path) -> str:
	"""Return the SHA-256 of a file."""
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while piece := file.read(_MIB):
			digest.update(piece)
	return digest.hexdigest()


def as_json(value: Any) -> Iterator[bytes]:
	"""Yield a value as JSON, redacted as what leaves the site."""
	encoder = json.JSONEncoder(indent=1, ensure_ascii=False)
	for piece in encoder.iterencode(anonymise(value)):
		yield piece.encode("utf-8", "replace")


def _since(site: Site, incident: Mapping[str, Any]) -> datetime:
	"""Return from when on things are looked at: some time before the incident was first seen, if that is not long ago."""
	earliest = site.now() - LONGEST_WINDOW
	try:
		seen = datetime.fromisoformat(str(incident.get("first_seen") or ""))
	except ValueError:
		return earliest
	seen = seen.replace(tzinfo=site.time_zone).astimezone(UTC) if seen.tzinfo is None else seen
	return max(earliest, seen - BEFORE)


class _Writer:
	"""Writes the files of a bundle, within its limits, and notes what became of each."""

	def __init__(
		self, bundle: zipfile.ZipFile, scene: Scene, limits: Limits, monotonic: Callable[[], float]
	) -> None:
		self.bundle, self.scene, self.limits, self.monotonic = bundle, scene, limits, monotonic
		self.until = monotonic() + limits.time.total_seconds()
		self.left = limits.whole
		self.files: list[dict[str, Any]] = []

	def logs(self, find: Callable[[Scene], Iterable[Part]]) -> Iterable[Part]:
		"""Return the log files, or note why they are not known."""
		self.scene.notes = []
		try:
			found = list(find(self.scene))
		except SourceUnavailable as error:
			self._note("logs/", _("Logs of the window"), "unknown", error.reason)
			return []
		for why in self.scene.notes:
			self._note("logs/", _("More logs"), "left out", why)
		return found

	def add(self, part: Part) -> None:
		"""Write one file. Nothing that goes wrong with it is let out."""
		if self.monotonic() > self.until:
			self._note(part.name, part.title, "left out", _("There was no time left."))
			return
		room = min(self.limits.file, self.left)
		if room <= 0:
			self._note(part.name, part.title, "left out", _("The bundle is as large as it may become."))
			return
		self.scene.notes = []
		with tempfile.TemporaryFile() as held:
			status, why = self._hold(part, held, room)
			if status != "unknown" or held.tell():
				size, seal = self._pack(part.name, held)
				self._note(part.name, part.title, status, why, bytes=size, sha256=seal)
			else:
				self._note(part.name, part.title, status, why)
			self.left -= held.tell()

	def _hold(self, part: Part, held: IO[bytes], room: int) -> tuple[str, str]:
		"""Make a file aside, so that one that breaks off spoils nothing, and say how that went."""
		try:
			for piece in part.make(self.scene):
				if held.tell() + len(piece) > room:
					held.write(piece[: room - held.tell()])
					return "cut", _("Only the first {count} bytes are here.").format(count=held.tell())
				if self.monotonic() > self.until:
					return "cut", _("There was no time left for the rest.")
				held.write(piece)
		except SourceUnavailable as error:
			return "unknown", error.reason
		except Exception as error:
			logger.exception("A part of an evidence bundle cannot be made: %s", part.name)
			return "unknown", f"{type(error).__name__}: {error}"
		return ("in part" if self.scene.notes else "whole"), " ".join(self.scene.notes)

	def _pack(self, name: str, held: IO[bytes]) -> tuple[int, str]:
		digest, size = hashlib.sha256(), 0
		held.seek(0)
		info = zipfile.ZipInfo(name, time.gmtime()[:6])
		info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
		with self.bundle.open(info, "w") as packed:
			while piece := held.read(_MIB):
				digest.update(piece)
				size += len(piece)
				packed.write(piece)
		return size, digest.hexdigest()

	def _note(self, name: str, title: str, status: str, why: str, **values: Any) -> None:
		said = redact_text(why, personal=True)
		self.files.append({"file": name, "holds": title, "status": status, "why": said, **values})


def _manifest(scene: Scene, limits: Limits, files: list[dict[str, Any]]) -> dict[str, Any]:
	site = scene.site
	found: dict[str, Any] = anonymise(
		{
			"version": VERSION,
			"site": site.name,
			"host": site.host.name,
			"frappe": site.frappe_version,
			"console": __version__,
			"redaction": REDACTION,
			"incident": scene.incident.get("name") or "",
			"title": scene.incident.get("title") or "",
			"made": site.now(),
			"window": {"from": scene.since, "to": site.now()},
			"limits": {
				"whole_bytes": limits.whole,
				"file_bytes": limits.file,
				"seconds": limits.time.total_seconds(),
			},
			"whole": all(item["status"] == "whole" for item in files),
		}
	)
	return {**found, "files": files}


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
	"""Open a file that only this user may read and that takes its name when it is whole."""
	try:
		path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
		handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
	except OSError as error:
		raise _cannot_write(path, error) from error
	temporary = Path(name)
	try:
		with os.fdopen(handle, "wb") as file:
			yield file
			file.flush()
			os.fsync(file.fileno())
		temporary.replace(path)
		sync_folder(path.parent)
	except OSError as error:
		temporary.unlink(missing_ok=True)
		raise _cannot_write(path, error) from error
	except BaseException:
		temporary.unlink(missing_ok=True)
		raise


def _cannot_write(path: Path, error: OSError) -> OutputError:
	return OutputError(
		f"The evidence bundle {path} cannot be written: {error.strerror or error}.",
		remedy="See the room on its disk and the rights of its folder, or name another file.",
	)
