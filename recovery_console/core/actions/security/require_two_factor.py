"""Ask System Managers for a second factor."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._documents import saved
from recovery_console.core.actions.portal._users import users_named
from recovery_console.core.checks.portal import _two_factor
from recovery_console.core.checks.portal._users import can_send_mail
from recovery_console.core.checks.security._admins import ADMIN_ROLE
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RequireTwoFactor(Action):
	"""Tick Two Factor Authentication in a role, by default System Manager, where it is on for other roles already.

	Switching it on for the whole site is left to a person: Frappe then asks everybody, by ticking the role All.
	"""

	title = "Ask for a second factor"
	risk = Risk.DISRUPTIVE
	needs = ("Role",)
	checks = ("security.second_factor",)

	role: str = ADMIN_ROLE

	def plan(self, site: Site) -> Plan:
		row = users_named(site, (self.role,), "two_factor_auth", doctype="Role")[0]
		if not _two_factor.is_on(site):
			raise UsageError(
				"Two-factor authentication is off on this site.",
				remedy="Tick Enable Two Factor Auth in System Settings, when everybody can receive the codes.",
			)
		if not can_send_mail(site):
			raise UsageError(
				"The site cannot send mail, and the code to scan comes by mail.",
				remedy="Set up an Email Account with Enable Outgoing and Default Outgoing first.",
			)
		edit: list[DocumentEdit] = [] if row["two_factor_auth"] else [saved("Role", row, two_factor_auth=1)]
		return self.planned(
			site,
			_("Ask everybody with the role {role} for a second factor"),
			[batch("Role", self.role, *edit)] if edit else [],
			warnings=[_("They set up their app at the next log-in, with a code that comes by mail.")],
			role=self.role,
		)
