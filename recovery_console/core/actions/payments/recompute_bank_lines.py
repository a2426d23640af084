"""Compute the matched and the open amount of bank lines anew."""

from __future__ import annotations

from pypika import functions as fn

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.payments._books import money
from recovery_console.core.checks.payments.bank_line_sums import BankLineSums
from recovery_console.core.edits import Act
from recovery_console.core.finding import Finding, _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

_LINE = "Bank Transaction"


@dataclass(frozen=True)
class RecomputeBankLines(Action):
	"""Let ERPNext compute the matched and the open amount of bank lines anew from their payments.

	Matches that were deleted are not made up: the line is open again, to be matched anew.
	"""

	title = _("Compute the amounts of bank lines anew")
	risk = Risk.DISRUPTIVE
	needs = (_LINE, "Bank Transaction Payments")
	needs_app = "erpnext"
	checks = ("payments.bank_line_sums",)

	#: Only these bank lines; by default the first that the check names.
	names: tuple[str, ...] = ()
	most: int = 200

	def plan(self, site: Site) -> Plan:
		names = known_names(site, _LINE, self.names) or self._found(site)
		columns = ("deposit", "withdrawal", "allocated_amount", "unallocated_amount", "docstatus")
		batches = []
		for row in rows_named(site, _LINE, names, columns):
			if int(row["docstatus"]) != 1:
				continue
			name = str(row["name"])
			moved = abs(float(row["deposit"] or 0) - float(row["withdrawal"] or 0))
			matched = self._matched(site, name)
			why = _("Matched {0} and open {1}; its payments come to {2} of {3}.").format(
				money(row["allocated_amount"]), money(row["unallocated_amount"]), matched, money(moved)
			)
			batches.append(batch(_LINE, name, Act(_("compute anew"), _LINE, name, {}, frappe=True), why=why))
		return self.planned(
			site,
			_("Bank lines whose amounts are to be computed anew: {count}"),
			batches,
			most=self.most,
		)

	@staticmethod
	def _found(site: Site) -> tuple[str, ...]:
		found = [item for item in BankLineSums().run(site) if isinstance(item, Finding)]
		return tuple(subject.name for finding in found for subject in finding.subjects)

	@staticmethod
	def _matched(site: Site, name: str) -> float:
		t = table("Bank Transaction Payments")
		query = site.db.from_(t).select(fn.Sum(t.allocated_amount).as_("n"))
		return money(site.db.value(query.where((t.parent == name) & (t.parenttype == _LINE))))
