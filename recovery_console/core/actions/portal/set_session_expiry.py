"""Set how long a session lives, where the version in use really reads it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, noticed, settings_changed
from recovery_console.core.cached import defaults_cache
from recovery_console.core.checks.portal import _expiry
from recovery_console.core.edits import Edit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import inserted
from recovery_console.core.site import Site

_FIELD = "session_expiry"
_SHORTEST = timedelta(minutes=15)


@dataclass(frozen=True)
class SetSessionExpiry(Action):
	"""Set the session expiry in hours and minutes, in System Settings and in the default that Frappe 15 reads."""

	title = "Set the session expiry"
	risk = Risk.REVERSIBLE
	needs = ("DefaultValue",)
	checks = ("portal.session_expiry",)

	expiry: timedelta = timedelta(hours=170)

	def plan(self, site: Site) -> Plan:
		if self.expiry < _SHORTEST:
			raise UsageError(
				"A session must live for 15 minutes at least, or people lose what they are typing.",
				remedy="Give expiry with its unit, such as 8 h or 7 d.",
			)
		minutes = int(self.expiry.total_seconds() // 60)
		text = f"{minutes // 60}:{minutes % 60:02d}"
		edits = self._edits(site, text)
		return self.planned(
			site,
			_("Let sessions end {expiry} (hours:minutes) after the last click"),
			[batch(SETTINGS, _FIELD, *edits)] if edits else [],
			warnings=[_("Who is logged in now keeps the old expiry until the next log-in.")],
			expiry=text,
			in_force=_expiry.in_force(site)[:40],
		)

	@staticmethod
	def _edits(site: Site, text: str) -> list[Edit]:
		edits = settings_changed(site, {_FIELD: text})
		if site.frappe_major == 15 and site.default(_FIELD) is None:
			now = site.ago(timedelta(0))
			row = {
				"name": hashlib.sha256(f"{site.name} {_FIELD} {now}".encode()).hexdigest()[:10],
				"creation": now,
				"modified": now,
				"owner": "Administrator",
				"modified_by": "Administrator",
				"docstatus": 0,
				"idx": 0,
				"parent": "__default",
				"parenttype": "__default",
				"parentfield": "system_defaults",
				"defkey": _FIELD,
				"defvalue": text,
			}
			return [*edits, *noticed(site, [defaults_cache(site)], inserted("DefaultValue", row))]
		return edits
