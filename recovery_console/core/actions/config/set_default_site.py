"""Let the bench serve a site by default that exists."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.bench import site_names
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "default_site"


@dataclass(frozen=True)
class SetDefaultSite(Action):
	"""Set default_site in common_site_config.json to this site, or to another one of the bench."""

	title = _("Set the default site")
	risk = Risk.REVERSIBLE
	checks = ("config.default_site",)

	#: Name of the site; empty for this one.
	name: str = ""

	def plan(self, site: Site) -> Plan:
		wanted = self.name or site.name
		if wanted not in site_names(site.bench):
			raise UsageError(
				f"This bench has no site {wanted[:100]}.",
				remedy=f"Name one of: {', '.join(site_names(site.bench)[:20])}.",
			)
		edit = set_key(site, "common", KEY, wanted)
		return self.planned(
			site,
			_("Serve {name} by default"),
			[batch("Setting", KEY, edit)] if edit.before != wanted else [],
			name=wanted,
		)
