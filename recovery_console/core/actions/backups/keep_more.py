"""Keep more than one backup."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.edits import ABSENT, ConfigEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import single_changed
from recovery_console.core.site import Site

_HOURS = "keep_backups_for_hours"
_SETTINGS = "System Settings"


@dataclass(frozen=True)
class KeepMore(Action):
	"""Let Frappe's clean-up keep backups for longer: by age, and by number."""

	title = _("Keep more backups")
	risk = Risk.REVERSIBLE
	checks = ("backups.retention",)

	#: Backups are kept for at least so many hours …
	hours: int = 72
	#: … and the hourly clean-up keeps so many dumps of the database.
	number: int = 3

	def plan(self, site: Site) -> Plan:
		if not (1 <= self.hours <= 24 * 366 and 1 <= self.number <= 1000):
			raise UsageError(
				_("{0} hours and {1} backups make no sense.").format(self.hours, self.number),
				remedy=_("Give 1 to 8784 hours, and 1 to 1000 backups."),
			)
		batches: list[Batch] = []
		if (site.config.number(_HOURS, 24) or 24) < self.hours:
			before = site.config.site.values.get(_HOURS, ABSENT)
			batches.append(batch("Setting", _HOURS, ConfigEdit("site", _HOURS, before, self.hours)))
		limit = site.single(_SETTINGS, "backup_limit")
		if limit is not None and site.single_int(_SETTINGS, "backup_limit") < self.number:
			edit = single_changed(site, _SETTINGS, "backup_limit", self.number)
			kept = document_key(_SETTINGS, _SETTINGS)
			batches.append(batch("Setting", "backup_limit", *noticed(site, [kept], edit)))
		return self.planned(
			site,
			_("Keep {number} backups, and for {hours} hours"),
			batches,
			warnings=[_("They take more room on the disk: see how much is left.")] if batches else [],
			number=self.number,
			hours=self.hours,
		)
