"""Take out log-in hours that let nobody in."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import users_named
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal._users import people
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_FIELDS = ("login_after", "login_before")


@dataclass(frozen=True)
class ClearLoginHours(Action):
	"""Let users log in at any hour whose Login After and Login Before leave none, or who are named."""

	title = "Clear log-in hours"
	risk = Risk.REVERSIBLE
	needs = ("User",)
	checks = ("portal.login_hours",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		rows = users_named(site, self.names, *_FIELDS) if self.names else self._never(site)
		return self.planned(
			site,
			_("Users to be let in at any hour: {count}"),
			[
				batch("User", row["name"], saved("User", row, login_after=0, login_before=0))
				for row in rows
				if row["login_after"] or row["login_before"]
			],
			most=self.most,
			warnings=[_("If they are to log in at certain hours only, set them again within one day.")],
		)

	@staticmethod
	def _never(site: Site) -> list[dict[str, object]]:
		t = table("User")
		after, before = t.login_after, t.login_before
		never = (after >= 24) | ((after > 0) & (before > 0) & (after >= before)) | (before < 0)
		return site.db.run(
			people(site, t)
			.select(t["name"], *(t[field] for field in _FIELDS))
			.where(never)
			.orderby(t["name"])
		)
