"""Remove the mark of a restart that never ended."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

MARK = "sites/.restarting"
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class RemoveRestartingMark(Action):
	"""Delete sites/.restarting, which holds the scheduler of Frappe 15 for all sites of the bench."""

	title = _("Remove the mark of a restart")
	risk = Risk.REVERSIBLE
	checks = ("scheduler.switches",)
	resources = ("config",)

	#: A restart younger than this may still be going on.
	older_than: timedelta = timedelta(minutes=10)

	def plan(self, site: Site) -> Plan:
		path = site.bench / MARK
		found = site.files.stat(path)
		if found is None:
			return self.planned(site, _("There is no mark of a restart"), [])
		age = site.now() - found.modified
		if age < self.older_than:
			raise UsageError(
				f"The restart that made {path} began only {int(age.total_seconds())} s ago.",
				remedy="Wait until it has ended.",
			)
		edit = FileText(MARK, site.files.read_bytes(path, _LARGEST), ABSENT, found.mode)
		return self.planned(
			site, _("Remove the mark of a restart"), [batch("Path", MARK, edit)], since=found.modified
		)
