"""Set the counters of naming series to the documents that are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika.enums import Order

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.backends.sql import raw_table, table
from recovery_console.core.checks.data._naming import named_by_series
from recovery_console.core.checks.data._series import Number, Series
from recovery_console.core.edits import RowEdit
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.window import indexed_time, lately


@dataclass(frozen=True)
class AdvanceNamingSeries(Action):
	"""Set counters that stand behind their documents to the highest number in use, so that new ones get a free name.

	A counter is only ever advanced: no number is given out twice.
	"""

	title = _("Advance the counters of naming series")
	risk = Risk.REVERSIBLE
	needs = ("DocType", "DocField", "Property Setter")
	checks = ("data.series_behind",)

	#: Series, as the finding names them, such as ACC-SINV-2026-.
	names: tuple[str, ...] = ()
	window: timedelta = timedelta(days=30)
	#: Not more names of one DocType are read, the newest first; then the highest of each series.
	newest: int = 300
	most: int = 500

	def plan(self, site: Site) -> Plan:
		highest: dict[str, tuple[str, Number]] = {}
		for doctype, texts in named_by_series(site).items():
			for number in self._numbers(site, doctype, [Series(text) for text in texts]):
				if number.key not in highest or highest[number.key][1].number < number.number:
					highest[number.key] = (doctype, number)
		counters = self._counters(site, list(highest))
		behind = {
			key: self._advanced(doctype, last, counters.get(key))
			for key, (doctype, last) in sorted(highest.items())
			if int((counters.get(key) or {}).get("current") or 0) < last.number
		}
		chosen = only_named(self.id, self.names, behind, _("counter behind its documents"))
		return self.planned(
			site,
			_("Counters to advance: {count}"),
			chosen,
			most=self.most,
			warnings=[
				_(
					"Numbers between a counter and the highest one in use are given to nothing. See that the highest was"
					" not mistyped: invoices must follow each other without a gap."
				)
			]
			if chosen
			else (),
		)

	def _numbers(self, site: Site, doctype: str, series: list[Series]) -> Iterator[Number]:
		t = table(doctype)
		time = t[indexed_time(site)]
		newest = site.db.from_(t).select(t["name"].as_("id")).where(lately(site, t, self.window))
		keys = set()
		for row in site.db.run(newest.orderby(time, order=Order.desc).limit(self.newest)):
			number = _read(str(row["id"]), series)
			if number:
				keys.add(number.key)
				yield number
		for key in sorted(keys):  # an older document may have a higher number still
			last = site.db.from_(t).select(t["name"].as_("id")).where(t["name"].like(f"{key}%"))
			for row in site.db.run(last.orderby(t["name"], order=Order.desc).limit(20)):
				number = _read(str(row["id"]), series)
				if number and number.key == key:
					yield number

	@staticmethod
	def _counters(site: Site, keys: list[str]) -> dict[str, dict[str, Any]]:
		t = raw_table("tabSeries")
		query = site.db.from_(t).select(t["name"], t["current"]).where(t["name"].isin(keys or [""]))
		return {str(row["name"]): row for row in site.db.run(query)}

	@staticmethod
	def _advanced(doctype: str, last: Number, row: dict[str, Any] | None) -> Batch:
		key = {"name": last.key}
		if row is None:
			edit = RowEdit("tabSeries", key, None, {"name": last.key, "current": last.number})
		else:
			edit = RowEdit("tabSeries", key, {"current": row["current"]}, {"current": last.number})
		name = last.name(last.number)
		return batch("Series", last.key, edit, why=_("{0} {1} is in use.").format(doctype, name))


def _read(name: str, series: list[Series]) -> Number | None:
	return next((number for each in series if (number := each.read(name))), None)
