"""Reads a real site's schema, and a sample's in the same words, so that the two can be compared."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pymysql

from tests.support.ddl import Dialect
from tests.support.doctypes import Frappe, Schema, load

Query = Callable[[str], list[tuple[Any, ...]]]
Columns = dict[str, dict[str, tuple[str, ...]]]
ERRORS = (pymysql.MySQLError, psycopg2.Error, sqlite3.Error, OSError)


@dataclass
class SchemaReader:
	"""Answers what tables look like, on one connection that only reads."""

	dialect: Dialect
	query: Query

	def columns(self) -> Columns:
		"""Table → column → (type, nullable, default)."""
		if self.dialect == "sqlite":
			tables = [row[0] for row in self.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
			return {
				table: {
					row[1]: (row[2].upper(), str(bool(row[3])), _plain(row[4]))
					for row in self.query(f'PRAGMA table_info("{table}")')
				}
				for table in tables
			}
		kind = (
			"column_type"
			if self.dialect == "mariadb"
			else (
				"CONCAT(udt_name, '(', character_maximum_length, datetime_precision, numeric_precision, ',', numeric_scale, ')')"
			)
		)
		where = "DATABASE()" if self.dialect == "mariadb" else "'public'"
		found: Columns = {}
		for table, column, text, nullable, default in self.query(
			f"SELECT table_name, column_name, {kind}, is_nullable, column_default"
			f" FROM information_schema.columns WHERE table_schema = {where}"
		):
			found.setdefault(table, {})[column] = (text, nullable, _plain(default))
		return found

	def indexes(self) -> dict[str, set[tuple[str, ...]]]:
		"""Table → the column lists of its indexes (MariaDB only)."""
		found: dict[tuple[str, str], list[str]] = {}
		for table, index, column in self.query(
			"SELECT table_name, index_name, column_name FROM information_schema.statistics"
			" WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index"
		):
			found.setdefault((table, index), []).append(column)
		tables: dict[str, set[tuple[str, ...]]] = {}
		for (table, _), columns in found.items():
			tables.setdefault(table, set()).add(tuple(columns))
		return tables

	def fields(self) -> dict[tuple[str, str], tuple[str, str]]:
		"""(DocType, field) → (field type, options) as the site's own DocField rows say."""
		rows = self.query(
			"SELECT parent, fieldname, fieldtype, options FROM tabDocField WHERE parenttype = 'DocType'"
		)
		return {(parent, field): (kind, options or "") for parent, field, kind, options in rows}


@dataclass
class RealSite:
	"""A site of a bench on this machine."""

	config: Path
	frappe: Frappe
	reader: SchemaReader
	apps: tuple[str, ...]

	@property
	def schema(self) -> Schema:
		"""What our files say about such a site."""
		return load(self.frappe, self.apps)


def open_site(path: Path) -> RealSite:
	"""Connect to a site with its own credentials; ERRORS when its database does not answer."""
	bench = path.parents[2]
	config = {**_json(bench / "sites" / "common_site_config.json"), **_json(path)}
	init = (bench / "apps" / "frappe" / "frappe" / "__init__.py").read_text()
	found = re.search(r"__version__ = [\"'](\d+)", init)
	reader = SchemaReader(config.get("db_type", "mariadb"), _connect(config, path))
	rows = reader.query(
		"SELECT defvalue FROM tabDefaultValue WHERE parent = '__global' AND defkey = 'installed_apps'"
	)
	apps = tuple(json.loads(rows[0][0])) if rows else ()
	if not found or not apps:
		raise OSError(f"{path}: not a complete site")
	return RealSite(path, 16 if int(found[1]) > 15 else 15, reader, apps)


def _json(path: Path) -> dict[str, Any]:
	data: dict[str, Any] = json.loads(path.read_text())
	return data


def _connect(config: Mapping[str, Any], path: Path) -> Query:
	kind, name = config.get("db_type", "mariadb"), config["db_name"]
	user, password = config.get("db_user", name), str(config.get("db_password"))
	host = config.get("db_host", "127.0.0.1")
	connection: Any
	if kind == "sqlite":
		connection = sqlite3.connect(f"file:{path.parent / 'db' / name}.db?mode=ro", uri=True)
	elif kind == "postgres":
		connection = psycopg2.connect(
			host=host, port=config.get("db_port", 5432), user=user, password=password, dbname=name
		)
		connection.set_session(readonly=True, autocommit=True)
	else:
		connection = pymysql.connect(
			host=host,
			port=int(config.get("db_port", 3306)),
			user=user,
			password=password,
			database=name,
			autocommit=True,
			init_command="SET SESSION tx_read_only = 1",
		)
	return lambda text: list(_rows(connection.cursor(), text))


def _rows(cursor: Any, text: str) -> Iterable[tuple[Any, ...]]:
	cursor.execute(text)
	return [tuple(row) for row in cursor.fetchall()]


def _plain(default: object) -> str:
	"""A column's default without the ways in which servers quote it; no default and NULL are the same."""
	text = re.sub(r"::[a-z ]+(\(\d+\))?$", "", str(default)).strip("'")
	if text in ("None", "NULL"):
		return ""
	return str(float(text)) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text.replace("''", "'")
