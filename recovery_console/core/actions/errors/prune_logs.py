"""Let Frappe delete old log rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import Act
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.window import indexed_time


@dataclass(frozen=True)
class PruneLogs(Action):
	"""Delete log rows that are older than Log Settings keep them, each DocType by its own code, as every night.

	For DocTypes that delete more than their rows, and those of other apps. Where Frappe does not run there is
	database.prune_logs.
	"""

	title = _("Clear logs by Log Settings")
	risk = Risk.DESTRUCTIVE
	needs = ("Logs To Clear",)
	checks = ("errors.rate", "database.log_tables")
	time_limit = timedelta(minutes=30)
	batch_size = 1

	#: DocTypes out of Log Settings; empty: all of them.
	doctypes: tuple[str, ...] = ()

	def plan(self, site: Site) -> Plan:
		settings = self._settings(site)
		unknown = [name for name in self.doctypes if name not in settings]
		if unknown:
			raise UsageError(
				f"Log Settings say nothing about {unknown[0]!r}.",
				remedy="Add it to Log Settings, or name one of: " + ", ".join(settings) + ".",
			)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		old: dict[str, int] = {}
		for doctype, days in settings.items():
			if self.doctypes and doctype not in self.doctypes:
				continue
			if not site.has_doctype(doctype) or days < 1:
				left_out.append(
					LeftOut(Subject("DocType", doctype), _("It keeps its rows for ever, or has no table."))
				)
				continue
			old[doctype] = _older(site, doctype, days)
			if old[doctype]:
				arguments = {"doctype": doctype, "days": days}
				batches.append(
					batch(
						"DocType", doctype, Act("Delete old rows", "DocType", doctype, arguments, frappe=True)
					)
				)
		return self.planned(
			site,
			_("Logs whose old rows are deleted: {count}"),
			batches,
			warnings=[_("What is deleted is gone for good.")] if batches else [],
			left_out=left_out,
			old_rows={name: count for name, count in old.items() if count},
		)

	@staticmethod
	def _settings(site: Site) -> dict[str, int]:
		t = table("Logs To Clear")
		rows: list[dict[str, Any]] = site.db.run(
			site.db.from_(t)
			.select(t["ref_doctype"], t["days"])
			.where(t["parent"] == "Log Settings")
			.orderby(t["idx"])
		)
		return {str(row["ref_doctype"]): int(row["days"] or 0) for row in rows}


def _older(site: Site, doctype: str, days: int) -> int:
	"""Return how many rows of a log are older than they are kept, as this version of Frappe counts age."""
	t = table(doctype)
	return site.db.count(site.db.from_(t).where(t[indexed_time(site)] < site.ago(timedelta(days=days))))
