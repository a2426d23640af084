"""Are the built assets there?"""

from __future__ import annotations

import json

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_REMEDY = _("Build them again with `bench build`, then run `bench --site {site} clear-cache` and restart.")


@dataclass(frozen=True)
class Assets(Check):
	"""Is assets.json there and readable, and does every script and style sheet that it names exist?

	Cost: one small file, and one look at the disk for each of the few dozen files that it names.
	"""

	title = _("Built assets")

	def run(self, site: Site) -> Answer:
		path = site.bench / "sites" / "assets" / "assets.json"
		built = self._read(site)
		if not built:
			yield self.critical(
				_("The list of built assets is missing or damaged: pages come without style and scripts."),
				cause=_("{file} names the scripts and style sheets of every page. `bench build` writes it."),
				remedy=_REMEDY,
				subject="list",
				subjects=[("File", "assets.json")],
				file=str(path),
				site=site.name,
			)
			return
		gone = [url for url in built if not site.files.exists(site.bench / "sites" / url.lstrip("/"))]
		yield self.measure(assets=len(built))
		if gone:
			yield self.critical(
				_("Built scripts and style sheets that are not there: {count} of {of}."),
				cause=_(
					"assets.json names them, the files are gone: a build was cut short, an app's folder was replaced, or"
					" its link in sites/assets is broken. Pages that need them stay blank or without style."
				),
				remedy=_REMEDY,
				subject="files",
				subjects=[("File", url) for url in gone],
				of=len(built),
				site=site.name,
			)

	@staticmethod
	def _read(site: Site) -> list[str]:
		"""Return the addresses in assets.json and, where there is one, in assets-rtl.json."""
		folder = site.bench / "sites" / "assets"
		found: set[str] = set()
		for name in ("assets.json", "assets-rtl.json"):
			if not site.files.exists(folder / name):
				continue
			try:
				values = json.loads(site.files.read_text(folder / name))
			except ValueError:
				values = None
			if not isinstance(values, dict):
				return []
			found |= {str(url) for url in values.values() if str(url).startswith("/assets/")}
		return sorted(found) if site.files.exists(folder / "assets.json") else []
