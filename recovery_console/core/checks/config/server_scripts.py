"""Do the Server Scripts still compile, and may they run?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ServerScripts(Check):
	"""Is every Server Script that is switched on valid Python, and does the bench let them run?

	Cost: the scripts that are switched on, at most ``most``, parsed and not run.
	"""

	title = _("Server Scripts")
	needs = ("Server Script",)

	most: int = 500

	def run(self, site: Site) -> Answer:
		t = table("Server Script")
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t.script)
			.where(t.disabled == 0)
			.orderby(t["name"])
			.limit(self.most)
		)
		yield self.measure(server_scripts=len(rows))
		if rows and not site.config.common.values.get("server_script_enabled"):
			yield self._off(site, [str(row["name"]) for row in rows])
		yield from self._broken({str(row["name"]): str(row["script"] or "") for row in rows})

	def _off(self, site: Site, names: list[str]) -> Finding:
		in_site = bool(site.config.site.values.get("server_script_enabled"))
		return self.warning(
			_("Server Scripts that are switched on but may not run on this bench: {count}."),
			cause=_(
				"server_script_enabled stands in site_config.json, where Frappe does not look for it."
				if in_site
				else "server_script_enabled is not set in common_site_config.json."
			)
			+ " "
			+ _("Each document and each request that such a script belongs to ends in an error."),
			remedy=_(
				"If you trust everybody who may write such scripts, run `bench set-config -g server_script_enabled 1`"
				" and restart; else disable the scripts named."
			),
			subject="off",
			subjects=[("Server Script", name) for name in names],
		)

	def _broken(self, scripts: dict[str, str]) -> Iterator[Finding]:
		broken = {name: problem for name, text in scripts.items() if (problem := problem_of(text))}
		if broken:
			yield self.warning(
				_("Server Scripts that are not valid Python: {count}."),
				cause=_("{first} Whatever they belong to ends in an error when it runs."),
				remedy=_("Open each script named, correct it or disable it, and save."),
				subject="broken",
				subjects=[("Server Script", name) for name in broken],
				first=f"{next(iter(broken))}: {next(iter(broken.values()))}",
			)


def problem_of(script: str) -> str:
	"""Return why a script cannot be compiled; empty where it can."""
	try:
		ast.parse(script)
	except SyntaxError as error:
		return _("line {0} cannot be understood.").format(error.lineno)
	except (ValueError, RecursionError, MemoryError):
		return _("it cannot be read.")
	return ""
