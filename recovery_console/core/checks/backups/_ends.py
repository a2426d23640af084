"""Both ends of a backup file: what proves that it is damaged, without reading what lies between."""

from __future__ import annotations

import json
import struct

from recovery_console.core.backends.files import Files, StoredFile
from recovery_console.core.checks.backups import _sets
from recovery_console.core.checks.backups._unpack import GZIP
from recovery_console.core.finding import _

_TAR_BLOCK = 512
#: No gzip member shrinks its content to less than this share.
_BEST_RATIO = 1032


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
