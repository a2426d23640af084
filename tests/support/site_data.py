"""Reading and writing rows of a sample site the way its DocTypes want them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.support.databases import Database, Row
from tests.support.doctypes import DocType, Field, Schema

Filters = Mapping[str, Any] | str | None
INTEGERS = frozenset({"Int", "Check", "Long Int"})
FLOATS = frozenset({"Currency", "Float", "Percent", "Rating", "Duration"})


class SiteData:
	"""The rows of a site. Every method takes a DocType's name, or that of a raw table (`Sessions`, `__Auth`)."""

	def __init__(self, database: Database, schema: Schema, now: datetime) -> None:
		self.database = database
		self.schema = schema
		self.now = now
		"""The moment for which the site is healthy, as its columns hold it: naive, in the site's time zone."""
		self._numbers = count(1)

	# -- time

	def minutes_ago(self, minutes: float) -> datetime:
		"""A naive time of the site; negative numbers lie ahead."""
		return self.now - timedelta(minutes=minutes)

	def hours_ago(self, hours: float) -> datetime:
		"""See `minutes_ago`."""
		return self.now - timedelta(hours=hours)

	def days_ago(self, days: float) -> datetime:
		"""See `minutes_ago`."""
		return self.now - timedelta(days=days)

	# -- writing

	def insert(self, doctype: str, /, **values: Any) -> str:
		"""Insert one document or row; name, times, owner, docstatus, idx and defaults are filled in."""
		return self.insert_many(doctype, [values])[0]

	def insert_many(self, doctype: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
		"""Insert many at once; the names."""
		complete = [self._complete(doctype, row) for row in rows]
		groups: dict[tuple[str, ...], list[list[Any]]] = {}
		for row in complete:
			groups.setdefault(tuple(row), []).append([_number(value) for value in row.values()])
		for columns, lines in groups.items():
			self.database.insert(self.table(doctype), columns, lines)
		return [str(row.get("name", "")) for row in complete]

	def update(self, doctype: str, filters: Filters, /, **values: Any) -> int:
		"""Change columns, and only these (`modified` stays); the number of rows."""
		where, params = self._where(filters)
		columns = ", ".join(f"`{column}` = %s" for column in values)
		text = f"UPDATE `{self.table(doctype)}` SET {columns}{where}"
		return self.database.sql(text, [*map(_number, values.values()), *params])[1]

	def delete(self, doctype: str, filters: Filters = None) -> int:
		"""Delete rows; without filters all of them."""
		where, params = self._where(filters)
		return self.database.sql(f"DELETE FROM `{self.table(doctype)}`{where}", params)[1]

	def set_single(self, doctype: str, /, **values: Any) -> None:
		"""Set fields of a single DocType in tabSingles; None removes the row."""
		self.delete("Singles", {"doctype": doctype, "field": list(values)})
		rows = [
			{"doctype": doctype, "field": field, "value": str(_number(value))}
			for field, value in values.items()
			if value is not None
		]
		self.insert_many("Singles", rows)

	def set_default(self, key: str, value: Any, parent: str = "__default") -> None:
		"""Set a global default (`__global` and a user's name are other parents); None removes it."""
		self.delete("DefaultValue", {"parent": parent, "defkey": key})
		if value is not None:
			self.insert(
				"DefaultValue",
				parent=parent,
				parenttype="__default",
				parentfield="system_defaults",
				defkey=key,
				defvalue=str(_number(value)),
			)

	def sql(self, text: str, params: Sequence[Any] = ()) -> list[Row]:
		"""Run a statement in every dialect: backticks or double quotes around names, `%s` for values."""
		return self.database.sql(text, params)[0]

	# -- reading

	def rows(
		self, doctype: str, filters: Filters = None, fields: Sequence[str] | None = None, order_by: str = ""
	) -> list[Row]:
		"""Rows as dicts; `fields=None` is every column."""
		where, params = self._where(filters)
		columns = ", ".join(f"`{field}`" for field in fields) if fields else "*"
		order = f" ORDER BY `{order_by}`" if order_by else ""
		return self.database.sql(f"SELECT {columns} FROM `{self.table(doctype)}`{where}{order}", params)[0]

	def value(self, doctype: str, filters: Filters, field: str) -> Any:
		"""One value of one row; LookupError when there is none."""
		found = self.rows(doctype, filters, [field])
		if not found:
			raise LookupError(f"{doctype}: no row for {filters!r}")
		return found[0][field]

	def count(self, doctype: str, filters: Filters = None) -> int:
		"""How many rows."""
		where, params = self._where(filters)
		rows, _ = self.database.sql(f"SELECT COUNT(*) AS n FROM `{self.table(doctype)}`{where}", params)
		return int(rows[0]["n"])

	def single(self, doctype: str, field: str) -> str | None:
		"""The text in tabSingles, if there is any."""
		found = self.rows("Singles", {"doctype": doctype, "field": field}, ["value"])
		return None if not found else found[0]["value"]

	def table(self, doctype: str) -> str:
		"""The table of a DocType or raw table."""
		if doctype in self.schema.raw:
			return doctype
		if f"tab{doctype}" in self.schema.raw:
			return f"tab{doctype}"
		self._spec(doctype)
		return f"tab{doctype}"

	def new_name(self, doctype: str) -> str:
		"""A name of ten characters like those of Frappe's `hash`, the same in every run."""
		return hashlib.sha256(f"{doctype} {next(self._numbers)}".encode()).hexdigest()[:10]

	# -- inside

	def _spec(self, doctype: str) -> DocType:
		spec = self.schema.doctypes.get(doctype)
		if spec is None:
			raise LookupError(f"{doctype} is not on this site ({self.schema.frappe}: {self.schema.apps})")
		return spec

	def _complete(self, doctype: str, values: Mapping[str, Any]) -> dict[str, Any]:
		if doctype in self.schema.raw or f"tab{doctype}" in self.schema.raw:
			return dict(values)
		spec = self._spec(doctype)
		creation = values.get("creation", values.get("modified", self.now))
		row: dict[str, Any] = {
			"name": None,
			"creation": creation,
			"modified": values.get("modified", creation),
			"owner": "Administrator",
			"modified_by": "Administrator",
			"docstatus": 0,
			"idx": 1 if spec.kind == "child" else 0,
		}
		row |= self._defaults(spec) | dict(values)
		if row["name"] is None:
			row["name"] = self._name(spec, row)
		if spec.kind == "child" and doctype != "DefaultValue":
			self._find_parent(spec, row)
		return row

	def _defaults(self, spec: DocType) -> dict[str, Any]:
		return {
			field.name: value
			for field in spec.fields.values()
			if field.has_column and field.default is not None and (value := self._default(field)) is not None
		}

	def _default(self, field: Field) -> Any:
		text = field.default or ""
		if field.fieldtype in INTEGERS:
			return int(float(text or 0))
		if field.fieldtype in FLOATS:
			return float(text or 0)
		if field.fieldtype == "Date":
			return self.now.date() if text.lower() == "today" else None
		if field.fieldtype == "Datetime":
			return self.now if text.lower() in ("now", "__now", "today") else None
		if field.fieldtype == "Time" or text.startswith(":"):
			return None
		return "Administrator" if text in ("__user", "user") else text

	def _name(self, spec: DocType, row: Mapping[str, Any]) -> str:
		if spec.autoname.startswith("field:"):
			name = row.get(spec.autoname.removeprefix("field:"))
			if name:
				return str(name)
		return self.new_name(spec.name)

	def _find_parent(self, spec: DocType, row: dict[str, Any]) -> None:
		if not row.get("parent"):
			raise ValueError(f"{spec.name} is a child table: say parent=…")
		holders = self.schema.table_parents(spec.name)
		if "parenttype" not in row:
			if len(holders) != 1:
				raise ValueError(f"{spec.name}: say parenttype=…, one of {sorted(holders)}")
			row["parenttype"] = next(iter(holders))
		if "parentfield" not in row:
			row["parentfield"] = holders[row["parenttype"]]

	def _where(self, filters: Filters) -> tuple[str, list[Any]]:
		if filters is None:
			return "", []
		if isinstance(filters, str):
			filters = {"name": filters}
		parts: list[str] = []
		params: list[Any] = []
		for column, value in filters.items():
			if value is None:
				parts.append(f"`{column}` IS NULL")
			elif isinstance(value, tuple):
				parts.append(f"`{column}` {value[0]} %s")
				params.append(_number(value[1]))
			elif isinstance(value, list):
				parts.append(f"`{column}` IN ({', '.join('%s' for _ in value)})" if value else "1 = 0")
				params += map(_number, value)
			else:
				parts.append(f"`{column}` = %s")
				params.append(_number(value))
		return (" WHERE " + " AND ".join(parts) if parts else ""), params


def _number(value: Any) -> Any:
	"""Booleans are numbers in Frappe's columns."""
	return int(value) if isinstance(value, bool) else value
