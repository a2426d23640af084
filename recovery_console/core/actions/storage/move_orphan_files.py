"""Move files that no document knows out of the way."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import relative, set_aside
from recovery_console.core.checks.storage.orphans import unattached
from recovery_console.core.edits import FileMove
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class MoveOrphanFiles(Action):
	"""Move files of the site's folders that no File document knows into a folder of their own, and keep them there.

	Nothing is deleted: they lie in ``private/recovery_console/set_aside`` until somebody who is sure deletes them.
	"""

	title = _("Set files without a document aside")
	risk = Risk.REVERSIBLE
	needs = ("File",)
	checks = ("storage.orphans",)

	#: Addresses, as the finding names them; without, all of them.
	urls: tuple[str, ...] = ()
	#: Younger files may belong to an upload that is not finished.
	younger: timedelta = timedelta(days=1)
	#: So many files are looked at.
	look_at: int = 20_000
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		found = unattached(site, self.look_at, self.younger).orphans
		urls = {url: url for url in found}
		chosen = only_named(self.id, self.urls, urls, _("file without a document"))
		folder = set_aside(site)
		return self.planned(
			site,
			_("Files to set aside: {count}, together {mib} MiB"),
			[
				batch(
					"File",
					url,
					FileMove(
						relative(site, found[url].path),
						relative(site, folder / found[url].path.relative_to(site.path)),
					),
				)
				for url in chosen
			],
			most=self.most,
			warnings=[
				_(
					"A text or a website may link to such a file by its address; then its picture is missing until undone."
				)
			]
			if chosen
			else [],
			mib=round(sum(found[url].size_bytes for url in chosen) / _MIB, 1),
			folder=str(folder),
		)
