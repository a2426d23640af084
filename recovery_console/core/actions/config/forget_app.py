"""Take an app whose code is gone off the site's list of installed apps."""

from __future__ import annotations

import json

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import noticed
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.config import _apps
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

#: Where Frappe 15 and 16 keep the list once it was read.
_CACHED = ("installed_apps", "defaults", "defaults::__global", "app_hooks", "installed_app_modules")


@dataclass(frozen=True)
class ForgetApp(Action):
	"""Let the site start without an app whose code is not on the bench any more; its data stays.

	As `bench remove-from-installed-apps`, which needs a site that starts. Better is to bring the code back.
	"""

	title = _("Let the site start without an app")
	risk = Risk.DISRUPTIVE
	needs = ("DefaultValue",)
	checks = ("config.apps_installed",)

	app: str

	def plan(self, site: Site) -> Plan:
		installed = list(site.installed_apps())
		if self.app not in installed:
			raise UsageError(
				f"{self.app[:100]} is not installed on {site.name}.",
				remedy=f"It has: {', '.join(installed)}.",
			)
		if self.app == "frappe" or _apps.importable(site, self.app):
			raise UsageError(
				f"The code of {self.app} is there, so the site can start with it.",
				remedy="To take an app and its data away, use bench uninstall-app.",
			)
		t = table("DefaultValue")
		(row,) = site.db.run(
			site.db.from_(t)
			.select(t["name"], t["defvalue"])
			.where((t["parent"] == "__global") & (t["defkey"] == "installed_apps"))
		)
		left = json.dumps([app for app in installed if app != self.app])
		return self.planned(
			site,
			_("Let the site start without {app}"),
			[batch("App", self.app, *noticed(site, _CACHED, changed("DefaultValue", row, defvalue=left)))],
			warnings=[
				_("What users do with this app does not work until its code is back. Its tables stay."),
				_("Take a backup first. Restart the bench afterwards: bench restart."),
			],
			app=self.app,
		)
