"""Which tables grow fastest?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import StoredTable, largest_rowids, tables
from recovery_console.core.checks.database.log_tables import LOGS
from recovery_console.core.checks.performance import _history
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: The sizes of so many tables, the largest, are measured each time.
_MOST_MEASURED = 20
_SHOWN = 10
_MONTH = 30


@dataclass(frozen=True)
class _Growing:
	"""A table that grows by so much a day: MiB, or rows where the database does not tell sizes."""

	table: str
	per_day: float
	now: float

	@property
	def doctype(self) -> str:
		return self.table.removeprefix("tab")


@dataclass(frozen=True)
class Growth(Check):
	"""How large are the largest tables, how many rows do they hold, and does one of them double within weeks?

	Cost: the list of tables with sizes and rows from the statistics, read once for all checks, on SQLite the largest
	row numbers; and the measurements of up to 400 snapshots of the console, read once for all checks.
	"""

	title = _("Growth of tables")
	explained_by = ("errors.repeated", "database.log_tables", "console.retention")

	#: A table is reported when it grows by so much a day …
	least_mib_per_day: float = 50.0
	#: … on SQLite, which tells no sizes, by so many rows a day …
	least_rows_per_day: int = 50_000
	#: … and so that it doubles within so many days.
	doubles_in_days: float = 90.0
	#: A line that fits worse says nothing: the size goes up and down.
	least_fit: float = 0.7

	def run(self, site: Site) -> Answer:
		for item in _largest(site):
			name = _measurement(item.name)
			yield self.measure(**{f"{name}_rows": max(item.rows, 0)})
			if site.db.dialect != "sqlite":
				yield self.measure(**{f"{name}_mib": _server.mib(item.total_bytes)})
		found = sorted(self._growing(site), key=lambda item: item.per_day, reverse=True)
		if found:
			yield self.measure(fastest_per_day=round(found[0].per_day, 1))
		fast = [item for item in found if item.now <= item.per_day * self.doubles_in_days]
		if fast:
			yield self._finding_of(site, fast)

	def _growing(self, site: Site) -> Iterator[_Growing]:
		"""Yield what has grown over the last days, by at least what is worth a word."""
		unit, least = (
			("_rows", self.least_rows_per_day)
			if site.db.dialect == "sqlite"
			else ("_mib", self.least_mib_per_day)
		)
		present = {_measurement(item.name): item.name for item in tables(site)}
		try:
			measured = _history.names(site, f"{self.id}.")
		except NotApplicable:
			return  # sizes are measured all the same, for those who keep them
		for name in measured:
			table = (
				present.get(name.removeprefix(f"{self.id}.").removesuffix(unit))
				if name.endswith(unit)
				else None
			)
			try:
				points = _history.points(site, name) if table else []
			except NotApplicable:
				continue  # not among the largest for long enough
			line = _history.fit(points) if points else None
			if table and line and line.per_day >= least and line.fit >= self.least_fit:
				yield _Growing(table, line.per_day, points[-1].value)

	def _finding_of(self, site: Site, fast: list[_Growing]) -> Finding:
		first = fast[0]
		unit = _("rows") if site.db.dialect == "sqlite" else "MiB"
		return self.warning(
			_("Tables that grow so fast that they double within {days} days: {count}."),
			cause=_(
				"The fastest is {doctype}: {per_day} {unit} a day, {now} {unit} by now, about {in_a_month} {unit} in 30 days,"
				" as the console's own snapshots say. The database, each backup and each restore grow with it."
			),
			remedy=_(
				"Set how long it is kept in Log Settings. To clear it now:"
				' `bench --site {site} clear-log-table --doctype "{doctype}" --days 30`'
			)
			if first.doctype in LOGS
			else _(
				"See in the list of {doctype}, newest first, who or what makes them: an import, an integration, a job that"
				" repeats. Make room before the disk is full, or archive what is old."
			),
			subjects=[("DocType", item.doctype) for item in fast],
			days=round(self.doubles_in_days),
			doctype=first.doctype,
			unit=unit,
			per_day=round(first.per_day, 1),
			now=round(first.now),
			in_a_month=round(first.now + _MONTH * first.per_day),
			tables=[
				{"table": item.table, "per_day": round(item.per_day, 1), "now": round(item.now, 1)}
				for item in fast[:_SHOWN]
			],
			site=site.name,
		)


def _largest(site: Site) -> list[StoredTable]:
	found = tables(site)
	if site.db.dialect == "sqlite":
		rows = site.remember(
			"database.rowids",
			lambda: largest_rowids(site, sorted(item.name for item in found if item.doctype != item.name)),
		)
		found = [StoredTable(name, rows=count) for name, count in rows.items()]
	return sorted(found, key=lambda item: (item.total_bytes, item.rows), reverse=True)[:_MOST_MEASURED]


def _measurement(table: str) -> str:
	return re.sub(r"\W+", "_", table.removeprefix("tab").lower()).strip("_")
