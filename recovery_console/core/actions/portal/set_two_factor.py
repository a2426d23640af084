"""Switch two-factor authentication off, or to a method that works."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, settings_changed
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._users import can_send_mail
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

METHODS = ("OTP App", "Email", "SMS")


@dataclass(frozen=True)
class SetTwoFactor(Action):
	"""Let users in whom two-factor authentication shuts out: by another method, or by switching it off.

	To switch it on for those who administer the site, use ``security.require_two_factor``.
	"""

	title = "Change two-factor authentication"
	risk = Risk.DISRUPTIVE
	checks = ("portal.two_factor",)

	method: str = ""

	def plan(self, site: Site) -> Plan:
		if not _two_factor.is_on(site):
			return self.planned(site, _("Two-factor authentication is off"), [])
		values: dict[str, str | int] = {"enable_two_factor_auth": 0}
		if self.method:
			self._look_at_method(site)
			values = {"two_factor_method": self.method}
		edits = settings_changed(site, values)
		return self.planned(
			site,
			_("Ask for the second factor by {method}")
			if self.method
			else _("Switch two-factor authentication off"),
			[batch(SETTINGS, next(iter(values)), *edits)] if edits else [],
			warnings=[]
			if self.method
			else [_("From then on a password alone opens every account. Switch it on again soon.")],
			method=self.method,
			was=(site.single(SETTINGS, "two_factor_method") or "")[:40],
		)

	def _look_at_method(self, site: Site) -> None:
		if self.method not in METHODS:
			raise UsageError(
				f"{self.method[:40]!r} is no method of two-factor authentication.",
				remedy=f"Give one of {', '.join(METHODS)}, or none to switch it off.",
			)
		if self.method == "SMS" and not site.single("SMS Settings", "sms_gateway_url"):
			raise UsageError(
				"SMS cannot be used: SMS Settings name no gateway.", remedy="Fill in SMS Settings first."
			)
		if self.method != "SMS" and not can_send_mail(site):
			raise UsageError(
				f"{self.method} cannot be used: the site has no account to send mail from.",
				remedy="Set up an Email Account with Enable Outgoing and Default Outgoing, or give no method.",
			)
