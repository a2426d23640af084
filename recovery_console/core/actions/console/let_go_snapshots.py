"""Let old snapshots of the console go."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.edits import Edit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, deleted, whole_rows
from recovery_console.core.site import Site

_LINKS = ("first_snapshot", "last_snapshot")


@dataclass(frozen=True)
class LetGoSnapshots(Action):
	"""Let snapshots and whole reports go that Recovery Settings no longer keep, oldest first.

	As the daily job does, for when it does not run. Undo brings them back; the record of the run holds them.
	"""

	title = _("Let old snapshots go")
	risk = Risk.REVERSIBLE
	needs = (_snapshots.DOCTYPE,)
	checks = ("console.retention",)

	most: int = 200

	def plan(self, site: Site) -> Plan:
		batches = [*self._old(site), *self._reports(site)]
		return self.planned(
			site, _("Old snapshots, or their reports, to let go: {count}"), batches, most=self.most
		)

	def _old(self, site: Site) -> Iterator[Batch]:
		t = table(_snapshots.DOCTYPE)
		before = site.ago(_snapshots.days(site, "daily_days", 730))
		query = site.db.from_(t).where(t.creation < before).orderby(t.creation).limit(self.most)
		for row in whole_rows(site, query):
			yield batch(
				_snapshots.DOCTYPE,
				row["name"],
				*self._forgotten(site, row["name"]),
				deleted(_snapshots.DOCTYPE, row),
				why=_("deleted"),
			)

	@staticmethod
	def _forgotten(site: Site, name: str) -> Iterator[Edit]:
		"""Yield the changes of incidents that point to a snapshot."""
		if not site.has_doctype("Incident", *_LINKS):
			return
		t = table("Incident")
		for field in _LINKS:
			for row in site.db.run(site.db.from_(t).select(t["name"], t[field]).where(t[field] == name)):
				yield changed("Incident", row, **{field: None})

	def _reports(self, site: Site) -> Iterator[Batch]:
		t = table(_snapshots.DOCTYPE)
		old = site.ago(_snapshots.days(site, "daily_days", 730))
		before = site.ago(_snapshots.days(site, "report_days", 7))
		query = site.db.from_(t).select(t["name"], t.report)
		query = query.where((t.creation < before) & (t.creation >= old) & (t.report != ""))
		for row in site.db.run(query.orderby(t.creation).limit(self.most)):
			edit = changed(_snapshots.DOCTYPE, row, report="")
			yield batch(_snapshots.DOCTYPE, row["name"], edit, why=_("its report; the measurements stay"))
