"""Let people log in with a password again."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, settings_changed
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_FIELD = "disable_user_pass_login"


@dataclass(frozen=True)
class AllowPasswordLogin(Action):
	"""Switch off Disable Username/Password Login in System Settings."""

	title = "Allow log-in with a password"
	risk = Risk.DISRUPTIVE  # old passwords open the site again
	checks = ("portal.password_login",)

	def plan(self, site: Site) -> Plan:
		edits = settings_changed(site, {_FIELD: 0}) if site.single_int(SETTINGS, _FIELD) else []
		return self.planned(
			site,
			_("Let people log in with user name and password"),
			[batch(SETTINGS, _FIELD, *edits)] if edits else [],
			warnings=[_("Switch it on again when the other way to log in works.")] if edits else [],
		)
