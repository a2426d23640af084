"""Are naming series behind their documents?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pypika.enums import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.data._naming import named_by_series
from recovery_console.core.checks.data._rows import recent
from recovery_console.core.checks.data._series import Number, Series
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SeriesBehind(Check):
	"""Which naming series stand at a number that documents have passed, so that new ones get a name in use?

	Cost: reads the names of the newest documents of every DocType with a naming series, and their counters.
	"""

	title = _("Naming series behind their documents")
	needs = ("DocType", "DocField", "Property Setter")

	window: timedelta = timedelta(days=30)
	#: Not more names of one DocType are read, the newest first.
	newest: int = 300

	def run(self, site: Site) -> Answer:
		for doctype, texts in named_by_series(site).items():
			highest = self._highest(site, doctype, [Series(text) for text in texts])
			counters = self._counters(site, highest)
			for key, last in sorted(highest.items()):
				counter = counters.get(key, 0)
				if counter >= last.number:
					continue
				next_name = last.name(counter + 1)
				taken = key in counters and self._exists(site, doctype, next_name)
				build = self.critical if taken else self.warning
				yield build(
					_("No new {doctype} can be saved: its name {next} is already in use.")
					if taken
					else _("The numbers of {doctype} stand at {counter}, and {highest} is already in use."),
					cause=_(
						"The counter of the series {series} is behind the documents: they were imported with their"
						" numbers, restored, or the counter was set back. The next document with a name in use ends in"
						" the error Duplicate Entry, and so does every attempt after it."
					),
					remedy=_(
						"Open Document Naming Settings, choose the series {series} under Update Series Number, and set"
						" the counter to {number}."
					),
					subject=f"{doctype}:{key}",
					subjects=[(doctype, last.name(last.number))],
					doctype=doctype,
					series=key,
					counter=counter,
					number=last.number,
					highest=last.name(last.number),
					next=next_name,
				)

	def _highest(self, site: Site, doctype: str, series: list[Series]) -> dict[str, Number]:
		"""Return, by counter, the highest number among the newest documents."""
		t = table(doctype)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"].as_("id"))
			.where(recent(site, t, self.window))
			.orderby(t.creation, order=Order.desc)
			.limit(self.newest)
		)
		highest: dict[str, Number] = {}
		for number in self._numbers([str(row["id"]) for row in rows], series):
			if number.key not in highest or highest[number.key].number < number.number:
				highest[number.key] = number
		return highest

	def _numbers(self, names: list[str], series: list[Series]) -> Iterator[Number]:
		for name in names:
			read = next((number for each in series if (number := each.read(name))), None)
			if read:
				yield read

	def _counters(self, site: Site, highest: dict[str, Number]) -> dict[str, int]:
		"""Return where the counters stand; one that was never used, or was deleted, is missing and starts at 0."""
		if not highest:
			return {}
		t = table("Series")
		rows = site.db.run(
			site.db.from_(t).select(t["name"].as_("id"), t.current).where(t["name"].isin(sorted(highest)))
		)
		return {str(row["id"]): int(row["current"] or 0) for row in rows}

	def _exists(self, site: Site, doctype: str, name: str) -> bool:
		t = table(doctype)
		return bool(site.db.count(site.db.from_(t).where(t["name"] == name)))
