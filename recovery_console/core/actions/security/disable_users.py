"""Disable users."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import left_alone, must_name, users_named
from recovery_console.core.actions.security._admins import somebody_stays
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DisableUsers(Action):
	"""Untick Enabled in named users, so that they cannot log in. No data is lost.

	Sessions and API keys are ended by ``portal.end_sessions`` and ``security.revoke_api_keys``: disabling alone does
	not end them in every version.
	"""

	title = "Disable users"
	risk = Risk.DISRUPTIVE
	needs = ("User", "Has Role")
	checks = ("security.unused_accounts",)

	names: tuple[str, ...] = ()
	optional: bool = False

	def plan(self, site: Site) -> Plan:
		if not self.optional:
			must_name(self.names, _("only you know who must not get in any more"))
		rows = users_named(site, self.names, "enabled")
		enabled = [row for row in rows if row["enabled"]]
		somebody_stays(site, [str(row["name"]) for row in enabled])
		return self.planned(
			site,
			_("Users to disable: {count}"),
			[batch("User", row["name"], saved("User", row, enabled=0)) for row in enabled],
			warnings=[]
			if not enabled
			else [_("What is set to run in their name, such as programs with their API keys, may stop.")],
			left_out=left_alone(
				"User",
				(str(row["name"]) for row in rows if not row["enabled"]),
				_("They are disabled already."),
			),
		)
