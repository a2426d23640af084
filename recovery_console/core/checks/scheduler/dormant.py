"""Does Frappe 15 take the site for one that nobody uses?"""

from __future__ import annotations

from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

#: Days without activity after which Frappe 15 slows down, where System Settings do not say.
DORMANT_DAYS = 4


@dataclass(frozen=True)
class Dormant(Check):
	"""Does Frappe 15 take the site for dormant, and run its scheduled jobs only once a day?

	Cost: the newest row of Activity Log, from an index.
	"""

	title = _("Dormant site")
	needs = ("Activity Log",)
	explained_by = ("scheduler.clock",)

	def run(self, site: Site) -> Answer:
		if site.frappe_major != 15:
			raise NotApplicable(_("Only Frappe 15 slows the scheduler of a site that nobody logs in to."))
		if site.config.get("developer_mode"):
			return
		t = table("Activity Log")
		newest = site.moment(site.db.value(site.db.from_(t).select(fn.Max(t.modified))))
		days = site.single_int("System Settings", "dormant_days") or DORMANT_DAYS
		age = None if newest is None else site.now() - newest
		if age is not None:
			yield self.measure(last_activity_hours=round(age.total_seconds() / 3600, 1))
		if age is not None and age < timedelta(days=days):
			return
		yield self.warning(
			_("Frappe takes this site for dormant: scheduled jobs, mail among them, run only once a day."),
			cause=_(
				"The last log-in that Activity Log knows was {ago} ago; after {days} days Frappe 15 slows down. Calls with"
				" an API key do not count as activity."
			)
			if age is not None
			else _("Activity Log is empty, which Frappe 15 takes for a site that nobody uses."),
			remedy=_(
				"Log in once: that wakes it up at once. If the site is used through its API only, raise “Run Jobs only"
				" Daily if Inactive For (Days)” in System Settings."
			),
			subjects=[("Site", site.name)],
			ago=in_words(age) if age is not None else "",
			days=days,
			last_activity=newest,
		)
