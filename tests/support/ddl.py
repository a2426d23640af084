"""CREATE TABLE statements as Frappe itself would issue them, per dialect and Frappe version.

The type maps, standard columns, defaults and index names are those of `frappe/database/<dialect>`; a test
compares them with a real site (`tests/support_tests/test_drift.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from tests.support.doctypes import DocType, Field, Frappe, RawTable, Schema

Dialect = Literal["mariadb", "postgres", "sqlite"]

VARCHAR = ("Data", "Link", "Dynamic Link", "Select", "Read Only", "Color", "Icon", "Phone", "Autocomplete")
LONG = ("Long Text", "Code", "Text Editor", "Markdown Editor", "HTML Editor", "Signature", "Barcode")
TEXT = ("Small Text", "Text", "Password", "Attach", "Attach Image")
DECIMAL = ("Currency", "Float", "Percent", "Duration")
NUMBERS = ("Check", "Int", "Currency", "Float", "Percent")
SHORTCUTS = ("__user", "__now", "Today", "now", "Now", "user", "today")
OPTIONAL = ("_user_tags", "_comments", "_assign", "_liked_by")


def _base_types(dialect: Dialect, frappe: Frappe) -> dict[str, str]:
	if dialect == "sqlite":
		return {
			**dict.fromkeys((*VARCHAR, *LONG, *TEXT, "Geolocation", "JSON"), "TEXT"),
			**dict.fromkeys((*DECIMAL, "Rating"), "REAL"),
			**dict.fromkeys(("Int", "Long Int", "Check"), "INTEGER"),
			"Date": "DATE",
			"Datetime": "TIMESTAMP",
			"Time": "TIME",
		}
	shared = {
		**dict.fromkeys(VARCHAR, "varchar(140)"),
		**dict.fromkeys(TEXT, "text"),
		**dict.fromkeys(DECIMAL, "decimal(21,9)"),
		"Rating": "decimal(3,2)",
		"Date": "date",
		"Time": "time(6)",
		"JSON": "json",
	}
	if dialect == "postgres":
		number = "bigint" if frappe == 15 else "int"
		specific = {"Int": number, "Long Int": "bigint", "Check": "smallint", "Datetime": "timestamp"}
		return shared | specific | dict.fromkeys((*LONG, "Geolocation"), "text")
	number, check = ("int(11)", "int(1)") if frappe == 15 else ("int", "tinyint")
	specific = {"Int": number, "Long Int": "bigint(20)", "Check": check, "Datetime": "datetime(6)"}
	return shared | specific | dict.fromkeys((*LONG, "Geolocation"), "longtext")


class Ddl:
	"""Writes the statements for one dialect and version."""

	def __init__(self, dialect: Dialect, frappe: Frappe) -> None:
		self.dialect = dialect
		self.frappe = frappe
		self.types = _base_types(dialect, frappe)

	def statements(self, schema: Schema) -> Iterator[str]:
		"""Everything that an empty database needs to hold a site, in order."""
		for raw in schema.raw.values():
			yield from self._raw(raw)
		for doctype in schema.doctypes.values():
			if doctype.kind != "single":
				yield from self._table(doctype)

	def columns(self, doctype: DocType) -> dict[str, str]:
		"""Column name → definition, without the primary key."""
		numbers = {
			"mariadb": ("int(1)", "int(8)") if self.frappe == 15 else ("tinyint", "int"),
			"postgres": ("smallint", "bigint"),
			"sqlite": ("INTEGER", "INTEGER"),
		}[self.dialect]
		stamp = {"mariadb": "datetime(6)", "postgres": "timestamp(6)", "sqlite": "DATETIME"}[self.dialect]
		text = self._standard_text(doctype)
		columns = {
			"creation": stamp,
			"modified": stamp,
			"modified_by": text,
			"owner": text,
			"docstatus": f"{numbers[0]} NOT NULL DEFAULT 0",
			"idx": f"{numbers[1]} NOT NULL DEFAULT 0",
		}
		for field in doctype.fields.values():
			if field.has_column and field.name not in columns:
				columns[field.name] = self._column(field)
		columns |= {name: self._raw_type(kind) for name, kind in doctype.legacy.items()}
		if doctype.kind == "child":
			return columns | dict.fromkeys(("parent", "parentfield", "parenttype"), text)
		optional = (*OPTIONAL, "_seen") if doctype.track_seen else OPTIONAL
		return columns | dict.fromkeys(optional, self.types["Text"])

	def _standard_text(self, doctype: DocType) -> str:
		"""The type of name, owner and parent: the framework's first tables made them wider."""
		wide = doctype.bootstrapped and self.dialect != "sqlite"
		return "varchar(255)" if wide else self.types["Data"]

	def _name_type(self, doctype: DocType) -> str:
		numbered = doctype.autoname == "autoincrement"
		return self.types["Long Int"] if numbered else self._standard_text(doctype)

	def quote(self, name: str) -> str:
		"""An identifier, quoted."""
		return f"`{name}`" if self.dialect == "mariadb" else f'"{name}"'

	def _column(self, field: Field) -> str:
		kind = self.types[field.fieldtype]
		if field.length and kind.startswith("varchar"):
			kind = f"varchar({field.length})"
		if field.fieldtype == "Int" and field.length > 11:
			kind = self.types["Long Int"]
		elif 0 < field.length < 11 and self.dialect == "mariadb" and field.fieldtype in ("Int", "Check"):
			kind = f"{kind.split('(')[0]}({field.length})"
		if field.fieldtype in NUMBERS:
			number = float(field.default or 0)
			shown = int(number) if field.fieldtype in ("Check", "Int") else number
			kind += f" NOT NULL DEFAULT {shown}"
		else:
			kind += self._text_default(field)
		unique = field.unique and kind not in ("text", "longtext")
		return f"{kind} UNIQUE" if unique else kind

	def _text_default(self, field: Field) -> str:
		default = field.default
		if not default or default in SHORTCUTS or default.startswith(":"):
			return " NOT NULL DEFAULT ''" if field.notnull and self.frappe > 15 else ""
		null = " NOT NULL" if field.notnull and self.frappe > 15 else ""
		text = default.replace("'", "''")
		return f"{null} DEFAULT '" + (text.replace("\\", "\\\\") if self.dialect == "mariadb" else text) + "'"

	def _table(self, doctype: DocType) -> Iterator[str]:
		quote, table = self.quote, self.quote(doctype.table)
		key = f"name {self._name_type(doctype)} PRIMARY KEY"
		lines = [key, *(f"{quote(name)} {kind}" for name, kind in self.columns(doctype).items())]
		standard = self._standard_indexes(doctype)
		searched = [
			field.name
			for field in doctype.fields.values()
			if field.index and field.has_column and self.types[field.fieldtype] not in ("text", "longtext")
		]
		if self.dialect == "mariadb":
			lines += [f"INDEX {quote(name)} ({quote(name)})" for name in standard]
			lines += [
				f"INDEX {quote(name)} ({quote(name)})" for name in searched if not doctype.fields[name].unique
			]
		yield f"CREATE TABLE {table} ({', '.join(lines)}){self._engine(doctype)}"
		if self.dialect == "sqlite":
			for name in standard:
				yield f'CREATE INDEX "{doctype.table}_{name}_idx" ON {table} ("{name}")'
		if self.dialect == "postgres":
			for name in searched:
				yield f'CREATE INDEX IF NOT EXISTS "{name}" ON {table} ("{name}")'
		for text in doctype.indexes:
			yield self._index(doctype.table, text)

	def _standard_indexes(self, doctype: DocType) -> list[str]:
		if self.dialect == "postgres":
			return []
		if doctype.kind == "child":
			return ["parent"]
		if doctype.bootstrapped and doctype.name != "File":
			return []
		if self.frappe == 15:
			return [] if doctype.bootstrapped else ["modified"]
		return ["creation", "modified"] if doctype.sort == "modified" else ["creation"]

	def _engine(self, doctype: DocType) -> str:
		if self.dialect != "mariadb":
			return ""
		row_format = doctype.row_format.upper() if self.frappe > 15 else "DYNAMIC"
		return f" ENGINE={doctype.engine} ROW_FORMAT={row_format} CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci"

	def _index(self, table: str, text: str) -> str:
		"""`name: a, b(10)` or `a, b`, after `unique` when it is one."""
		unique = "UNIQUE " if text.startswith("unique ") else ""
		name, separator, columns = text.removeprefix("unique ").partition(": ")
		if not separator:
			name, columns = "", name
		plain = [re.sub(r"\(\d+\)", "", column) for column in columns.split(", ")]
		name = name or "_".join(plain) + "_index"
		shown = [
			f"{self.quote(column.split('(')[0])}{column[len(short) :] if self.dialect == 'mariadb' else ''}"
			for column, short in zip(columns.split(", "), plain, strict=True)
		]
		exists = "" if unique and self.dialect == "mariadb" else "IF NOT EXISTS "
		return f"CREATE {unique}INDEX {exists}{self.quote(name)} ON {self.quote(table)} ({', '.join(shown)})"

	def _raw(self, raw: RawTable) -> Iterator[str]:
		lines = [f"{self.quote(name)} {self._raw_type(kind)}" for name, kind in raw.columns.items()]
		if raw.key:
			lines.append(f"PRIMARY KEY ({', '.join(map(self.quote, raw.key))})")
		engine = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC CHARACTER SET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
		yield f"CREATE TABLE {self.quote(raw.table)} ({', '.join(lines)})" + (
			engine if self.dialect == "mariadb" else ""
		)
		for text in raw.indexes if self.dialect == "mariadb" else ():
			yield self._index(raw.table, text)

	def _raw_type(self, kind: str) -> str:
		if self.dialect == "mariadb":
			flag, counter = ("int(1)", "int(10)") if self.frappe == 15 else ("tinyint", "int")
			return kind.replace("flag", flag).replace("counter", counter)
		if self.dialect == "postgres":
			kind = kind.replace("flag", "int").replace("counter", "bigint")
			return kind.replace("longtext", "text").replace("datetime", "timestamp")
		return kind.replace("flag", "tinyint").replace("counter", "int")
