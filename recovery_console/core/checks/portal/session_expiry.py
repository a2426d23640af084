"""Can sessions live with the session expiry that is set?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal import _expiry
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import minutes


@dataclass(frozen=True)
class SessionExpiry(Check):
	"""Is the session expiry in force readable, long enough, and the one that System Settings show?

	Cost: two settings.
	"""

	title = _("Session expiry")

	shortest: timedelta = timedelta(minutes=15)

	def run(self, site: Site) -> Answer:
		text = _expiry.in_force(site)
		lives = _expiry.duration(text)
		if lives is None or lives <= timedelta(0):
			yield self.critical(
				_("Nobody stays logged in: the session expiry {value!r} cannot work."),
				cause=_(
					"Frappe wants hours and minutes, such as 170:00. It fails on this value, or takes it for no time"
					" at all, so that every session has expired as soon as it begins."
				),
				remedy=self._remedy(site),
				subjects=[("System Settings", "session_expiry")],
				value=text[:40],
				site=site.name,
			)
		elif lives < self.shortest:
			yield self.warning(
				_("Sessions end after {minutes} min without a click."),
				cause=_("The session expiry is {value}: people lose what they are typing."),
				remedy=_("Set Session Expiry in System Settings to some hours, such as 170:00, and save."),
				subjects=[("System Settings", "session_expiry")],
				minutes=minutes(lives),
				value=text[:40],
			)
		if site.frappe_major == 15:
			yield from self._differs(site, lives)

	def _differs(self, site: Site, lives: timedelta | None) -> Iterator[Finding]:
		shown = site.single("System Settings", "session_expiry")
		if shown and _expiry.duration(shown) != lives:
			yield self.warning(
				_("The session expiry in force differs from the one in System Settings."),
				cause=_(
					"System Settings show {shown}, in force is {value}. Frappe 15 reads a default value that is only"
					" written when System Settings are saved with a change; somebody changed one of them directly."
				),
				remedy=_(
					"In System Settings change Session Expiry to another value, save, change it to the right one and"
					" save again."
				),
				subject="differs",
				subjects=[("System Settings", "session_expiry")],
				shown=shown[:40],
				value=_expiry.in_force(site)[:40],
			)

	def _remedy(self, site: Site) -> str:
		if site.frappe_major == 15:
			return _(
				"On the server: `bench --site {site} execute frappe.defaults.set_global_default --args \"['session_expiry',"
				" '170:00']\"`, then `bench --site {site} clear-cache`; then set the same in System Settings."
			)
		return _(
			"On the server: `bench --site {site} execute frappe.db.set_single_value --args \"['System Settings',"
			" 'session_expiry', '170:00']\"`, then `bench --site {site} clear-cache`."
		)
