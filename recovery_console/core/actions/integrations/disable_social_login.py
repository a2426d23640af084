"""Switch off social logins that break the login page or do not appear on it."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.integrations._ways import ways_left
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.integrations.social_login import SocialLogin
from recovery_console.core.finding import Finding, _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DisableSocialLogin(Action):
	"""Switch off Social Login Keys: those named, or those without a usable secret, Client ID or address.

	One key without its secret lets the whole login page fail; without it people can log in with their passwords.
	"""

	title = _("Switch off social logins that do not work")
	risk = Risk.DISRUPTIVE  # who logs in by it alone gets in no more
	needs = ("Social Login Key",)
	checks = ("integrations.social_login",)

	names: tuple[str, ...] = ()
	most: int = 100

	def plan(self, site: Site) -> Plan:
		names = known_names(site, "Social Login Key", self.names) or self._broken(site)
		t = table("Social Login Key")
		field = "enable_social_login"
		query = site.db.from_(t).select(t["name"], t[field], t["modified"]).where(t[field] == 1)
		rows = site.db.run(query.where(t["name"].isin(list(names) or [""])).orderby(t["name"]))
		now = site.ago(timedelta(0))
		return self.planned(
			site,
			_("Social logins to switch off: {count}"),
			[
				batch(
					"Social Login Key",
					row["name"],
					changed("Social Login Key", row, enable_social_login=0, modified=now),
				)
				for row in rows
			],
			most=self.most,
			warnings=[
				_("Who has no password here needs a reset link until it is on again."),
				*ways_left(site),
			]
			if rows
			else (),
		)

	@staticmethod
	def _broken(site: Site) -> tuple[str, ...]:
		found = [finding for finding in SocialLogin().run(site) if isinstance(finding, Finding)]
		return tuple({subject.name for finding in found for subject in finding.subjects})
