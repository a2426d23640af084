"""Switch off LDAP, so that people log in with passwords of this site."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import document_key, dropped
from recovery_console.core.actions.integrations._ways import ways_left
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import single_changed
from recovery_console.core.site import Site

_SETTINGS = "LDAP Settings"


@dataclass(frozen=True)
class DisableLdap(Action):
	"""Switch off logging in through LDAP, whose settings do not work; its settings stay as they are."""

	title = _("Switch off LDAP")
	risk = Risk.DISRUPTIVE  # who is known to the directory alone gets in no more
	checks = ("integrations.ldap",)

	def plan(self, site: Site) -> Plan:
		if not site.single_int(_SETTINGS, "enabled"):
			raise NotApplicable(_("LDAP is not switched on."))
		copies = dropped(site, document_key(_SETTINGS, _SETTINGS))
		edit = single_changed(site, _SETTINGS, "enabled", 0)
		return self.planned(
			site,
			_("Switch off LDAP"),
			[batch(_SETTINGS, _SETTINGS, *copies, edit, *copies)],
			warnings=[
				_(
					"People who have logged in through the directory only have no password here: send reset links."
				),
				*ways_left(site),
			],
		)
