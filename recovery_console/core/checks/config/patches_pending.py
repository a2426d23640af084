"""Were all patches of the installed apps run?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_LONGEST = 140


@dataclass(frozen=True)
class PatchesPending(Check):
	"""Is there a line in the patches.txt of an installed app that this site has not run?

	Cost: a patches.txt per app, and one column of Patch Log: about a thousand short texts.
	"""

	title = _("Patches not run")
	needs = ("Patch Log", "DefaultValue")
	explained_by = ("config.app_versions",)

	most: int = 50000

	def run(self, site: Site) -> Answer:
		done = self._known(site)
		pending: list[str] = []
		for app in site.installed_apps():
			path = _apps.package(site, app) / "patches.txt"
			if site.files.exists(path):
				pending += [line for line in patch_lines(site.files.read_text(path)) if line not in done]
		yield self.measure(pending_patches=len(pending))
		if pending:
			yield self.warning(
				_("Patches that this site has not run: {count}. First: {first}."),
				cause=_(
					"The code was updated without `bench migrate`, or the migration stopped. Until then the code"
					" expects fields and values that the database does not have."
				),
				remedy=_(
					"Take a backup with `bench --site {site} backup --with-files`, then run"
					" `bench --site {site} migrate` and read how it ends."
				),
				subjects=[("Patch", line[:_LONGEST]) for line in pending],
				first=pending[0][:_LONGEST],
				site=site.name,
			)

	def _known(self, site: Site) -> set[str]:
		t = table("Patch Log")
		logged = site.db.from_(t).select(t.patch.as_("text")).limit(self.most)
		return {patch.strip() for patch in site.db.texts(logged)}  # those passed over are another check's


def patch_lines(text: str) -> list[str]:
	"""Return the patches of a patches.txt as Patch Log names them, comments behind them included."""
	lines = (line.strip() for line in text.splitlines())
	return [
		line.replace("finally:", "")
		for line in lines
		if line and not line.startswith(("#", ";")) and not (line.startswith("[") and line.endswith("]"))
	]
