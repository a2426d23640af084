"""Bring apps.txt into line with the apps that are there."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import LARGEST, in_bench
from recovery_console.core.checks.config import _apps
from recovery_console.core.checks.config.apps_txt import on_disk
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class MendAppsTxt(Action):
	"""Let sites/apps.txt name frappe first, then the apps that it named and that are there, and those installed.

	Lines that name no app of this bench are taken out. Where the file names none at all, every app in the bench's
	folder goes in.
	"""

	title = _("Mend apps.txt")
	risk = Risk.REVERSIBLE
	checks = ("config.apps_txt", "config.apps_installed")
	resources = ("config",)

	def plan(self, site: Site) -> Plan:
		path = site.bench / "sites" / "apps.txt"
		now = _apps.listed(site)
		named = [*now, *site.installed_apps()] if now else [*on_disk(site), *site.installed_apps()]
		apps = [app for app in dict.fromkeys(["frappe", *named]) if _apps.importable(site, app)]
		if "frappe" not in apps:
			raise UsageError(
				f"Frappe itself is not in {site.bench / 'apps'}.",
				remedy="Bring it back first, at the version that the site had: see the runbook app-code-missing.",
			)
		found = site.files.stat(path)
		before = site.files.read_bytes(path, LARGEST) if found else ABSENT
		edit = FileText(
			in_bench(site, path), before, ("\n".join(apps) + "\n").encode(), found.mode if found else 0o644
		)
		return self.planned(
			site,
			_("Write {apps} into apps.txt"),
			[batch("Path", in_bench(site, path), edit)] if apps != now else [],
			apps=", ".join(apps),
			taken_out=[app for app in now if app not in apps],
			added=[app for app in apps if app not in now],
		)
