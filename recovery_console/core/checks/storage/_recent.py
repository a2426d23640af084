"""Files that were attached of late, and where they must lie on disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

from pypika import Order

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.backends.sql import table
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

FOLDERS = {"/private/files/": ("private", "files"), "/files/": ("public", "files")}


@dataclass(frozen=True)
class Attached:
	"""A File document whose content lies in the site's folders, and what lies there."""

	name: str
	url: str
	is_private: bool
	stored: StoredFile | None

	@property
	def in_private(self) -> bool:
		"""Its address is one that asks for permission."""
		return self.url.startswith("/private/files/")


def recent(site: Site, window: timedelta, most: int) -> list[Attached]:
	"""Return the files attached within a window, newest first, as many as ``most``; links to elsewhere left out."""

	def read() -> list[Attached]:
		t = table("File")
		since = site.ago(window)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.file_url, t.is_private)
			.where((t.creation >= since) & (t.modified >= since) & (t.is_folder == 0))
			.orderby(t.creation, order=Order.desc)
			.limit(most)
		)
		found = []
		for row in rows:
			url = str(row["file_url"] or "")
			paths = candidates(site, url)
			if paths:
				stored = next((file for path in paths if (file := site.files.stat(path))), None)
				found.append(Attached(str(row["name"]), url, bool(row["is_private"]), stored))
		return found

	return site.remember(f"storage.recent:{window}:{most}", read)


def candidates(site: Site, url: str) -> list[Path]:
	"""Return where the content of an address may lie; nothing for an address elsewhere."""
	for prefix, folder in FOLDERS.items():
		if url.startswith(prefix):
			rest = url.removeprefix(prefix)
			names = dict.fromkeys((rest, unquote(rest), rest.partition("?")[0]))
			return [
				site.path.joinpath(*folder, *Path(name).parts)
				for name in names
				if name and ".." not in Path(name).parts
			]
	return []
