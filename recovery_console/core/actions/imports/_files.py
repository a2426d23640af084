"""Import files read without Frappe: what a spreadsheet program saved, with all that it can get wrong."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.edits import ABSENT, Edit, FileText
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.record import dataclass
from recovery_console.core.rows import inserted
from recovery_console.core.safe_csv import written
from recovery_console.core.site import Site

#: Beginning of a file's address -> its folder in the site's folder.
FOLDERS = {"/private/files/": "private/files", "/files/": "public/files"}
#: Frappe tries these, in this order.
ENCODINGS = ("utf-8", "windows-1250", "windows-1252")
LARGEST = 6 * 1024 * 1024
#: Hints in a file at the head of a spreadsheet's saved text.
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Table:
	"""A CSV file as rows, with how it was written. ``rows`` holds the header and the lines as Frappe counts them."""

	rows: Sequence[Sequence[str]]
	encoding: str = "utf-8"
	bom: bool = False
	delimiter: str = ","
	nul: int = 0

	@property
	def header(self) -> Sequence[str]:
		return next((row for row in self.rows if any(row)), ())

	def numbered(self) -> Iterable[tuple[int, Sequence[str]]]:
		"""Yield the lines below the header with Frappe's row numbers; empty ones not."""
		seen_header = False
		for number, row in enumerate(self.rows, 1):
			if not any(row):
				continue
			if seen_header:
				yield number, row
			seen_header = True


def path_of(address: str) -> str:
	"""Return where a file lies in the site's folder, from its address.

	Raises:
		UsageError: It is no address of a file of this site.
	"""
	for beginning, folder in FOLDERS.items():
		name = PurePosixPath(address.removeprefix(beginning))
		if address.startswith(beginning) and name.name and ".." not in name.parts and not name.is_absolute():
			return f"{folder}/{name}"
	raise UsageError(
		f"{address[:200]!r} is no file of this site.",
		remedy="Give its address as the File list shows it, such as /private/files/members.csv.",
	)


def read_table(site: Site, address: str) -> Table:
	"""Read a CSV file of the site.

	Raises:
		UsageError: It is no CSV file, too large, or in no encoding that can be told.
		SourceUnavailable: It is not there.
	"""
	path = path_of(address)
	if not path.lower().endswith(".csv"):
		raise UsageError(
			f"{address!r} is no CSV file.",
			remedy="Save it as CSV in UTF-8 first; spreadsheets themselves are read by Frappe only.",
		)
	found = site.files.stat(path)
	if found is None:
		raise SourceUnavailable(
			"files",
			f"{address} is not on disk.",
			remedy="Attach the file to the import again.",
			kind="missing",
		)
	if found.size_bytes > LARGEST:
		raise UsageError(
			f"{address} has more than {LARGEST // 1024**2} MiB.", remedy="Split it into smaller files."
		)
	return parse(site.files.read_bytes(path, LARGEST))


def parse(content: bytes) -> Table:
	"""Read the bytes of a CSV file.

	Raises:
		UsageError: They are no text, or no CSV.
	"""
	bom = content.startswith(b"\xef\xbb\xbf")
	text, encoding = _decode(content[3:] if bom else content)
	delimiter = _delimiter(text)
	clean = text.replace("\x00", "")
	try:
		rows = [
			[cell.strip() for cell in row]
			for row in csv.reader(io.StringIO(clean, newline=""), delimiter=delimiter)
		]
	except csv.Error as error:
		raise UsageError(f"This is no CSV file: {error}.", remedy="Save it as CSV in UTF-8 again.") from error
	return Table(rows, encoding, bom, delimiter, len(text) - len(clean))


def _decode(content: bytes) -> tuple[str, str]:
	if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
		raise UsageError(
			"This is a spreadsheet under the name of a CSV file.", remedy="Save it as CSV in UTF-8 first."
		)
	for encoding in (_WIDE.get(content[:2], ""), *ENCODINGS):
		if not encoding:
			continue
		try:
			return content.decode(encoding), encoding
		except UnicodeDecodeError:
			continue
	raise UsageError(
		f"The file is in none of the encodings {', '.join(ENCODINGS)}.",
		remedy="Save it as CSV in UTF-8 again.",
	)


def _delimiter(text: str) -> str:
	"""Return what stands between the cells of the first line that is not empty."""
	first = next((line for line in text.splitlines() if line.strip()), "")
	outside = re.sub(r'"[^"]*"', "", first)
	return max(",;\t|", key=lambda sign: (outside.count(sign), sign == ","))


def write(rows: Iterable[Sequence[str]]) -> bytes:
	"""Return rows as a CSV file in UTF-8 that is safe to open: an apostrophe stands before what is a formula."""
	return written(rows)


def new_file(site: Site, name: str, content: bytes, doctype: str, document: str, owner: str) -> list[Edit]:
	"""Return the edits that add a private file to the site, attached to a document.

	Raises:
		UsageError: A file of this name is there.
	"""
	safe = re.sub(r"[^\w.-]", "-", name)[:120]
	address = f"/private/files/{safe}"
	if site.files.exists(path_of(address)):
		raise UsageError(
			f"There is a file {address} already.", remedy="Delete it in the File list, and plan again."
		)
	path = f"sites/{site.name}/{path_of(address)}"
	row = file_row(site, address, content, doctype, document, owner)
	return [FileText(path, ABSENT, content, 0o644), inserted("File", row)]


def file_row(
	site: Site, address: str, content: bytes, doctype: str, document: str, owner: str
) -> dict[str, Any]:
	"""Return the row of a File document for a file that lies at an address."""
	now = site.ago(timedelta(0))
	return {
		"name": hashlib.sha256(f"{address} {now}".encode()).hexdigest()[:10],
		"owner": owner,
		"modified_by": owner,
		"creation": now,
		"modified": now,
		"docstatus": 0,
		"idx": 0,
		"file_name": PurePosixPath(address).name,
		"file_url": address,
		"is_private": int(address.startswith("/private/")),
		"is_folder": 0,
		"is_home_folder": 0,
		"is_attachments_folder": 0,
		"folder": "Home/Attachments",
		"file_size": len(content),
		"content_hash": hashlib.md5(content, usedforsecurity=False).hexdigest(),
		"attached_to_doctype": doctype or None,
		"attached_to_name": document or None,
	}


def owner_of(site: Site, doctype: str, name: str) -> str:
	"""Return who owns a document; Administrator where it is not known."""
	t = table(doctype)
	return str(site.db.value(site.db.from_(t).select(t["owner"]).where(t["name"] == name)) or "Administrator")
