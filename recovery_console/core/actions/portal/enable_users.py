"""Enable users who were disabled."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import left_alone, must_name, users_named
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class EnableUsers(Action):
	"""Tick Enabled in named users. See in their timeline first who disabled them, and why."""

	title = "Enable users"
	risk = Risk.DISRUPTIVE
	needs = ("User",)
	checks = ("portal.disabled_users",)

	names: tuple[str, ...]

	def plan(self, site: Site) -> Plan:
		must_name(self.names, _("enabling everybody who was disabled would undo every departure"))
		rows = users_named(site, self.names, "enabled")
		return self.planned(
			site,
			_("Disabled users to be let in again: {count}"),
			[batch("User", row["name"], saved("User", row, enabled=1)) for row in rows if not row["enabled"]],
			warnings=[_("Their old passwords and API keys work again, too.")],
			left_out=left_alone(
				"User", (str(row["name"]) for row in rows if row["enabled"]), _("They are enabled already.")
			),
		)
