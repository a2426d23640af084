"""Do the functions exist that the apps' hooks name?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.config import _apps
from recovery_console.core.checks.config._hooks import EVERYWHERE, named, parsed
from recovery_console.core.checks.scheduler._methods import what_is_missing
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Hooks(Check):
	"""Do all functions and classes that the installed apps' hooks.py name exist?

	Cost: a hooks.py per app, and each source file that it names once; nothing is imported. The scheduled methods
	are another check's.
	"""

	title = _("Hooks of the apps")
	needs = ("DefaultValue",)
	explained_by = ("config.apps_installed",)

	def run(self, site: Site) -> Answer:
		dead: dict[str, str] = {}
		everywhere = False
		seen = 0
		for app in site.installed_apps():
			tree, problem = parsed(site, app)
			if problem:
				yield self._broken(site, app, problem)
			for hook, path in set(named(tree)):
				seen += 1
				missing = what_is_missing(site, path)
				if missing:
					dead[path] = f"{app}, {hook}: {path}. {missing}"
					everywhere = everywhere or hook in EVERYWHERE
		yield self.measure(hooks=seen)
		if dead:
			yield (self.critical if everywhere else self.warning)(
				_("Hooks that name code which does not exist: {count}."),
				cause=_(
					"{first} An app was updated or taken away only in part. Whatever the hook belongs to (a page, saving"
					" a document, a log-in) ends in an error."
				),
				remedy=_(
					"Bring the app named and the apps that it relies on to versions that fit together, or correct the"
					" line in its hooks.py; then restart the bench."
				),
				subjects=[("Hook", path) for path in sorted(dead)],
				first=dead[min(dead)],
				hooks=[dead[path] for path in sorted(dead)][:20],
			)

	def _broken(self, site: Site, app: str, problem: str) -> Finding:
		return self.critical(
			_("The site cannot start: hooks.py of {app} is not valid Python ({problem})."),
			cause=_(
				"Frappe reads it at every request. Mostly an update stopped in a conflict and left its marks."
			),
			remedy=_(
				"Look at {path} and at `git status` in that app's folder; put the file back as its version has it, then"
				" restart the bench."
			),
			subject=app,
			subjects=[("App", app)],
			app=app,
			problem=problem,
			path=str(_apps.package(site, app) / "hooks.py"),
		)
