"""Are expired sessions cleared away?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _expiry
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ExpiredSessions(Check):
	"""Are sessions still kept that expired days ago?

	Cost: three walks through the session table, which has no index but the session id; where it is so large
	that this takes too long, the answer is unknown. Session ids are never read.
	"""

	title = _("Expired sessions")
	explained_by = (
		"scheduler.enabled",
		"scheduler.switches",
		"scheduler.maintenance",
		"scheduler.alive",
		"scheduler.overdue",
		"scheduler.stopped",
	)

	grace: timedelta = timedelta(days=2)
	many: int = 1000

	def run(self, site: Site) -> Answer:
		expiry = _expiry.duration(_expiry.in_force(site))
		if not expiry:
			return  # no session lives, as portal.session_expiry says
		t = table("Sessions")
		total = site.db.count(site.db.from_(t))
		stale = site.db.count(site.db.from_(t).where(t.lastupdate < site.ago(expiry + self.grace)))
		yield self.measure(sessions=total, expired_sessions=stale)
		if not stale:
			return
		oldest = site.age(site.db.value(site.db.from_(t).select(Fn("MIN", t.lastupdate))))
		build = self.info if stale < self.many else self.warning
		yield build(
			_("Expired sessions that were not cleared away: {count}."),
			cause=_(
				"Frappe clears them once a day by a scheduled job, frappe.sessions.clear_expired_sessions. It has"
				" not run, or fails. The oldest is {oldest_days} days old."
			),
			remedy=_(
				"See why that scheduled job does not run; to clear them now:"
				" `bench --site {site} execute frappe.sessions.clear_expired_sessions`."
			),
			count=stale,
			oldest_days=oldest.days if oldest else 0,
			site=site.name,
		)
