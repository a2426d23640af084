"""Can two-factor authentication reach those it asks?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._users import can_send_mail, count_and_names
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

METHODS = ("OTP App", "SMS", "Email")


@dataclass(frozen=True)
class TwoFactor(Check):
	"""Where two-factor authentication is on: can its codes reach the users whom it asks?

	Cost: some settings; one walk through the users where something is missing.
	"""

	title = _("Two-factor authentication")
	needs = ("User", "Role", "Has Role", "Email Account")
	explained_by = ("email.outgoing_account",)

	def run(self, site: Site) -> Answer:
		if not _two_factor.is_on(site):
			return
		roles = _two_factor.roles(site)
		method = site.single("System Settings", "two_factor_method") or ""
		if not roles:
			yield self.info(
				_("Two-factor authentication is on, but no role asks for it."),
				cause=_(
					"It is asked of users with a role in which Two Factor Authentication is ticked; none is."
				),
				remedy=_("Tick Two Factor Authentication in the role All, or in the roles that need it."),
				subject="nobody",
				subjects=[("System Settings", "enable_two_factor_auth")],
			)
		elif method not in METHODS:
			yield self._impossible(
				_("Nobody can log in: two-factor authentication has no method that Frappe knows."),
				_("Two Factor Authentication Method in System Settings is {method!r}."),
				method,
				site,
			)
		elif method == "SMS":
			yield from self._sms(site, roles)
		elif not can_send_mail(site):
			yield from self._mail(site, method, roles)

	def _sms(self, site: Site, roles: list[str]) -> Iterator[Finding]:
		if not site.single("SMS Settings", "sms_gateway_url"):
			yield self._impossible(
				_("Two-factor codes cannot be sent: SMS is chosen, and there is no SMS gateway."),
				_("SMS Settings name no gateway, so that no user who is asked for a code gets one."),
				"SMS",
				site,
			)
			return
		user = table("User")
		without = (user.mobile_no.isnull() | (user.mobile_no == "")) & (
			user.phone.isnull() | (user.phone == "")
		)
		count, names = count_and_names(
			site, _two_factor.asked(site, user, roles).where(without), user["name"]
		)
		if count:
			yield self.warning(
				_("Users who must enter a code from an SMS and have no telephone number: {count}."),
				cause=_("Frappe sends the code to Mobile No or Phone of the User; both are empty."),
				remedy=_("Enter Mobile No in these users."),
				subject="telephone",
				subjects=[("User", name) for name in names],
				count=count,
			)

	def _mail(self, site: Site, method: str, roles: list[str]) -> Iterator[Finding]:
		if method == "Email":
			yield self._impossible(
				_("Two-factor codes cannot be sent: Email is chosen, and the site cannot send mail."),
				_(
					"There is no enabled default outgoing Email Account, so that no user who is asked gets a code."
				),
				method,
				site,
			)
			return
		waiting = _two_factor.not_registered(site, roles)
		if waiting:
			yield self.warning(
				_("Users who cannot set up their two-factor app: {count}."),
				cause=_(
					"Before the first log-in Frappe mails the code to scan, and there is no enabled default outgoing"
					" Email Account."
				),
				remedy=_("Set up an Email Account with Enable Outgoing and Default Outgoing."),
				subject="registration",
				subjects=[("User", name) for name in waiting],
			)

	def _impossible(self, title: str, cause: str, method: str, site: Site) -> Finding:
		return self.critical(
			title,
			cause=cause,
			remedy=_(
				"Log in as Administrator, who is never asked for a code, and set another method in System Settings,"
				" or what this one needs. Else, on the server: `bench --site {site} execute frappe.twofactor.disable`."
			),
			subject="method",
			subjects=[("System Settings", "two_factor_method")],
			method=method,
			site=site.name,
		)
