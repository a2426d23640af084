"""Reads `schema/*.toml`: what every DocType of the sample looks like in each Frappe version."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

Frappe = Literal[15, 16]
SCHEMA = Path(__file__).parent / "schema"
TABLE_TYPES = frozenset({"Table", "Table MultiSelect"})
VERSION_FLAG = re.compile(r"^v(\d+)$")


@dataclass(frozen=True)
class Field:
	"""One field of a DocType, as its DocField row says it."""

	name: str
	fieldtype: str
	options: str = ""
	"""Select values joined by newlines, the target of a link or table, or the format of a Data field."""
	default: str | None = None
	length: int = 0
	precision: str = ""
	reqd: bool = False
	unique: bool = False
	index: bool = False
	virtual: bool = False
	notnull: bool = False
	on_submit: bool = False
	custom_by: str = ""
	"""The app that adds this field as a Custom Field; empty for a field of the DocType itself."""

	@property
	def choices(self) -> tuple[str, ...]:
		"""The values that a Select accepts, in order."""
		return tuple(self.options.split("\n")) if self.fieldtype == "Select" else ()

	@property
	def has_column(self) -> bool:
		"""Whether the database table has a column for this field."""
		return not self.virtual and self.fieldtype not in TABLE_TYPES


@dataclass(frozen=True)
class DocType:
	"""A DocType in one Frappe version."""

	name: str
	app: str
	module: str
	kind: Literal["table", "child", "single"]
	autoname: str
	submittable: bool
	track_changes: bool
	track_seen: bool
	engine: str
	row_format: str
	sort: str
	perms: tuple[str, ...]
	indexes: tuple[str, ...]
	fields: dict[str, Field] = field(hash=False)
	legacy: dict[str, str] = field(hash=False, default_factory=dict)
	"""Columns without a field that the framework's first SQL file leaves behind."""
	bootstrapped: bool = False
	"""Made by that SQL file, not from its fields: some column types differ."""

	@property
	def table(self) -> str:
		return f"tab{self.name}"


@dataclass(frozen=True)
class RawTable:
	"""A table that is no DocType."""

	table: str
	columns: dict[str, str] = field(hash=False)
	indexes: tuple[str, ...]
	key: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
	"""Every table of a site with these apps on this Frappe."""

	frappe: Frappe
	apps: tuple[str, ...]
	doctypes: dict[str, DocType] = field(hash=False)
	raw: dict[str, RawTable] = field(hash=False)

	def table_parents(self, child: str) -> dict[str, str]:
		"""The DocTypes that hold `child` as a table, each with the field that holds it."""
		return {
			doctype.name: column.name
			for doctype in self.doctypes.values()
			for column in doctype.fields.values()
			if column.fieldtype in TABLE_TYPES and column.options == child
		}


@lru_cache
def load(frappe: Frappe, apps: tuple[str, ...]) -> Schema:
	"""The schema of a site; an app unknown to the files adds nothing."""
	raw_file, *area_files = sorted(SCHEMA.glob("*.toml"), key=lambda path: path.stem != "raw")
	raw = {
		name: RawTable(name, spec["columns"], tuple(spec.get("indexes", ())), tuple(spec.get("key", ())))
		for name, spec in _read(raw_file).items()
	}
	specs: dict[str, dict[str, Any]] = {}
	added: list[tuple[str, dict[str, Any]]] = []
	for path in area_files:
		areas = _read(path)
		added += [(app, areas) for app, areas in areas.pop("custom_fields", {}).items() if app in apps]
		specs |= areas
	doctypes = {
		name: _doctype(name, spec, frappe)
		for name, spec in specs.items()
		if spec["app"] in apps and frappe in spec.get("versions", (15, 16))
	}
	for app, targets in added:
		for target, columns in targets.items():
			for column, text in columns.items():
				if target in doctypes:
					doctypes[target].fields[column] = _field(column, text, frappe, custom_by=app)
	return Schema(frappe, apps, doctypes, raw)


def _read(path: Path) -> dict[str, Any]:
	with path.open("rb") as file:
		return tomllib.load(file)


def _doctype(name: str, spec: dict[str, Any], frappe: Frappe) -> DocType:
	def prop(key: str, default: Any) -> Any:
		value = spec.get(key, default)
		return value[str(frappe)] if isinstance(value, dict) else value

	fields = {}
	for column, text in spec["fields"].items():
		for variant in [text] if isinstance(text, str) else text:
			if _applies(variant, frappe):
				fields[column] = _field(column, variant, frappe)
	return DocType(
		name=name,
		app=spec["app"],
		module=prop("module", ""),
		kind=prop("kind", "table"),
		autoname=prop("autoname", ""),
		submittable=prop("submittable", False),
		track_changes=prop("track_changes", False),
		track_seen=prop("track_seen", False),
		engine=prop("engine", "InnoDB"),
		row_format=prop("row_format", "Dynamic"),
		sort=prop("sort", "creation"),
		perms=tuple(prop("perms", ())),
		indexes=tuple(_strip(text) for text in prop("indexes", ()) if _applies(text, frappe)),
		fields=fields,
		legacy=dict(spec.get("legacy", {})),
		bootstrapped="legacy" in spec,
	)


def _parts(text: str) -> list[str]:
	return text.split("; ")


def _applies(text: str, frappe: Frappe) -> bool:
	versions = [int(match[1]) for part in _parts(text) if (match := VERSION_FLAG.match(part))]
	return not versions or frappe in versions


def _strip(text: str) -> str:
	return "; ".join(part for part in _parts(text) if not VERSION_FLAG.match(part))


def _field(name: str, text: str, frappe: Frappe, custom_by: str = "") -> Field:
	head, *flags = _parts(text)
	fieldtype, _, options = head.partition(": ")
	values = dict(flag.split("=", 1) for flag in flags if "=" in flag)
	return Field(
		name=name,
		fieldtype=fieldtype,
		options=options.replace("|", "\n") if fieldtype == "Select" else options,
		default=values.get("default"),
		length=int(values.get("length", 0)),
		precision=values.get("precision", ""),
		reqd="reqd" in flags,
		unique="unique" in flags,
		index="index" in flags,
		virtual="virtual" in flags,
		notnull="notnull" in flags,
		on_submit="on_submit" in flags,
		custom_by=custom_by,
	)
