"""End all sessions of the site."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal import _sessions
from recovery_console.core.actions.portal._users import left_alone, users_named
from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite


@dataclass(frozen=True)
class EndAllSessions(Action):
	"""Log everybody out but the users who are to be kept, such as whoever leads the recovery."""

	title = "End all sessions"
	risk = Risk.DISRUPTIVE
	needs = ("User",)
	checks = ("portal.sessions",)

	keep: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		users_named(site, self.keep, standard=True)
		t = table("Sessions")
		query = site.db.from_(t).select(t["user"].as_("who"), Fn("COUNT", t.sid).as_("number"))
		counts = {str(row["who"]): int(row["number"]) for row in site.db.run(query.groupby(t["user"]))}
		ended = {user: number for user, number in sorted(counts.items()) if user not in self.keep}
		warnings = [_("What they have typed and not saved is lost. This cannot be taken back.")]
		if not self.keep:
			warnings.append(_("Nobody is kept in, not even you: give keep=… with your own user."))
		return self.planned(
			site,
			_("Users whose sessions are all to be ended: {count} (sessions: {sessions})"),
			[batch("User", user, _sessions.ending(user, number)) for user, number in ended.items()],
			warnings=warnings,
			left_out=left_alone("User", self.keep, _("They are to stay logged in.")),
			sessions=sum(ended.values()),
		)

	def perform(self, site: WritableSite, act: Act) -> str:
		return _sessions.end(site, act)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return _sessions.ended(site, act)
