"""Set how long a link to reset a password lives."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.portal._users import SETTINGS, settings_changed
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

_FIELD = "reset_password_link_expiry_duration"
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=7)


@dataclass(frozen=True)
class SetResetLinkLife(Action):
	"""Let links to reset a password live long enough for their mail to arrive."""

	title = "Set the life of password reset links"
	risk = Risk.REVERSIBLE
	checks = ("portal.reset_link",)

	life: timedelta = timedelta(minutes=20)

	def plan(self, site: Site) -> Plan:
		if not _SHORTEST <= self.life <= _LONGEST:
			raise UsageError(
				f"A reset link may live from {in_words(_SHORTEST)} to {in_words(_LONGEST)}.",
				remedy="Give life with its unit, such as 20 min.",
			)
		edits = settings_changed(site, {_FIELD: int(self.life.total_seconds())})
		return self.planned(
			site,
			_("Let links to reset a password live for {life}"),
			[batch(SETTINGS, _FIELD, *edits)] if edits else [],
			life=in_words(self.life),
		)
