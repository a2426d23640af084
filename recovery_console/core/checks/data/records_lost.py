"""Did records vanish since yesterday?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.data._rows import listed
from recovery_console.core.checks.database._tables import largest_rowids, tables
from recovery_console.core.checks.performance import _history
from recovery_console.core.finding import Finding, _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class RecordsLost(Check):
	"""Do the main DocTypes hold far fewer records than a day ago?

	How many they hold is kept with each snapshot of the console. Large tables are not counted but taken from the
	database's statistics, which are rough; one that seems to have lost records is counted before it is told.

	Cost: the database's statistics, and a count of each table that is not large.
	"""

	title = _("Records of the main DocTypes")

	doctypes: str = (
		"User, Contact, Customer, Supplier, Item, Sales Invoice, Purchase Invoice, Payment Entry, Journal Entry,"
		" GL Entry, Bank Transaction, Member, SEPA Mandate, File"
	)
	compare_with: timedelta = timedelta(hours=20)
	share: float = 0.2
	at_least: int = 10
	#: Larger tables are not counted.
	large: int = 20_000

	def run(self, site: Site) -> Answer:
		numbers = self._numbers(site)
		yield self.measure(**{_name(doctype): number for doctype, number in numbers.items()})
		if not site.has_doctype(_history.DOCTYPE, "measurements"):
			return
		past = _history.before(site, self.compare_with)
		for doctype, number in numbers.items():
			then = past.get(f"{self.id}.{_name(doctype)}")
			if not isinstance(then, (int, float)) or not self._lost(number, then):
				continue
			counted = site.db.count(site.db.from_(table(doctype)))
			if self._lost(counted, then):
				yield self._report(doctype, counted, int(then))

	def _lost(self, now: float, then: float) -> bool:
		return then - now >= max(self.at_least, then * self.share)

	def _numbers(self, site: Site) -> dict[str, int]:
		wanted = list(listed(site, self.doctypes))
		roughly: Mapping[str, Any] = (
			largest_rowids(site, [f"tab{doctype}" for doctype in wanted])
			if site.db.dialect == "sqlite"
			else {stored.name: stored.rows for stored in tables(site)}
		)
		return {
			doctype: rough
			if (rough := int(roughly.get(f"tab{doctype}") or 0)) > self.large
			else site.db.count(site.db.from_(table(doctype)))
			for doctype in wanted
		}

	def _report(self, doctype: str, now: int, then: int) -> Finding:
		return self.warning(
			_("{doctype}: {count} records fewer than a day ago."),
			cause=_("There were {before}, and there are {now}. Somebody, or a program, deleted them."),
			remedy=_(
				"See Deleted Document for who deleted what: single ones can be restored there. If nothing stands there,"
				" they were deleted past Frappe: stop what does it, and take them from the last backup."
			),
			subject=doctype,
			subjects=[("DocType", doctype)],
			count=then - now,
			doctype=doctype,
			before=then,
			now=now,
		)


def _name(doctype: str) -> str:
	return f"records_{doctype.lower().replace(' ', '_')}"
