"""Does the bench's default site exist?"""

from __future__ import annotations

from recovery_console.core.bench import site_names
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DefaultSite(Check):
	"""Is the site that the bench serves by default there?

	Cost: one look at the disk.
	"""

	title = _("Default site")

	def run(self, site: Site) -> Answer:
		name = str(site.config.common.values.get("default_site") or "").strip()
		if not name or site.files.exists(site.bench / "sites" / name / "site_config.json"):
			return
		yield self.warning(
			_("The default site {name} does not exist."),
			cause=_(
				"common_site_config.json names it as the site for requests and commands that name none; they fail, or"
				" show that the site does not exist."
			),
			remedy=_("Choose one that exists with `bench use`: {sites}."),
			subjects=[("Site", name)],
			name=name,
			sites=", ".join(site_names(site.bench)[:20]),
		)
