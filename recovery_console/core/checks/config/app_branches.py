"""Are the apps' repositories in order?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: Files and folders that git leaves while something is half done.
_HALF_DONE = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True)
class AppBranches(Check):
	"""Is an app's repository half-way through a merge, or on another branch than at the last migration?

	Cost: one row and a few small files per app; git itself is not run.
	"""

	title = _("Branches of the apps")
	needs = ("Installed Application", "DefaultValue")

	def run(self, site: Site) -> Answer:
		yield from self._half_done(site)
		t = table("Installed Application")
		rows = site.db.run(site.db.from_(t).select(t.app_name, t.git_branch).limit(200))
		recorded = {str(row["app_name"]): str(row["git_branch"] or "") for row in rows}
		moved = [
			f"{app}: {recorded[app]} → {_apps.branch(site, app)}"
			for app in site.installed_apps()
			if recorded.get(app) and _apps.branch(site, app) not in ("", recorded[app])
		]
		if moved:
			yield self.info(
				_("Apps on another branch than when the site was last migrated: {count}."),
				cause=_("Somebody switched: {changes}. The database knows the old branch only."),
				remedy=_("If that was meant, run `bench --site {site} migrate`; else switch back."),
				subject="branch",
				subjects=[("App", change.partition(":")[0]) for change in moved],
				changes="; ".join(moved),
				site=site.name,
			)

	def _half_done(self, site: Site) -> Iterator[Finding]:
		found = {
			app: mark
			for app in site.installed_apps()
			for mark in _HALF_DONE
			if site.files.exists(site.bench / "apps" / app / ".git" / mark)
		}
		if found:
			yield self.warning(
				_("Apps whose code is half-way through a merge: {apps}."),
				cause=_(
					"git stopped in the middle ({marks}), mostly because of a conflict. Files may hold conflict marks, so"
					" the next restart may fail."
				),
				remedy=_(
					"In {folder}, in the folder of each app named, look at `git status`; end the merge, or go back with"
					" `git merge --abort` (or `git rebase --abort`)."
				),
				subject="merge",
				subjects=[("App", app) for app in found],
				apps=", ".join(found),
				marks=", ".join(sorted(set(found.values()))),
				folder=str(site.bench / "apps"),
			)
