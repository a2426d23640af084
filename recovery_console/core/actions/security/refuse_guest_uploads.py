"""Let nobody upload files who is not logged in."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, settings_changed
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_FIELD = "allow_guests_to_upload_files"


@dataclass(frozen=True)
class RefuseGuestUploads(Action):
	"""Switch off Allow Guests to Upload Files in System Settings."""

	title = "Refuse uploads by guests"
	risk = Risk.REVERSIBLE
	checks = ("security.guest_uploads",)

	def plan(self, site: Site) -> Plan:
		edits = settings_changed(site, {_FIELD: 0}) if site.single_int(SETTINGS, _FIELD) else []
		return self.planned(
			site,
			_("Let nobody upload files who is not logged in"),
			[batch(SETTINGS, _FIELD, *edits)] if edits else [],
			warnings=[_("Web forms on which guests hand in files take none from then on.")] if edits else [],
		)
