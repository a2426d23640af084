"""Are private files really private?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.storage._recent import Attached, recent
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class WrongSide(Check):
	"""Does every file that was attached of late lie on the side, public or private, that its document says?

	Cost: none of its own; shares the rows that another check of this family reads.
	"""

	title = _("Private files")
	needs = ("File",)

	window: timedelta = timedelta(days=30)
	most: int = 2000

	def run(self, site: Site) -> Answer:
		files = recent(site, self.window, self.most)
		yield from self._open([file for file in files if file.is_private and not file.in_private])
		yield from self._closed([file for file in files if not file.is_private and file.in_private])

	def _open(self, found: list[Attached]) -> Iterator[Finding]:
		if found:
			yield self.warning(
				_("Files marked as private that everybody can open: {count}."),
				cause=_(
					"They are marked Is Private, but their address is a public one (/files/…), which asks nobody to log"
					" in. A script or an import set the mark without moving the file."
				),
				remedy=_(
					"Open each File, take the mark Is Private away, save, set it again and save: Frappe then moves the"
					" file. Decide whether somebody outside may have opened it."
				),
				subject="open",
				subjects=[("File", file.name) for file in found],
			)

	def _closed(self, found: list[Attached]) -> Iterator[Finding]:
		if found:
			yield self.info(
				_("Files marked as public that lie among the private ones: {count}."),
				cause=_(
					"Visitors who are not logged in get no picture or document where one is meant to be."
				),
				remedy=_(
					"Open each File, set the mark Is Private, save, take it away and save: Frappe then moves the file."
				),
				subject="closed",
				subjects=[("File", file.name) for file in found],
			)
