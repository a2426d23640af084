"""Are there files on disk that no document knows?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.storage._recent import FOLDERS
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_MIB = 1024**2
_AT_ONCE = 500


@dataclass(frozen=True)
class Orphans(Check):
	"""Are there files in the site's folders that no File document knows?

	Cost: walks both folders, at most ``most`` files, and looks each up by its address, which Frappe 15 has no index
	for: only on request.
	"""

	title = _("Files without a document")
	needs = ("File",)
	on_request = True
	budget = timedelta(seconds=60)

	most: int = 20000
	#: Younger files may belong to an upload that is not finished.
	younger: timedelta = timedelta(days=1)

	def run(self, site: Site) -> Answer:
		files = unattached(site, self.most, self.younger)
		orphans = sorted(files.orphans)
		size = sum(found.size_bytes for found in files.orphans.values())
		yield self.measure(files_walked=files.walked, orphans_mib=round(size / _MIB, 1))
		if orphans:
			yield self.info(
				_("Files on disk that no document knows: {count}, together {size_mib} MiB."),
				cause=_(
					"Their File documents were deleted or never made: by a script, an import, or a restore of an older"
					" database. Looked at: {looked_at} files."
				),
				remedy=_(
					"Compare a few with what people miss before anything is deleted: each may be the only copy."
					" Take a backup with files first."
				),
				subjects=[("File", url) for url in orphans],
				size_mib=round(size / _MIB, 1),
				looked_at=files.walked,
			)


@dataclass(frozen=True)
class Walked:
	"""What a walk through the folders of uploads found: files by address that no document knows."""

	walked: int
	orphans: dict[str, StoredFile]


def unattached(site: Site, most: int, younger: timedelta) -> Walked:
	"""Walk the folders of uploads and return the files that no File document knows."""
	files: dict[str, StoredFile] = {}
	for prefix, folder in FOLDERS.items():
		root = site.path.joinpath(*folder)
		if site.files.exists(root):
			for file in site.files.walk(root, most):
				if site.now() - file.modified > younger:
					files[prefix + file.path.relative_to(root).as_posix()] = file
	urls = sorted(files)
	known: set[str] = set()
	for start in range(0, len(urls), _AT_ONCE):
		known |= _known(site, urls[start : start + _AT_ONCE])
	return Walked(len(urls), {url: files[url] for url in urls if url not in known})


def _known(site: Site, urls: list[str]) -> set[str]:
	t = table("File")
	found: set[str] = set()
	for column in (t.file_url, t.thumbnail_url):
		rows = site.db.run(site.db.from_(t).select(column.as_("url")).where(column.isin(urls)))
		found |= {str(row["url"]) for row in rows}
	return found
