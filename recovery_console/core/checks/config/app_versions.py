"""Is the code as old as the database?"""

from __future__ import annotations

import re

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_PLAIN = re.compile(r"\d+(\.\d+)+\S*")
_WITH_COMMIT = re.compile(r"\(([0-9a-f]{7,40})\)")


@dataclass(frozen=True)
class AppVersions(Check):
	"""Are the apps on disk in the versions with which the site was last migrated?

	Cost: one row and one or two small files per app.
	"""

	title = _("Versions of the apps")
	needs = ("Installed Application", "DefaultValue")

	def run(self, site: Site) -> Answer:
		t = table("Installed Application")
		rows = site.db.run(site.db.from_(t).select(t.app_name, t.app_version).limit(200))
		installed = site.installed_apps()
		moved: dict[str, str] = {}
		for row in rows:
			app, recorded = str(row["app_name"]), str(row["app_version"] or "")
			if app in installed:
				now = self._other(site, app, recorded)
				if now:
					moved[app] = f"{app}: {recorded} → {now}"
		if moved:
			yield self.warning(
				_("Apps whose code is not the one that the site was migrated to: {apps}."),
				cause=_(
					"The code was changed (database → disk: {changes}) and `bench migrate` has not run since, or did not"
					" end. Fields may be missing, and patches may not have run."
				),
				remedy=_(
					"Take a backup with `bench --site {site} backup --with-files`, then run"
					" `bench --site {site} migrate`; or put the code back to the version that the database has."
				),
				subjects=[("App", app) for app in moved],
				apps=", ".join(moved),
				changes="; ".join(moved.values()),
				site=site.name,
			)

	@staticmethod
	def _other(site: Site, app: str, recorded: str) -> str:
		"""Return what the disk holds where that surely differs from what was recorded; else nothing."""
		commit = _WITH_COMMIT.search(recorded)
		if commit:
			now = _apps.commit(site, app)
			return now[: len(commit[1])] if now and not now.startswith(commit[1]) else ""
		now = _apps.version(site, app)
		return now if now and _PLAIN.fullmatch(recorded) and now != recorded else ""
