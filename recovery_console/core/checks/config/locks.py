"""Are documents locked that nobody works on any more?"""

from __future__ import annotations

import re
from datetime import timedelta

from recovery_console.core.backends.files import StoredFile
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import hours

#: Locks of documents are named by a hash; the others belong to processes and mean nothing when they lie about.
_OF_A_DOCUMENT = re.compile(r"[0-9a-f]{56}\.lock")
_FOLDER = "locks"


@dataclass(frozen=True)
class Locks(Check):
	"""Are documents still locked by a background job that should have ended?

	Cost: the names and times in one small folder.
	"""

	title = _("Locked documents")

	#: From then on Frappe 15 lets users unlock a document; Frappe 16 after half of it.
	stale_after: timedelta = timedelta(hours=1)

	def run(self, site: Site) -> Answer:
		stale = stale_locks(site, self.stale_after)
		if not stale:
			return
		oldest = min(lock.modified for lock in stale)
		yield self.warning(
			_("Documents that have been locked for too long: {count}."),
			cause=_(
				"A background job (such as submitting a document) locked each and ended without unlocking it. The"
				" oldest lock is {oldest_hours} h old. Meanwhile the document cannot be changed or submitted."
			),
			remedy=_(
				"Make sure that no job for these documents is running. Then open the document that is said to be locked:"
				" Frappe offers to unlock it. What is left are empty files in {folder}, which may then be deleted."
			),
			subjects=[("File", lock.path.name) for lock in stale],
			oldest=oldest,
			oldest_hours=hours(site.now() - oldest),
			folder=str(site.path / _FOLDER),
		)


def stale_locks(site: Site, after: timedelta) -> list[StoredFile]:
	"""Return the locks of documents that are older than a job may take."""
	if not site.files.exists(_FOLDER):
		return []
	limit = after / 2 if site.frappe_major >= 16 else after
	return [
		lock
		for lock in site.files.list(_FOLDER, "*.lock")
		if _OF_A_DOCUMENT.fullmatch(lock.path.name) and site.now() - lock.modified > limit
	]
