"""Is every app that the site has installed there?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AppsInstalled(Check):
	"""Can Python find every app that the site has installed, and does the bench know each of them?

	Cost: one row by key, one small file, one look at the disk per app.
	"""

	title = _("Installed apps")
	needs = ("DefaultValue",)

	def run(self, site: Site) -> Answer:
		installed = site.installed_apps()
		yield self.measure(installed_apps=len(installed))
		gone = [app for app in installed if not _apps.importable(site, app)]
		if gone:
			yield self.critical(
				_("The site cannot start: these of its apps are not there: {apps}."),
				cause=_(
					"The database lists them as installed, but {folder} does not hold them. Frappe imports every"
					" installed app at each request and each job."
				),
				remedy=_(
					"Bring the app back with `bench get-app` at the version that Installed Applications shows. If it is"
					" not wanted any more: take a backup, then `bench --site {site} remove-from-installed-apps {first}`,"
					" which leaves its data alone."
				),
				subject="gone",
				subjects=[("App", app) for app in gone],
				apps=", ".join(gone),
				first=gone[0],
				folder=str(site.bench / "apps"),
				site=site.name,
			)
		known = _apps.listed(site)
		unlisted = [app for app in installed if app not in known and app not in gone]
		if unlisted:
			yield self.warning(
				_("Installed apps that apps.txt does not name: {apps}."),
				cause=_(
					"The bench learns from sites/apps.txt which apps it has. Modules of an app that is not in it are not"
					" found, and its assets are not built."
				),
				remedy=_("Add a line with the name of each of these apps to {file}, then restart the bench."),
				subject="unlisted",
				subjects=[("App", app) for app in unlisted],
				apps=", ".join(unlisted),
				file=str(site.bench / "sites" / "apps.txt"),
			)
