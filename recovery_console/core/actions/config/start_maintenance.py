"""Close the site for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import set_key
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import distinct_count
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

KEY = "maintenance_mode"
READING = "allow_reads_during_maintenance"
#: Who did something within this time counts as at work.
AT_WORK = timedelta(minutes=30)


@dataclass(frozen=True)
class StartMaintenance(Action):
	"""Set maintenance_mode in the site's own site_config.json, so that nobody can work and nothing scheduled begins.

	``config.leave_maintenance`` ends it. Other sites of the bench are not touched.
	"""

	title = _("Switch maintenance mode on")
	risk = Risk.DISRUPTIVE
	checks = ()

	def plan(self, site: Site) -> Plan:
		begins = not site.config.flag(KEY)
		return self.planned(
			site,
			_("Close the site to everybody"),
			[batch("Site", site.name, set_key(site, "site", KEY, 1))] if begins else [],
			warnings=list(self._warnings(site))
			if begins
			else [_("The site is in maintenance mode already.")],
			users_at_work=self._at_work(site),
		)

	@staticmethod
	def _at_work(site: Site) -> int:
		t = table("Sessions")
		query = site.db.from_(t).select(distinct_count(t["user"]))
		return int(
			site.db.value(query.where((t.lastupdate >= site.ago(AT_WORK)) & (t["user"] != "Guest"))) or 0
		)

	@staticmethod
	def _warnings(site: Site) -> Iterator[str]:
		if site.config.flag(READING):
			yield _("Pages can still be read, because {0} is set; nothing can be saved.").format(READING)
		yield _("Desk closes within a minute, for you as well. What people have not saved yet is refused.")
		yield _(
			"To come back, on the server: bench --site {0} recovery run leave-maintenance, or bench --site {0}"
			" set-maintenance-mode off."
		).format(site.name)
		yield _(
			"The scheduler rests. Workers go on with jobs that wait already, of which scheduled ones fail in Frappe 16:"
			" hold jobs back, or let the workers rest, first."
		)
