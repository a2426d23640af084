"""How the database would carry out a query, in words that are the same for all three engines.

Nothing is executed but ``EXPLAIN``, in a session that can only read and is stopped after two seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recovery_console.core import query_text
from recovery_console.core.backends.database import Row
from recovery_console.core.checks.database._tables import largest_rowids, tables
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.query_text import Query
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site

#: How a table is read: every row, every entry of an index, a part of an index, by a key, or one row at most.
FULL, WHOLE_INDEX, RANGE, LOOKUP, ONE, OTHER = (
	"full scan",
	"whole index",
	"range",
	"lookup",
	"one row",
	"other",
)

_MARIADB = {
	**dict.fromkeys(("ALL",), FULL),
	**dict.fromkeys(("index",), WHOLE_INDEX),
	**dict.fromkeys(("range", "index_merge"), RANGE),
	**dict.fromkeys(("ref", "ref_or_null", "fulltext", "index_subquery", "hash_ALL"), LOOKUP),
	**dict.fromkeys(("const", "system", "eq_ref", "unique_subquery"), ONE),
}
_SQLITE = re.compile(
	r"(?P<how>SCAN|SEARCH) (?:TABLE )?(?P<table>.+?)(?: AS (?P<alias>.+?))?"
	r"(?: USING (?:(?P<auto>AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?INDEX(?: (?P<index>[^(].*?))?"
	r"|INTEGER PRIMARY KEY|ROWID SEARCH.*?))?(?P<terms> \(.*)?(?: LEFT-JOIN)?$"
)


@dataclass(frozen=True)
class Step:
	"""How one table is read.

	Args:
		table: Its name; or what the server calls a result in between.
		alias: What the query calls it.
		access: One of the words above.
		index: The index that is used; empty when there is none.
		rows: How many rows are looked at, by the server's own estimate; -1 when it says nothing.
		built: The server makes an index for this one query, because there is none.
	"""

	table: str
	alias: str
	access: str
	index: str = ""
	rows: int = -1
	built: bool = False


@dataclass(frozen=True)
class Plan:
	"""A query, and how it would be carried out.

	Args:
		query: What was asked.
		steps: The tables in the order in which they are read.
		sorts: Rows are sorted, because no index gives them in the order wanted.
		temporary: Rows are put into a temporary table in between.
		note: What the server says besides.
	"""

	query: Query
	steps: tuple[Step, ...]
	sorts: bool = False
	temporary: bool = False
	note: str = ""


def explain(site: Site, text: str) -> Plan:
	"""Ask the site's database how it would carry out a query.

	Args:
		site: The site.
		text: One SELECT statement.

	Raises:
		UsageError: It is not one SELECT, or the database does not understand it.
		SourceUnavailable: The database does not answer.
	"""
	query = query_text.read(text, site.db.dialect)
	try:
		rows = site.db.plan(query.text)
	except SourceUnavailable as error:
		if error.kind in ("schema", "unavailable"):
			raise UsageError(
				f"The database cannot plan this query: {redact_text(_words(error))}.",
				remedy="Compare its words with the tables and columns of this site; `bench --site"
				f" {site.name} db-console` lets you try.",
			) from error
		raise
	read = {"mariadb": _mariadb, "postgres": _postgres, "sqlite": _sqlite}[site.db.dialect]
	return read(site, query, rows)


def _words(error: SourceUnavailable) -> str:
	said = error.__cause__.args[-1] if error.__cause__ and error.__cause__.args else error.reason
	return " ".join(str(said).split()).partition(" LINE ")[0].rstrip(".")


def _mariadb(_site: Site, query: Query, rows: list[Row]) -> Plan:
	steps, extras = [], []
	for row in rows:
		extras.append(str(row["Extra"] or ""))
		alias = str(row["table"] or "")
		if alias and not alias.startswith("<"):
			table = query.tables.get(alias.lower(), alias)
			access = _MARIADB.get(str(row["type"]), OTHER)
			steps.append(Step(table, alias, access, str(row["key"] or ""), _number(row["rows"])))
	said = "; ".join(extras)
	note = next((extra for extra in extras if extra.startswith(("Impossible", "No matching"))), "")
	return Plan(query, tuple(steps), "filesort" in said, "temporary" in said, note)


def _postgres(site: Site, query: Query, rows: list[Row]) -> Plan:
	document = next(iter(rows[0].values()))
	nodes = list(_nodes(document[0]["Plan"]))
	known = {table.name: table.rows for table in tables(site)}
	steps = []
	for node in nodes:
		table = str(node.get("Relation Name", ""))
		if not table:
			continue
		kind, index = str(node["Node Type"]), str(node.get("Index Name", ""))
		access = FULL if kind == "Seq Scan" else _by_index(node)
		read = known.get(table, -1) if access == FULL else -1
		read = read if read >= 0 else int(node["Plan Rows"])  # never analysed: there are no statistics
		steps.append(Step(table, str(node.get("Alias", table)), access, index or _bitmap_index(node), read))
	kinds = {str(node["Node Type"]) for node in nodes}
	return Plan(query, tuple(steps), "Sort" in kinds, "Materialize" in kinds)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
	yield node
	for part in node.get("Plans", ()):
		yield from _nodes(part)


def _by_index(node: dict[str, Any]) -> str:
	if "Index" not in node["Node Type"] and "Bitmap" not in node["Node Type"]:
		return OTHER
	condition = str(node.get("Index Cond", node.get("Recheck Cond", "")))
	if not condition:
		return WHOLE_INDEX
	return LOOKUP if " = " in condition else RANGE


def _bitmap_index(node: dict[str, Any]) -> str:
	return next((str(part["Index Name"]) for part in _nodes(node) if "Index Name" in part), "")


def _sqlite(site: Site, query: Query, rows: list[Row]) -> Plan:
	details = [str(row["detail"]) for row in rows]
	matches = [match for detail in details if (match := _SQLITE.match(detail))]
	names = {match: query.tables.get(match["table"].lower(), match["table"]) for match in matches}
	present = {name for name in names.values() if site.db.has_table(name)}
	counted = largest_rowids(site, sorted(present))
	steps = [
		Step(
			table=name,
			alias=match["alias"] or match["table"],
			access=_sqlite_access(match),
			index=match["index"] or "",
			rows=counted[name] if match["how"] == "SCAN" and name in counted else -1,
			built=bool(match["auto"]),
		)
		for match, name in names.items()
		if name in present
	]
	said = " ".join(detail for detail in details if "TEMP B-TREE" in detail)
	return Plan(query, tuple(steps), "ORDER BY" in said, "GROUP BY" in said or "DISTINCT" in said)


def _sqlite_access(match: re.Match[str]) -> str:
	if match["how"] == "SCAN":
		return WHOLE_INDEX if match["index"] else FULL
	if match["auto"]:
		return FULL
	return LOOKUP if "=?" in (match["terms"] or "") else RANGE


def _number(value: Any) -> int:
	return -1 if value is None else int(float(value))
