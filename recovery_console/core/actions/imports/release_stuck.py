"""Mark runs of other apps' imports as failed that began and never ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.imports import _app_runs as app_runs
from recovery_console.core.checks.imports.app_stuck import AppStuck
from recovery_console.core.errors import NotApplicable, UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile_model import Role
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class ReleaseStuck(Action):
	"""Mark import runs of other apps as failed that stand in progress for longer than any job may run.

	What they made so far stays: look at it before the file is imported again.
	"""

	title = _("Release imports of other apps that never ended")
	risk = Risk.REVERSIBLE
	checks = ("imports.app_stuck",)

	names: tuple[str, ...] = ()
	older_than: timedelta = AppStuck.older_than
	window: timedelta = AppStuck.window
	most: int = 50

	def plan(self, site: Site) -> Plan:
		kinds = app_runs.kinds(site)
		if not kinds:
			raise NotApplicable(_("No app on this site brings an import of its own that a profile knows."))
		batches = [made for role in kinds for made in self._batches(site, role)]
		missing = set(self.names) - {made.subject.name for made in batches}
		if missing:
			raise UsageError(
				f"{sorted(missing)[0]!r} is no import that stands in progress for so long.",
				remedy="Take the names from the finding.",
			)
		return self.planned(
			site,
			_("Imports that never ended, to mark as failed: {count}"),
			batches,
			most=self.most,
			warnings=[
				_("See what they made so far before a file is imported again: it would come in twice.")
			],
		)

	def _batches(self, site: Site, role: Role) -> Iterator[Batch]:
		column, failed = role.fields["status"], role.status.get("failed", ())
		if not failed or ">" in column or column.startswith("="):
			return
		t = table(role.doctype)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t[column], t["modified"])
			.where(t[column].isin(role.values("running")) & (t["docstatus"] != 2))
			.where((t["modified"] >= site.ago(self.window)) & (t["modified"] <= site.ago(self.older_than)))
			.orderby(t["modified"], t["name"])
			.limit(self.most + 1)
		)
		for row in rows:
			if not self.names or str(row["name"]) in self.names:
				after = {column: failed[0], "modified": site.ago(timedelta(0))}
				yield batch(role.doctype, row["name"], changed(role.doctype, row, **after))
