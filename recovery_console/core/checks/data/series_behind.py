"""Are naming series behind their documents?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika.enums import Order
from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import Column, bind, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.data._naming import named_by_series
from recovery_console.core.checks.data._rows import recent, together
from recovery_console.core.checks.data._series import Number, Series
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.window import indexed_time

#: So many DocTypes are asked for in one statement.
AT_ONCE = 40


@dataclass(frozen=True)
class SeriesBehind(Check):
	"""Which naming series stand at a number that documents have passed, so that new ones get a name in use?

	Cost: reads the names of the newest documents of every DocType with a naming series, many in one statement, and
	their counters.
	"""

	title = _("Naming series behind their documents")
	needs = ("DocType", "DocField", "Property Setter")

	window: timedelta = timedelta(days=30)
	#: Not more names of one DocType are read, the newest first.
	newest: int = 300

	def run(self, site: Site) -> Answer:
		series = named_by_series(site)
		newest = self._newest(site, list(series))
		passed = {
			doctype: self._highest(names, [Series(text) for text in series[doctype]])
			for doctype, names in newest.items()
		}
		counters = self._counters(site, {key for highest in passed.values() for key in highest})
		for doctype, highest in passed.items():
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

	def _newest(self, site: Site, doctypes: list[str]) -> dict[str, list[str]]:
		"""Return the names of the newest documents by DocType, for those that have any."""
		found: dict[str, list[str]] = {}
		filled = site.db.filled(f"tab{doctype}" for doctype in doctypes)
		used = [doctype for doctype in doctypes if f"tab{doctype}" in filled]
		for start in range(0, len(used), AT_ONCE):
			queries = [self._names(site, doctype) for doctype in used[start : start + AT_ONCE]]
			for row in site.db.run(together(queries)):
				found.setdefault(str(row["doctype"]), []).append(str(row["id"]))
		return found

	def _names(self, site: Site, doctype: str) -> QueryBuilder:
		t = table(doctype)
		newest = (
			site.db.query.from_(t, immutable=False)  # a copy at each step, of some hundred, is felt
			.select(t["name"].as_("id"))
			.where(recent(site, t, self.window))
			.orderby(t[indexed_time(site)], order=Order.desc)
			.limit(self.newest)
		)
		newest.alias = "newest"
		return site.db.query.from_(newest, immutable=False).select(
			bind(doctype).as_("doctype"), Column("id", table=newest)
		)

	def _highest(self, names: list[str], series: list[Series]) -> dict[str, Number]:
		"""Return, by counter, the highest number among the newest documents."""
		highest: dict[str, Number] = {}
		for number in self._numbers(names, series):
			if number.key not in highest or highest[number.key].number < number.number:
				highest[number.key] = number
		return highest

	def _numbers(self, names: list[str], series: list[Series]) -> Iterator[Number]:
		for name in names:
			read = next((number for each in series if (number := each.read(name))), None)
			if read:
				yield read

	def _counters(self, site: Site, keys: set[str]) -> dict[str, int]:
		"""Return where the counters stand; one that was never used, or was deleted, is missing and starts at 0."""
		if not keys:
			return {}
		t = table("Series")
		rows = site.db.run(
			site.db.from_(t).select(t["name"].as_("id"), t.current).where(t["name"].isin(sorted(keys)))
		)
		return {str(row["id"]): int(row["current"] or 0) for row in rows}

	def _exists(self, site: Site, doctype: str, name: str) -> bool:
		t = table(doctype)
		return bool(site.db.count(site.db.from_(t).where(t["name"] == name)))
