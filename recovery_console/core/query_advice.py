"""What would make a query cheaper: an index, another way to compare, fewer rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recovery_console.core.checks.database._tables import indexed, key
from recovery_console.core.finding import _
from recovery_console.core.meta import CHILD, STANDARD, FieldMeta, read_fields
from recovery_console.core.query_plan import FULL, WHOLE_INDEX, Plan, Step
from recovery_console.core.query_text import Condition, Query
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Reading fewer rows than this takes no time worth saving.
LEAST_ROWS = 1000
#: A table with more columns has long texts among them; reading all of them costs.
MANY_COLUMNS = 40
_EXACT = ("=", "<=>", "IN")
_PART = ("<", ">", "<=", ">=", "BETWEEN", "LIKE", "ILIKE", "IS")
_LONG = frozenset(
	{"Text", "Long Text", "Small Text", "Text Editor", "Code", "HTML Editor", "JSON", "Markdown Editor"}
)
_LONG_CUSTOM = _("It is a long text, which no index holds: look for the rows by another column.")
_DATES = frozenset(
	{"DATE", "YEAR", "MONTH", "DAY", "DATE_FORMAT", "DATEDIFF", "STRFTIME", "DATE_TRUNC", "TO_CHAR"}
)
_EMPTY = frozenset({"IFNULL", "COALESCE", "NULLIF"})
_CASES = frozenset({"LOWER", "UPPER", "LCASE", "UCASE"})


@dataclass(frozen=True)
class Advice:
	"""One thing to do about a query.

	Args:
		kind: ``index``, ``unused-index``, ``function``, ``pattern``, ``sort``, ``limit``, ``columns`` or ``condition``.
		text: What, why and how, in whole sentences.
		table: Of which table, where it is about one.
		column: Of which column, where it is about one.
	"""

	kind: str
	text: str
	table: str = ""
	column: str = ""


def advise(site: Site, plan: Plan) -> list[Advice]:
	"""Return what would make a query cheaper, what helps most first; nothing where it is cheap already."""
	places = _Places(site, plan.query)
	found: list[Advice] = []
	for step in plan.steps:
		if step.access in (FULL, WHOLE_INDEX) and (step.rows >= LEAST_ROWS or step.built):
			found += _read_whole(site, plan, step, places)
	for condition in plan.query.conditions:
		found += _badly_compared(condition, places)
	found += _sorting(site, plan, places)
	found += _too_much(site, plan)
	return list({(advice.kind, advice.table, advice.column): advice for advice in found}.values())


class _Places:
	"""Which table a column of the query belongs to, and what the site knows of it."""

	def __init__(self, site: Site, query: Query) -> None:
		self.site = site
		self.query = query
		self.tables = list(dict.fromkeys(query.tables.values()))
		site.db.learn(self.tables)
		self.fields = read_fields(
			site, [name.removeprefix("tab") for name in self.tables if name.startswith("tab")]
		)

	def table(self, owner: str, column: str) -> str:
		"""Return the table of a column; empty when no table of the query has it."""
		if owner:
			return self.query.tables.get(owner.lower(), "")
		return next((name for name in self.tables if column in self.site.db.known.get(name, ())), "")

	def usable(self, step: Step) -> list[str]:
		"""Return the columns of a table by which an index could find rows, those compared exactly first.

		Columns that are only compared with other columns count where there are no others.
		"""
		own = [
			condition
			for condition in self.query.conditions
			if not condition.function
			and not condition.pattern.startswith(("%", "_"))
			and self._is_about(condition, step)
		]
		own = [condition for condition in own if not condition.joins] or own
		ordered = [c.column for c in own if c.operator in _EXACT] + [
			c.column for c in own if c.operator in _PART
		]
		return [name for name in dict.fromkeys(ordered) if name in self.site.db.known.get(step.table, ())]

	def narrowed(self, step: Step) -> bool:
		"""Tell whether the query has any condition on a table."""
		return any(self._is_about(condition, step) for condition in self.query.conditions)

	def _is_about(self, condition: Condition, step: Step) -> bool:
		"""Tell a table from itself under another name, too."""
		if condition.table:
			return condition.table.lower() == step.alias.lower()
		return self.table("", condition.column) == step.table

	def field(self, table: str, column: str) -> FieldMeta | None:
		return self.fields.get(table.removeprefix("tab"), {}).get(column)


def _read_whole(site: Site, plan: Plan, step: Step, places: _Places) -> Iterator[Advice]:
	columns = places.usable(step)
	own = indexed(site).get(key(site, step.table), set())
	without = [column for column in columns if column.lower() not in own]
	if without:
		yield _index(site, step, without[0], places)
	elif columns:
		yield Advice(
			"unused-index",
			_(
				"{0} has an index on {1}, but the server reads about {2} rows instead of using it: most rows match, or"
				" its statistics are old. Compare with a value that fewer rows have; {3} brings the statistics up to date."
			).format(step.table, columns[0], _rows(step), _analyze(site, step.table)),
			step.table,
			columns[0],
		)
	elif not places.narrowed(step) and (plan.sorts or not plan.query.limited):
		yield Advice(
			"condition",
			_(
				"Nothing narrows {0} down: all its about {1} rows are read. Add a condition on a column with an index."
			).format(step.table, _rows(step)),
			step.table,
		)


def _index(site: Site, step: Step, column: str, places: _Places) -> Advice:
	doctype = step.table.removeprefix("tab")
	field = places.field(step.table, column)
	if step.built:
		why = _("Each run makes an index on {1} of {0} for itself, because there is none.").format(
			step.table, column
		)
	else:
		why = _("Each run reads all of the about {0} rows of {1}, because {2} has no index.").format(
			_rows(step), step.table, column
		)
	if field is not None and field.fieldtype in _LONG:
		how = _LONG_CUSTOM
	elif not step.table.startswith("tab") or (field is None and column not in STANDARD | CHILD):
		how = _("The column belongs to no field of a DocType; whoever made the table must add the index.")
	else:
		how = _(
			"If many rows differ in it, add one outside working hours:"
			' `bench --site {0} add-database-index --doctype "{1}" --column "{2}"`'
		).format(site.name, doctype, column)
		if field is not None:
			how += " " + _(
				"It also sets search_index of the field, by a Property Setter, so that the index stays."
			)
	return Advice("index", f"{why} {how}", step.table, column)


def _rows(step: Step) -> Any:
	return step.rows if step.rows >= 0 else "?"


def _analyze(site: Site, table: str) -> str:
	if site.db.dialect == "mariadb":
		return f"ANALYZE TABLE `{table}`;"
	return f'ANALYZE "{table}";'


def _badly_compared(condition: Condition, places: _Places) -> Iterator[Advice]:
	table = places.table(condition.table, condition.column)
	if condition.pattern.startswith(("%", "_")):
		yield Advice(
			"pattern",
			_(
				"{0} is compared with a text that begins with a wildcard: no index helps, every row is read. Let the text begin"
				" with what is sought, or compare with = where the whole value is known."
			).format(condition.column),
			table,
			condition.column,
		)
	if condition.function:
		yield Advice("function", _of_function(condition), table, condition.column)


def _of_function(condition: Condition) -> str:
	name, column = condition.function, condition.column
	if name in _DATES:
		return _(
			"{0}() around {1} keeps an index from being used. Compare the column itself with both ends:"
			" {1} >= the first moment AND {1} < the first moment after."
		).format(name, column)
	if name in _EMPTY:
		return _(
			"{0}() around {1} keeps an index from being used. Compare the column itself, and add OR {1} IS NULL only where"
			" an empty value is wanted."
		).format(name, column)
	if name in _CASES:
		return _(
			"{0}() around {1} keeps an index from being used. MariaDB compares without regard to case anyway; elsewhere"
			" store the value in one case."
		).format(name, column)
	return _("{0}() around {1} keeps an index from being used: compare the column itself.").format(
		name, column
	)


def _sorting(site: Site, plan: Plan, places: _Places) -> Iterator[Advice]:
	most = max((step.rows for step in plan.steps), default=-1)
	if not plan.sorts or not plan.query.ordered or most < LEAST_ROWS:
		return
	owner, column = plan.query.ordered[0]
	table = places.table(owner, column)
	if table and column.lower() in indexed(site).get(key(site, table), set()):
		text = _(
			"About {0} rows are sorted by {1}, though it has an index: the conditions, or another table, come first."
			" Narrow the rows down before they are sorted."
		).format(most, column)
	else:
		text = _(
			"About {0} rows are sorted by {1} before the first one comes back. Sort by a column with an index, such as"
			" creation or modified where they have one, or narrow the rows down first."
		).format(most, column)
	yield Advice("sort", text, table, column)


def _too_much(site: Site, plan: Plan) -> Iterator[Advice]:
	most = max((step.rows for step in plan.steps), default=-1)
	if most < LEAST_ROWS:
		return
	if not plan.query.limited:
		yield Advice(
			"limit",
			_(
				"There is no LIMIT: up to about {0} rows come back. Add one, and read the rest page by page."
			).format(most),
		)
	wide = [step.table for step in plan.steps if len(site.db.known.get(step.table, ())) > MANY_COLUMNS]
	if plan.query.all_columns and wide:
		yield Advice(
			"columns",
			_("The query asks for all {0} columns of {1}. Name those that are needed.").format(
				len(site.db.known[wide[0]]), wide[0]
			),
			wide[0],
		)
