"""Does every app that apps.txt names exist?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class AppsTxt(Check):
	"""Is apps.txt there, does it name frappe, and is every app that it names on this bench?

	Cost: one small file, one look at the disk per app.
	"""

	title = _("apps.txt")

	def run(self, site: Site) -> Answer:
		apps = _apps.listed(site)
		file = str(site.bench / "sites" / "apps.txt")
		if "frappe" not in apps:
			yield self.critical(
				_("apps.txt is missing, empty or damaged: it does not name frappe."),
				cause=_(
					"Frappe learns from it which apps this bench has; without it no bench command works."
				),
				remedy=_("Write one app per line into {file}, frappe first: {folders}."),
				subject="frappe",
				subjects=[("File", "apps.txt")],
				file=file,
				folders=", ".join(on_disk(site)),
			)
		gone = [app for app in apps if not _apps.importable(site, app)]
		if gone:
			yield self.warning(
				_("apps.txt names apps that are not on this bench: {apps}."),
				cause=_(
					"There is no such package in {folder}: the folder was removed by hand, or a line is mistyped or two"
					" are joined. Commands for the whole bench, such as build and migrate, end in an import error."
				),
				remedy=_("Take the line out of {file}, or bring the app back with `bench get-app`."),
				subject="gone",
				subjects=[("App", app) for app in gone],
				apps=", ".join(gone),
				file=file,
				folder=str(site.bench / "apps"),
			)


def on_disk(site: Site) -> list[str]:
	"""Return the apps whose folders this bench has, frappe first."""
	found = sorted(path.parent.name for path in (site.bench / "apps").glob("*/*/hooks.py"))
	return sorted(set(found), key=lambda app: (app != "frappe", app))
