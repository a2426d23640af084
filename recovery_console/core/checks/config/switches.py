"""Are switches on that are meant for developers?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Switch: what it does when it is on; those of the first group are only informative on a developer's bench.
_DEVELOPER = {
	"developer_mode": _(
		"Changes to standard forms are written into the apps' source folders, caches are left out and every"
		" page is slower. The next update then conflicts with the changed files."
	),
	"allow_tests": _(
		"Tests may run on this site. They delete and replace its data: one `bench run-tests` without thinking"
		" is enough."
	),
}
_ALWAYS = {
	"ignore_csrf": _(
		"Any other website that a logged-in user visits can then send requests to this site in that user's name."
	),
}
SWITCHES = {**_DEVELOPER, **_ALWAYS}


@dataclass(frozen=True)
class Switches(Check):
	"""Are developer_mode, allow_tests or ignore_csrf on where real work is done?

	Cost: none but one look for the bench's production set-up; the files were read when the site was opened.
	"""

	title = _("Switches for developers")

	def run(self, site: Site) -> Answer:
		production = self._in_production(site)
		for switch, cause in SWITCHES.items():
			if not is_on(site, switch):
				continue
			loud = production or switch in _ALWAYS
			yield (self.warning if loud else self.info)(
				_("The switch {switch} is on."),
				cause=cause,
				remedy=_(
					"Take {switch} out of {files}, or run `bench --site {site} set-config {switch} 0`; then restart"
					" the bench."
				),
				subject=switch,
				subjects=[("Setting", switch)],
				switch=switch,
				site=site.name,
				files=", ".join(path.name for path in site.config.defined_in(switch)),
				production=production,
			)

	@staticmethod
	def _in_production(site: Site) -> bool:
		return (
			site.config.flag("restart_supervisor_on_update")
			or site.config.flag("restart_systemd_on_update")
			or site.files.exists(site.bench / "config" / "supervisor.conf")
			or site.files.exists(site.bench / "config" / "systemd")
		)


def is_on(site: Site, switch: str) -> bool:
	"""Tell whether one of these switches is on."""
	value = site.config.get(switch)
	return site.config.flag(switch) or value is True or str(value).strip().lower() == "true"
