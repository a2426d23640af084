"""Are the rules for logging in weaker than Frappe's own?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_SETTINGS = "System Settings"


@dataclass(frozen=True)
class SignInRules(Check):
	"""Are weak passwords refused, and is somebody who guesses them stopped?

	Cost: three settings.
	"""

	title = _("Rules for logging in")

	least_score: int = 2

	def run(self, site: Site) -> Answer:
		if site.single_int(_SETTINGS, "disable_user_pass_login"):
			return  # nobody logs in with a password
		yield from self._strength(site)
		if not site.single_int(_SETTINGS, "allow_consecutive_login_attempts", 10):
			yield self.warning(
				_("Whoever guesses passwords is never stopped."),
				cause=_(
					"Allow Consecutive Login Attempts in System Settings is 0: no number of failures locks."
				),
				remedy=_(
					"Set Allow Consecutive Login Attempts in System Settings to 10, Frappe's own value."
				),
				subject="lock",
				subjects=[(_SETTINGS, "allow_consecutive_login_attempts")],
			)

	def _strength(self, site: Site) -> Iterator[Finding]:
		score = site.single_int(_SETTINGS, "minimum_password_score", 2)
		if not site.single_int(_SETTINGS, "enable_password_policy", 1):
			yield self.warning(
				_("Any password is accepted, however weak."),
				cause=_("Enable Password Policy in System Settings is off."),
				remedy=_(
					"Tick Enable Password Policy in System Settings, with a Minimum Password Score of 2 or more. It"
					" holds for passwords that are set from then on."
				),
				subject="policy",
				subjects=[(_SETTINGS, "enable_password_policy")],
			)
		elif score < self.least_score:
			yield self.info(
				_("Passwords that are quickly guessed are accepted: the least score is {score} of 4."),
				cause=_("Minimum Password Score in System Settings is lower than Frappe's own value."),
				remedy=_("Set Minimum Password Score in System Settings to {least} or more."),
				subject="score",
				subjects=[(_SETTINGS, "minimum_password_score")],
				score=score,
				least=self.least_score,
			)
