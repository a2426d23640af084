"""Tables, columns and indexes as the database's catalogue lists them; sizes and rows from its statistics."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn

from recovery_console.core.backends.database import EVERYTHING
from recovery_console.core.backends.sql import DocTable
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: So many tables at most are asked for their largest row number in one statement.
_MOST_ASKED = 100


@dataclass(frozen=True)
class StoredTable:
	"""A table of the site. ``rows`` and sizes are what the statistics say; -1 where they say nothing."""

	name: str
	engine: str = ""
	collation: str = ""
	rows: int = -1
	data_bytes: int = 0
	index_bytes: int = 0
	free_bytes: int = 0

	@property
	def doctype(self) -> str:
		return self.name.removeprefix("tab")

	@property
	def total_bytes(self) -> int:
		return self.data_bytes + self.index_bytes


_TABLES = {
	"mariadb": """SELECT table_name AS name, engine AS engine, table_collation AS collation,
		table_rows AS row_count, data_length AS data_bytes, index_length AS index_bytes, data_free AS free_bytes
		FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'""",
	"postgres": """SELECT c.relname AS name, '' AS engine, '' AS collation, c.reltuples AS row_count,
		pg_table_size(c.oid) AS data_bytes, pg_indexes_size(c.oid) AS index_bytes, 0 AS free_bytes
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname = ANY (current_schemas(false))""",
	"sqlite": """SELECT name, '' AS engine, '' AS collation, -1 AS row_count, 0 AS data_bytes, 0 AS index_bytes,
		0 AS free_bytes FROM sqlite_master WHERE type = 'table'""",
}
_COLUMNS = {
	"mariadb": """SELECT table_name AS t, GROUP_CONCAT(column_name SEPARATOR ',') AS c, COUNT(*) AS n
		FROM information_schema.columns WHERE table_schema = DATABASE() GROUP BY table_name""",
	"postgres": """SELECT c.relname AS t, STRING_AGG(a.attname, ',') AS c, COUNT(*) AS n
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v') AND a.attnum > 0
		AND NOT a.attisdropped AND n.nspname = ANY (current_schemas(false)) GROUP BY c.relname""",
	"sqlite": """SELECT m.name AS t, GROUP_CONCAT(p.name, ',') AS c, COUNT(*) AS n
		FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type IN ('table', 'view') GROUP BY m.name""",
}
_INDEXES = {
	"mariadb": """SELECT table_name AS t, column_name AS c FROM information_schema.statistics
		WHERE table_schema = DATABASE() AND seq_in_index = 1""",
	"postgres": """SELECT c.relname AS t, a.attname AS c FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
		WHERE i.indisvalid AND n.nspname = ANY (current_schemas(false))""",
	"sqlite": """SELECT m.tbl_name AS t, i.name AS c FROM sqlite_master m JOIN pragma_index_info(m.name) i
		WHERE m.type = 'index' AND i.seqno = 0""",
}


def tables(site: Site) -> list[StoredTable]:
	"""Return the site's tables: one statement for all checks of a diagnosis."""

	def read() -> list[StoredTable]:
		return [
			StoredTable(
				name=row["name"],
				engine=row["engine"] or "",
				collation=row["collation"] or "",
				rows=int(row["row_count"] if row["row_count"] is not None else -1),
				data_bytes=int(row["data_bytes"] or 0),
				index_bytes=int(row["index_bytes"] or 0),
				free_bytes=int(row["free_bytes"] or 0),
			)
			for row in site.db.sql(_TABLES[site.db.dialect])
		]

	return site.remember("database.tables", read)


def columns(site: Site) -> dict[str, set[str]]:
	"""Return the columns of every table, names in lower case: one statement for all checks of a diagnosis."""

	def read() -> dict[str, set[str]]:
		if EVERYTHING in site.db.known:
			there = {name: names for name, names in site.db.known.items() if names}
			return {name.lower(): {column.lower() for column in names} for name, names in there.items()}
		rows = site.db.sql(_COLUMNS[site.db.dialect])
		return {row["t"].lower(): joined(row["c"], row["n"]) for row in rows}

	return site.remember("database.columns", read)


def indexed(site: Site) -> dict[str, set[str]]:
	"""Return the columns of every table with which a valid index begins, names in lower case."""
	found: dict[str, set[str]] = {}
	for row in site.db.sql(_INDEXES[site.db.dialect]):
		found.setdefault(row["t"].lower(), set()).add(str(row["c"]).lower())
	return found


def largest_rowids(site: Site, names: list[str]) -> dict[str, int]:
	"""Return the largest row number of tables in SQLite, which keeps no statistics: about how many rows they have."""
	found: dict[str, int] = {}
	for start in range(0, len(names), _MOST_ASKED):
		part = names[start : start + _MOST_ASKED]
		query = site.db.query
		columns: list[Any] = [
			query.from_(DocTable(name)).select(fn.Max(DocTable(name)["rowid"])).as_(f"c{number}")
			for number, name in enumerate(part)
		]
		row = site.db.run(query.select(*columns))[0]
		found |= {name: int(row[f"c{number}"] or 0) for number, name in enumerate(part)}
	return found


def joined(names: str, count: int) -> set[str]:
	"""Return names that the database joined to one text, in lower case.

	Raises:
		SourceUnavailable: It cut the text short, and did not say so.
	"""
	found = names.lower().split(",")
	if len(found) != count:
		raise SourceUnavailable(
			"database",
			"The database cuts long texts short (group_concat_max_len), so its columns cannot be compared.",
			remedy="Set group_concat_max_len of the database server back to its default, 1M.",
			kind="setting",
		)
	return set(found)


def key(site: Site, table: str) -> str:
	"""Return a table's name as the catalogue has it: PostgreSQL cuts it after 63 bytes."""
	if site.db.dialect == "postgres":
		return table.encode()[:63].decode("utf-8", "ignore").lower()
	return table.lower()
