"""Are there sessions that should not be?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pypika import Order

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _expiry
from recovery_console.core.checks.portal._users import distinct_count
from recovery_console.core.finding import Finding, Measurements, _
from recovery_console.core.site import Site

#: So many users at most go into one statement.
_PAGE = 500


@dataclass(frozen=True)
class Sessions(Check):
	"""Has one user far too many sessions, or a disabled user one that has not ended?

	How many users are at work is kept as a measurement.

	Cost: two walks through the session table, and one more for each 500 disabled users. The table has no index but
	the session id; where it is so large that this takes too long, the answer is unknown. Ids are never read.
	"""

	title = _("Sessions")
	needs = ("User",)
	budget = timedelta(seconds=4)

	per_user: int = 100
	#: Who did something within this time is at work.
	at_work: timedelta = timedelta(minutes=30)

	def run(self, site: Site) -> Answer:
		yield self._at_work(site)
		expiry = _expiry.duration(_expiry.in_force(site))
		if expiry:  # else no session lives, as portal.session_expiry says
			yield from self._many(site, expiry)
			yield from self._disabled(site, expiry)

	def _many(self, site: Site, expiry: timedelta) -> Iterator[Finding]:
		t = table("Sessions")
		number = Fn("COUNT", t.sid)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["user"].as_("who"), number.as_("sessions"))
			.where(t.lastupdate >= site.ago(expiry))
			.groupby(t["user"])
			.having(number > self.per_user)
			.orderby(number, order=Order.desc)
		)
		if rows:
			yield self.warning(
				_("Users with more than {limit} sessions at once: {count}."),
				cause=_(
					"A program logs in with a password again and again and never logs out. The most sessions of one"
					" user: {most}."
				),
				remedy=_(
					"Give that program an API key (User, Settings, API Access) instead of a password; new sessions"
					" then stop, and the old ones expire."
				),
				subject="many",
				subjects=[("User", str(row["who"])) for row in rows],
				limit=self.per_user,
				most=int(rows[0]["sessions"]),
			)

	def _at_work(self, site: Site) -> Measurements:
		t = table("Sessions")
		row = site.db.run(
			site.db.from_(t)
			.select(Fn("COUNT", t.sid).as_("sessions"), distinct_count(t["user"]).as_("users"))
			.where((t.lastupdate >= site.ago(self.at_work)) & (t["user"] != "Guest"))
		)[0]
		return self.measure(active_sessions=int(row["sessions"]), active_users=int(row["users"]))

	def _disabled(self, site: Site, expiry: timedelta) -> Iterator[Finding]:
		names = self._with_session(site, site.ago(expiry))
		if names:
			yield self.warning(
				_("Disabled users with a session that has not ended: {count}."),
				cause=_(
					"They were disabled by another way than their form, which ends sessions. Frappe 16 lets such a"
					" session go on until it expires."
				),
				remedy=_(
					"On the server, for each user: `bench --site {site} execute frappe.sessions.clear_sessions --args"
					" \"['USER', False, True]\"`."
				),
				subject="disabled",
				subjects=[("User", name) for name in names],
				site=site.name,
			)

	def _with_session(self, site: Site, since: datetime) -> list[str]:
		"""Return the disabled users with a session used since then."""
		t, user = table("Sessions"), table("User")
		rows = site.db.run(
			site.db.from_(user).select(user["name"]).where(user.enabled == 0).orderby(user["name"])
		)
		disabled = [str(row["name"]) for row in rows]
		found: list[str] = []
		for start in range(0, len(disabled), _PAGE):
			query = site.db.from_(t).where(
				t["user"].isin(disabled[start : start + _PAGE]) & (t.lastupdate >= since)
			)
			found += [str(row["user"]) for row in site.db.run(query.select(t["user"]).distinct())]
		return sorted(found)
