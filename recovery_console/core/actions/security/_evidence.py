"""What is kept of a suspected breach, and how it is sealed."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pypika import Order

from recovery_console import __version__
from recovery_console.core.backends.sql import table
from recovery_console.core.making.atomic import replace_file, sync_folder
from recovery_console.core.record import dataclass
from recovery_console.core.redact import VERSION, redact
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

PAGE = 5_000
_BY_CREATION = 16
#: A change is written as field, value before, value after.
_CHANGE = 3


@dataclass(frozen=True)
class Source:
	"""One file of the bundle.

	Args:
		name: What it is called there.
		doctype: Where it comes from.
		columns: What is taken; columns that this version does not have are left out.
		since: Only rows from the window on, by this column; empty for all rows.
		hashed: Columns of which only a fingerprint is kept, for they are secrets or long.
	"""

	name: str
	doctype: str
	columns: tuple[str, ...]
	since: str = ""
	hashed: tuple[str, ...] = ()


_LOG = ("name", "creation", "owner")
SOURCES = (
	Source("sessions", "Sessions", ("user", "lastupdate", "status"), hashed=("sid",)),
	Source(
		"logins",
		"Activity Log",
		(*_LOG, "user", "operation", "status", "ip_address", "subject"),
		since="creation",
	),
	Source(
		"exports",
		"Access Log",
		(*_LOG, "user", "export_from", "reference_document", "file_type", "method", "report_name"),
		since="creation",
	),
	Source("changes", "Version", (*_LOG, "ref_doctype", "docname", "data"), since="creation"),
	Source("deletions", "Deleted Document", (*_LOG, "deleted_doctype", "deleted_name"), since="creation"),
	Source(
		"permission_log",
		"Permission Log",
		(*_LOG, "changed_by", "status", "for_doctype", "for_document", "changes"),
		since="creation",
	),
	Source(
		"users",
		"User",
		(
			*_LOG,
			"modified",
			"modified_by",
			"enabled",
			"user_type",
			"last_login",
			"last_ip",
			"last_active",
			"last_password_reset_date",
		),
		hashed=("api_key",),
	),
	Source("roles", "Has Role", (*_LOG, "parenttype", "parent", "role"), since="creation"),
	Source(
		"permissions",
		"Custom DocPerm",
		(*_LOG, "modified", "modified_by", "parent", "role", "permlevel", "read", "write", "create"),
		since="modified",
	),
	Source(
		"server_scripts",
		"Server Script",
		(*_LOG, "modified", "modified_by", "script_type", "disabled", "allow_guest"),
		hashed=("script",),
	),
	Source(
		"webhooks",
		"Webhook",
		(*_LOG, "modified", "modified_by", "enabled", "webhook_doctype", "request_url"),
	),
	Source(
		"tokens", "OAuth Bearer Token", ("creation", "user", "client", "status"), hashed=("access_token",)
	),
	Source("files", "File", (*_LOG, "file_name", "is_private", "attached_to_doctype"), since="creation"),
)


def rows(site: WritableSite, source: Source, window: timedelta, most: int) -> Iterator[Mapping[str, Any]]:
	"""Yield the rows of a source, newest first, redacted; one more than ``most`` where there are more.

	They are read on the connection of repairs: one statement may take longer there than in a diagnosis.
	"""
	db, t = site.writer, table(source.doctype)
	there = db.columns(source.doctype)
	columns = [name for name in (*source.columns, *source.hashed) if name in there]
	# Version 15 indexes when a row was changed, version 16 when it was made.
	newest = "modified" if site.frappe_major < _BY_CREATION or not source.since else source.since
	order = next(name for name in (newest, "lastupdate", "name") if name in there)
	query = db.from_(t).select(*(t[name] for name in columns))
	if source.since:
		since = site.ago(window)
		query = query.where((t["modified"] >= since) & (t[source.since] >= since))
	for start in range(0, most + 1, PAGE):
		page = query.orderby(t[order], order=Order.desc).limit(min(PAGE, most + 1 - start))
		found = db.run(page.offset(start))
		yield from (_shown(row, source.hashed) for row in found)
		if len(found) < PAGE:
			return


def write(site: WritableSite, path: Path, window: timedelta, most: int, *, personal: bool) -> tuple[int, str]:
	"""Write the bundle, whole or not at all, and return how many rows it holds and its checksum."""
	path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
	temporary = path.with_suffix(".part")
	files: dict[str, dict[str, Any]] = {}
	temporary.unlink(missing_ok=True)
	with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as raw:
		with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as bundle:
			for source in SOURCES:
				if site.has_doctype(source.doctype):
					files[source.name] = _add(bundle, site, source, window, most, personal=personal)
			bundle.writestr("manifest.json", json.dumps(_manifest(site, window, files), indent=1))
		raw.flush()
		os.fsync(raw.fileno())
	seal = checksum(temporary)
	replace_file(seal_of(path), f"{seal}  {path.name}\n".encode())
	temporary.replace(path)
	sync_folder(path.parent)
	return sum(int(entry["rows"]) for entry in files.values()), seal


def _add(
	bundle: zipfile.ZipFile,
	site: WritableSite,
	source: Source,
	window: timedelta,
	most: int,
	*,
	personal: bool,
) -> dict[str, Any]:
	digest, number = hashlib.sha256(), 0
	name = f"{source.name}.jsonl"
	with bundle.open(name, "w", force_zip64=True) as file:
		for row in rows(site, source, window, most):
			number += 1
			if number > most:
				break
			line = json.dumps(redact(row, personal=personal), ensure_ascii=False, sort_keys=True, default=str)
			written = (line + "\n").encode("utf-8", "replace")
			digest.update(written)
			file.write(written)
	return {
		"file": name,
		"source": source.doctype,
		"rows": min(number, most),
		"complete": number <= most,
		"sha256": digest.hexdigest(),
	}


def _manifest(site: Site, window: timedelta, files: Mapping[str, Any]) -> dict[str, Any]:
	return {
		"site": site.name,
		"frappe": site.frappe_version,
		"console": __version__,
		"redaction": VERSION,
		"taken": site.now().isoformat(),
		"from": (site.now() - window).isoformat(),
		"time_zone_of_rows": str(site.time_zone),
		"files": files,
	}


def _shown(row: Mapping[str, Any], hashed: tuple[str, ...]) -> dict[str, Any]:
	shown: dict[str, Any] = {}
	for name, value in row.items():
		if name in hashed:
			shown[f"{name}_fingerprint"] = fingerprint(value)
		elif name in ("data", "changes"):
			shown[name] = _by_field(value)
		else:
			shown[name] = value.isoformat() if isinstance(value, datetime) else value
	return shown


def _by_field(text: Any) -> Any:
	"""Return what a version says by the name of each field, so that redaction knows which of them are secret."""
	try:
		said = json.loads(text or "{}")
	except ValueError:
		return text
	changed = said.get("changed") if isinstance(said, dict) else None
	if isinstance(changed, list) and all(isinstance(item, list) and len(item) == _CHANGE for item in changed):
		said["changed"] = {str(field): [before, after] for field, before, after in changed}
	return said


def fingerprint(value: Any) -> str:
	"""Return what tells one secret from another and does not tell it."""
	return hashlib.sha256(str(value).encode()).hexdigest()[:16] if value else ""


def checksum(path: Path) -> str:
	"""Return the SHA-256 of a file."""
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while piece := file.read(1024 * 1024):
			digest.update(piece)
	return digest.hexdigest()


def seal_of(path: Path) -> Path:
	"""Return where the checksum of a bundle stands."""
	return path.with_name(path.name + ".sha256")
