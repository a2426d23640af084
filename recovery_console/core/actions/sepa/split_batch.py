"""Take out of drafted batches what may not be collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN, known_names
from recovery_console.core.actions.sepa._lines import NEEDED, ROUNDING, Line, judged_lines
from recovery_console.core.actions.sepa._rows import NO_HOOKS, Row, own_column, read, set_fields
from recovery_console.core.checks.sepa._query import money
from recovery_console.core.edits import Edit
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile, Role
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed, deleted, whole_rows
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SplitBatch(Action):
	"""Leave in drafted batches what may be collected, and take out the rest.

	Taken out are collections without a usable mandate, of another account than the mandate's, of what is no longer
	owed, and those that stand twice. Their invoices are free for another batch. Where only a part is still owed the
	amount is lowered to it. Totals and numbers of entries follow. Batches whose file was made are never touched.
	"""

	title = _("Take out what may not be collected")
	risk = Risk.REVERSIBLE
	checks = ("sepa.line_mandate", "sepa.line_settled", "sepa.line_twice", "sepa.account_differs")

	names: tuple[str, ...] = ()
	lower_amounts: bool = True
	#: Only collections that no usable mandate covers are taken out; nothing else is changed.
	mandates_only: bool = False
	most: int = 100

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		out: list[dict[str, Any]] = []
		for profile in profiles_with(site, *NEEDED):
			wanted = known_names(site, profile["batch"].doctype, self.names)
			lines = [
				replace(line, problem=line.problem if line.of_mandate or not self.mandates_only else "")
				for line in judged_lines(site, profile)
				if not wanted or line.batch in wanted
			]
			batches += self._batches(site, profile, [line for line in lines if line.draft])
			made = sorted({line.batch for line in lines if not line.draft and self._wrong(line)})
			why = _("Its file was made already: make it anew, or cancel the batch.")
			left_out += [LeftOut(Subject(profile["batch"].doctype, name), why) for name in made]
			out += [
				{"invoice": line.invoice, "batch": line.batch, "amount": line.amount, "why": line.problem}
				for line in lines
				if line.draft and line.problem
			]
		return self.planned(
			site,
			_("Drafted batches to split: {count}; collections to take out: {taken} ({amount})"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS] if batches else (),
			left_out=left_out[:SHOWN],
			taken=len(out),
			amount=money(sum(row["amount"] for row in out)),
			rest=out[:SHOWN],
		)

	def _wrong(self, line: Line) -> bool:
		return bool(line.problem) or self._too_much(line)

	def _too_much(self, line: Line) -> bool:
		lower = self.lower_amounts and not self.mandates_only
		return lower and line.owed is not None and line.amount - line.owed > ROUNDING

	def _batches(self, site: Site, profile: Profile, lines: list[Line]) -> Iterator[Batch]:
		groups: dict[str, list[Line]] = defaultdict(list)
		for line in lines:
			groups[line.batch].append(line)
		for name, group in sorted(groups.items()):
			if any(self._wrong(line) for line in group):
				edits = [*self._lines(site, profile, group), self._header(site, profile, name, group)]
				yield batch(profile["batch"].doctype, name, *edits, why=_why(group))

	def _lines(self, site: Site, profile: Profile, group: list[Line]) -> Iterator[Edit]:
		role = profile["line"]
		source = role.source("l")
		out = [line.name for line in group if line.problem]
		less = {line.name: line for line in group if not line.problem and self._too_much(line)}
		if out:
			query = (
				site.db.from_(source.table)
				.where(source.table["name"].isin(out))
				.orderby(source.table["name"])
			)
			yield from (deleted(role.doctype, row) for row in whole_rows(site, query))
		if less:
			query = source.start(site.db).where(source.table["name"].isin(list(less)))
			for row in read(site, source, query, "amount"):
				yield set_fields(site, role, row, amount=less[str(row["name"])].owed)

	def _header(self, site: Site, profile: Profile, name: str, group: list[Line]) -> Edit:
		role = profile["batch"]
		kept = [line for line in group if not line.problem]
		total = sum((line.owed or 0) if self._too_much(line) else line.amount for line in kept)
		row = header(site, profile, name)
		return changed(
			role.doctype,
			row,
			**{own_column(role, "total"): round(total, 2), own_column(role, "count"): len(kept)},
			**still_drafted(role, row),
			modified=site.db_time(site.now()),
		)


def header(site: Site, profile: Profile, name: str) -> Row:
	"""Return the row of a batch with its totals and what tells whether somebody moved it."""
	role = profile["batch"]
	t = role.source("b").table
	columns = (
		"name",
		"modified",
		"docstatus",
		*(own_column(role, name) for name in ("status", "total", "count")),
	)
	return site.db.run(site.db.from_(t).select(*[t[name] for name in columns]).where(t["name"] == name))[0]


def still_drafted(role: Role, row: Row) -> Row:
	"""Return what must still be so when a draft is changed: a batch that has moved on is left alone."""
	column = own_column(role, "status")
	return {"docstatus": row["docstatus"], column: row[column]}


def _why(group: list[Line]) -> str:
	counts: dict[str, int] = defaultdict(int)
	for line in group:
		if line.problem:
			counts[line.problem] += 1
	return " ".join(f"{why} ({count})" for why, count in sorted(counts.items()))
