"""Keep evidence of a suspected breach before anything is changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.security import _evidence
from recovery_console.core.edits import Act
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import in_words
from recovery_console.core.writable import WritableSite

FOLDER = Path("private") / "recovery_console" / "evidence"
_LONGEST, _MOST = timedelta(days=400), 200_000


@dataclass(frozen=True)
class EvidenceBundle(Action):
	"""Write sessions, log-ins, exports, changes, rights and scripts of a window into one sealed file.

	A zip in the site's private folder with one file per source and a manifest with checksums. Secrets are taken out
	or stand there as fingerprints. Nothing of the site is changed.
	"""

	title = "Keep evidence"
	risk = Risk.READ
	needs = ("User", "Activity Log")
	time_limit = timedelta(minutes=15)

	window: timedelta = timedelta(days=30)
	most_rows: int = 50_000
	hide_addresses: bool = False

	def plan(self, site: Site) -> Plan:
		if not timedelta(hours=1) <= self.window <= _LONGEST or not 100 <= self.most_rows <= _MOST:
			raise UsageError(
				f"A window goes from 1 h to {_LONGEST.days} d, the rows of a source from 100 to {_MOST}.",
				remedy="Give a window in which the breach may have begun, such as 30 d.",
			)
		name = f"evidence-{site.now():%Y%m%dT%H%M%SZ}.zip"
		sources = [source.doctype for source in _evidence.SOURCES if site.has_doctype(source.doctype)]
		act = Act(_("evidence kept"), "Path", str(Path("sites") / site.name / FOLDER / name), {"name": name})
		return self.planned(
			site,
			_("Keep what happened in {window} in a sealed file"),
			[batch("Path", name, act)],
			warnings=[_("It holds names, IP addresses and what was done: keep it in the private folder.")],
			left_out=[
				LeftOut(
					Subject("Path", str(site.bench / "logs")),
					_("The logs of the bench and the web server: copy them by hand."),
				)
			],
			window=in_words(self.window),
			sources=", ".join(sources),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		path = self._path(site, act)
		try:
			number, seal = _evidence.write(
				site, path, self.window, self.most_rows, personal=self.hide_addresses
			)
		except OSError as error:
			raise SourceUnavailable(
				"files",
				f"{path} cannot be written: {error.strerror or error}.",
				remedy="See the room on its disk and the rights of the site's private folder.",
				kind="denied",
			) from error
		return _("{0}: {1} rows, SHA-256 {2}").format(act.name, number, seal)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		path = self._path(site, act)
		seal = _evidence.seal_of(path)
		return path.is_file() and seal.is_file() and _evidence.checksum(path) == seal.read_text().split()[0]

	@staticmethod
	def _path(site: Site, act: Act) -> Path:
		return site.path / FOLDER / Path(str(act.arguments["name"])).name
