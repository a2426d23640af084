"""Can Frappe read this site's configuration files?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Readable(Check):
	"""Are site_config.json and common_site_config.json there, readable and JSON?

	Cost: two small files, read when the site was opened.
	"""

	title = _("Configuration files")
	explained_by = ("host.disk",)

	def run(self, site: Site) -> Answer:
		for problem in site.config.problems:
			if problem.kind == "missing" and problem.path == site.config.common.path:
				continue  # a bench without one runs on Frappe's defaults
			yield self.critical(
				_("{file} cannot be used: {detail}."),
				cause=_("Frappe 16 refuses to start with it; Frappe 15 goes on as if the file were empty."),
				remedy=_(
					"Keep a copy, then mend it at the place named, or bring back its last good copy:"
					" the newest *-site_config_backup.json in {backups}."
				),
				subject=problem.path.name,
				subjects=[("File", str(problem.path))],
				file=problem.path.name,
				detail=problem.detail,
				kind=problem.kind,
				backups=str(site.path / "private" / "backups"),
			)
