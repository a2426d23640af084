"""End sessions of users."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal import _sessions
from recovery_console.core.actions.portal._users import users_named
from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.edits import Act
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

#: So many of the newest sessions are left to a user whom nobody named and who has far too many.
_LEFT = 2


@dataclass(frozen=True)
class EndSessions(Action):
	"""Log users out.

	Without names: disabled users whose session has not ended, and users with more than ``per_user`` sessions, who
	keep their two newest. What is ended is found when it is done, so that nobody slips through by being at work.
	"""

	title = "End sessions"
	risk = Risk.DISRUPTIVE
	needs = ("User",)
	checks = ("portal.sessions",)

	names: tuple[str, ...] = ()
	keep: int = 0
	per_user: int = 100
	most: int = 500

	def plan(self, site: Site) -> Plan:
		counts = self._counts(site)
		wanted = {str(row["name"]): self.keep for row in users_named(site, self.names, standard=True)}
		if not self.names:
			disabled = self._disabled(site)
			wanted = {user: _LEFT for user, number in counts.items() if number > self.per_user}
			wanted |= {user: 0 for user in counts if user in disabled}
		return self.planned(
			site,
			_("Users whose sessions are to be ended: {count}"),
			self._batches(counts, wanted),
			most=self.most,
			warnings=[_("They lose what they have typed and not saved. This cannot be taken back.")],
			sessions=sum(max(0, counts.get(user, 0) - keep) for user, keep in wanted.items()),
		)

	@staticmethod
	def _batches(counts: dict[str, int], wanted: dict[str, int]) -> Iterator[Batch]:
		for user, keep in sorted(wanted.items()):
			number = counts.get(user, 0) - keep
			if number > 0:
				yield batch("User", user, _sessions.ending(user, number, keep))

	@staticmethod
	def _counts(site: Site) -> dict[str, int]:
		t = table("Sessions")
		rows = site.db.run(
			site.db.from_(t).select(t["user"].as_("who"), Fn("COUNT", t.sid).as_("number")).groupby(t["user"])
		)
		return {str(row["who"]): int(row["number"]) for row in rows}

	@staticmethod
	def _disabled(site: Site) -> set[str]:
		t = table("User")
		return {
			str(row["name"]) for row in site.db.run(site.db.from_(t).select(t["name"]).where(t.enabled == 0))
		}

	def perform(self, site: WritableSite, act: Act) -> str:
		return _sessions.end(site, act)

	def is_done(self, site: WritableSite, act: Act) -> bool:
		return _sessions.ended(site, act)
