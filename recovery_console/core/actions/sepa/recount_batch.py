"""Compute the totals of drafted batches anew."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN, known_names
from recovery_console.core.actions.sepa._lines import ROUNDING
from recovery_console.core.actions.sepa._rows import NO_HOOKS, own_column
from recovery_console.core.actions.sepa.split_batch import header, still_drafted
from recovery_console.core.checks.sepa._query import LIVE, in_batches
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RecountBatch(Action):
	"""Set the total and the number of entries of drafted batches to what their collections come to."""

	title = _("Compute the totals of drafted batches anew")
	risk = Risk.REVERSIBLE
	checks = ("sepa.batch_totals",)

	names: tuple[str, ...] = ()
	most: int = 200

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		wanted = ("batch.total", "batch.count", "batch.date", "batch.status", "line.parent", "line.amount")
		for profile in profiles_with(site, *wanted):
			for row in self._wrong(site, profile):
				doctype = profile["batch"].doctype
				if int(row["docstatus"] or 0) or profile["batch"].logical(row["status"]) != "draft":
					why = _("Its file was made from these numbers: make the batch anew, never edit the file.")
					left_out.append(LeftOut(Subject(doctype, str(row["id"])), why))
				else:
					batches.append(self._recounted(site, profile, row))
		return self.planned(
			site,
			_("Drafted batches whose totals are to be computed anew: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS] if batches else (),
			left_out=left_out[:SHOWN],
		)

	def _wrong(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		source, line = profile["batch"].source("b"), profile["line"].source("l")
		query = line.join(source.start(site.db), line["parent"] == source["id"], optional=True)
		query = query.where(in_batches(source, LIVE))
		if self.names:
			query = query.where(source["id"].isin(list(known_names(site, source.role.doctype, self.names))))
		columns = ("id", "total", "count", "status", "docstatus")
		rows = site.db.run(
			query.select(
				*source.pick(*columns),
				fn.Count(line["parent"]).as_("n"),
				fn.Sum(line["amount"]).as_("summed"),
			)
			.groupby(*(source[name] for name in columns))
			.orderby(source["id"])
		)
		return [
			row
			for row in rows
			if int(row["count"] or 0) != int(row["n"])
			or abs(float(row["total"] or 0) - float(row["summed"] or 0)) > ROUNDING
		]

	@staticmethod
	def _recounted(site: Site, profile: Profile, row: dict[str, Any]) -> Batch:
		role = profile["batch"]
		before = header(site, profile, str(row["id"]))
		after = {
			own_column(role, "total"): round(float(row["summed"] or 0), 2),
			own_column(role, "count"): int(row["n"]),
		}
		now = site.db_time(site.now())
		edit = changed(role.doctype, before, **after, **still_drafted(role, before), modified=now)
		return batch(role.doctype, row["id"], edit)
