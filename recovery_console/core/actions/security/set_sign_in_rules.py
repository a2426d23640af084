"""Refuse weak passwords, and stop who guesses them."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, settings_changed
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SetSignInRules(Action):
	"""Switch the password policy on, with a least score, and the lock after failed log-ins. Stricter rules stay."""

	title = "Set the rules for logging in"
	risk = Risk.REVERSIBLE
	checks = ("security.sign_in_rules",)

	least_score: int = 2
	attempts: int = 10

	def plan(self, site: Site) -> Plan:
		if not 2 <= self.least_score <= 4 or not 3 <= self.attempts <= 50:
			raise UsageError(
				"The least score goes from 2 to 4, the number of attempts from 3 to 50.",
				remedy="Frappe's own values are 2 and 10.",
			)
		values: dict[str, str | int] = {}
		if not site.single_int(SETTINGS, "enable_password_policy", 1):
			values["enable_password_policy"] = 1
		if site.single_int(SETTINGS, "minimum_password_score", 2) < self.least_score:
			values["minimum_password_score"] = self.least_score
		if not site.single_int(SETTINGS, "allow_consecutive_login_attempts", 10):
			values["allow_consecutive_login_attempts"] = self.attempts
		return self.planned(
			site,
			_("Set the rules for logging in: {rules}"),
			[batch(SETTINGS, SETTINGS, *settings_changed(site, values))] if values else [],
			warnings=[_("Passwords that people have already stay as they are.")] if values else [],
			rules=", ".join(f"{name} = {value}" for name, value in values.items())
			or _("they are set already"),
		)
