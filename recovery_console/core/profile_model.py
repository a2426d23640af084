"""What a SEPA profile is: roles, each with a DocType, its fields and its statuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import Bind, DocTable, table
from recovery_console.core.errors import ConsoleError
from recovery_console.core.finding import _
from recovery_console.core.meta import aliased
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: What a value that no logical status lists is counted as.
OTHER = "other"

#: Role -> how it is called in sentences, and the logical statuses it may use.
ROLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
	"creditor": (_("the creditor"), ()),
	"party": (_("payers"), ("pending", "active", "suspended", "left")),
	"bank_account": (_("bank accounts"), ()),
	"mandate": (
		_("direct debit mandates"),
		("draft", "active", "suspended", "cancelled", "expired", "done"),
	),
	"usage": (_("the use of mandates"), ()),
	"batch": (
		_("direct debit batches"),
		("draft", "file_made", "sent", "done", "failed", "cancelled"),
	),
	"line": (_("collections in batches"), ("open", "sent", "paid", "failed")),
	"invoice": (_("invoices"), ("draft", "open", "paid", "cancelled")),
	"payment": (_("payments"), ("draft", "done", "cancelled")),
	"bank_tx": (_("bank transactions"), ("draft", "open", "done", "cancelled")),
	"retry": (_("payment retries"), ("waiting", "scheduled", "done", "failed")),
	"return_log": (_("return files"), ("running", "done", "partial", "failed")),
	"import_run": (_("imports"), ("pending", "running", "done", "partial", "failed")),
	"account_request": (_("account requests"), ("waiting", "running", "done", "failed")),
	"bulk_op": (_("bulk operations"), ("waiting", "running", "done", "failed")),
	"consent": (_("bank consents"), ()),
}
#: Roles of which a profile may have several.
REPEATED = frozenset({"import_run"})

Value = str | int


class ProfileError(ConsoleError):
	"""A profile cannot be used as it is written."""

	exit_status = 65


@dataclass(frozen=True)
class Role:
	"""What plays one part on a site.

	Args:
		name: The part, such as ``mandate``.
		doctype: The DocType that plays it; a child table is named by its own DocType.
		kind: Tells several of the same part apart, such as ``member_csv`` among imports.
		single: The DocType is a single one.
		filters: Physical columns and the value, or values, that a row must have to count.
		fields: Logical name -> path: ``column``, ``link>column`` or ``=constant``.
		links: Link column -> DocType, for the paths that follow one.
		status: Logical status -> values of the status field.
		stray: The same, for values that the app's code writes although the field's options lack them.
		choice: Logical field -> values that make a row count for direct debit, such as a payment method.
	"""

	name: str
	doctype: str
	kind: str = ""
	single: bool = False
	filters: Mapping[str, Value | Sequence[Value]] = field(default_factory=dict)
	fields: Mapping[str, str] = field(default_factory=dict)
	links: Mapping[str, str] = field(default_factory=dict)
	status: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
	stray: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
	choice: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

	def has(self, *fields: str) -> bool:
		"""Tell whether this role maps all these logical fields."""
		return all(name in self.fields for name in fields)

	def values(self, *logical: str) -> list[Value]:
		"""Return the values that mean one of these logical statuses, stray ones included."""
		return [
			value for name in logical for known in (self.status, self.stray) for value in known.get(name, ())
		]

	def logical(self, value: Any) -> str:
		"""Return the logical status that a value of the status field means; ``other`` for an unknown one."""
		for known in (self.status, self.stray):
			for name, values in known.items():
				if any(str(value) == str(each) for each in values):
					return name
		return OTHER

	def source(self, alias: str = "") -> Source:
		"""Return this role as something to select from."""
		return Source(self, alias or self.name)

	def read_single(self, site: Site) -> dict[str, str]:
		"""Return the logical fields of a single DocType; empty text for what was never saved."""
		t = table("Singles")
		rows = site.db.run(site.db.from_(t).select(t["field"], t.value).where(t.doctype == self.doctype))
		saved = {row["field"]: str(row["value"] or "").strip() for row in rows}
		return {
			name: path[1:] if path.startswith("=") else saved.get(path, "")
			for name, path in self.fields.items()
		}

	def read_all(self, site: Site) -> list[dict[str, str]]:
		"""Return the logical fields of every document, for a role that few documents play."""
		if self.single:
			return [self.read_single(site)]
		source = self.source()
		rows = site.db.run(source.start(site.db).select(*source.pick(*self.fields)).limit(100))
		return [{name: str(value or "").strip() for name, value in row.items()} for row in rows]

	def columns(self) -> dict[str, set[str]]:
		"""Return the columns that this role reads, by DocType."""
		used: dict[str, set[str]] = {self.doctype: set(self.filters)}
		for path in self.fields.values():
			link, _arrow, target = path.rpartition(">")
			if path.startswith("="):
				continue
			used[self.doctype].add(link or target)
			if link:
				used.setdefault(self.links[link], set()).add(target)
		return used


class Source:
	"""A role in a query: its columns by logical name. ``start`` it, or ``join`` it to another."""

	def __init__(self, role: Role, alias: str) -> None:
		self.role = role
		self.table: DocTable = aliased(role.doctype, alias)
		self._linked = {
			link: aliased(doctype, f"{alias}_{link}")
			for link, doctype in role.links.items()
			if any(path.startswith(f"{link}>") for path in role.fields.values())
		}

	def __getitem__(self, logical: str) -> Any:
		"""Return the column of a logical field; ``modified``, ``docstatus`` and the like name themselves."""
		path = self.role.fields.get(logical, logical)
		if path.startswith("="):
			return Bind(path[1:])
		link, _arrow, column = path.rpartition(">")
		return self._linked[link][column] if link else self.table[column]

	def pick(self, *logical: str) -> list[Term]:
		"""Return columns to select, each under its logical name."""
		return [self[name].as_(name) for name in logical]

	def is_(self, *statuses: str) -> Criterion:
		"""Return the condition that the status is one of these logical ones; false when none is mapped."""
		values = self.role.values(*statuses)
		return self["status"].isin(values) if values else Bind(1) == Bind(0)

	def chosen(self) -> Criterion:
		"""Return the condition that a row counts for direct debit; true where the profile does not say."""
		return Criterion.all(
			self[name].isin(list(values)) for name, values in self.role.choice.items() if self.role.has(name)
		)

	def matches(self) -> list[Criterion]:
		"""Return the role's own filters."""
		return [
			self.table[column].isin(list(value))
			if isinstance(value, (list, tuple))
			else self.table[column] == value
			for column, value in self.role.filters.items()
		]

	def start(self, db: Database) -> QueryBuilder:
		"""Return a query on the rows of this role."""
		query = self._follow_links(db.from_(self.table))
		return query.where(Criterion.all(self.matches()))

	def join(self, query: QueryBuilder, on: Criterion, *, optional: bool = False) -> QueryBuilder:
		"""Return a query with the rows of this role joined to it."""
		joined = query.left_join(self.table) if optional else query.join(self.table)
		return self._follow_links(joined.on(Criterion.all([on, *self.matches()])))

	def _follow_links(self, query: QueryBuilder) -> QueryBuilder:
		for link, target in self._linked.items():
			query = query.left_join(target).on(target["name"] == self.table[link])
		return query


@dataclass(frozen=True)
class Profile:
	"""Where one kind of site keeps what.

	Args:
		id: Its name in fingerprints and in ``extends``.
		title: Its name for readers.
		requires: It fits sites that have all these DocTypes.
		extends: The profile whose roles it takes over where it has none of its own.
		roles: What plays which part.
		own: It is the site's own and fits because somebody says so.
		missing: Once resolved: what it maps that this site lacks, as ``DocType`` or ``DocType.column``.
	"""

	id: str
	title: str
	requires: tuple[str, ...] = ()
	extends: str = ""
	roles: tuple[Role, ...] = ()
	own: bool = False
	missing: tuple[str, ...] = ()

	def role(self, name: str) -> Role | None:
		return next((role for role in self.roles if role.name == name), None)

	def __getitem__(self, name: str) -> Role:
		"""Return a role that is known to be there."""
		role = self.role(name)
		if role is None:
			raise KeyError(name)
		return role

	def has(self, *paths: str) -> bool:
		"""Tell whether it maps all of these: ``role`` or ``role.field``."""
		for path in paths:
			name, _dot, logical = path.partition(".")
			role = self.role(name)
			if role is None or (logical and not role.has(logical)):
				return False
		return True
