"""SEPA profiles: where a site keeps its mandates, collections, bank lines and imports, as data.

A check asks for roles (``mandate``) and logical fields (``iban``); a profile says which DocType and column that
is here. Profiles lie in ``core/profiles/*.toml``; a site adds its own as documents of ``SEPA Profile``. How to
write one stands in ``docs/sepa-profiles.md``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pypika.queries import QueryBuilder
from pypika.terms import Criterion, Term

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import Bind, DocTable, table
from recovery_console.core.errors import ConsoleError, NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.meta import Fields, aliased, is_column, read_fields
from recovery_console.core.site import Site

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

FOLDER = Path(__file__).parent / "profiles"
#: DocType in which a site keeps its own profiles.
DOCTYPE = "SEPA Profile"
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


@dataclass(frozen=True)
class Resolved:
	"""The profiles of a site.

	Args:
		profiles: Those that fit, the most specific first, reduced to what the site has.
		fields: The fields of every DocType that they name, as the site defines them.
		problems: What is wrong with the site's own profiles, by their name.
		site: Name of the site.
	"""

	profiles: tuple[Profile, ...]
	fields: Mapping[str, Fields]
	problems: Mapping[str, str]
	site: str = ""


# -- what a check asks


def profiles_with(site: Site, *paths: str) -> list[Profile]:
	"""Return the site's profiles that map all of ``paths`` (``role`` or ``role.field``).

	Two profiles that mean the same tables count once.

	Raises:
		NotApplicable: None does, so the check's question makes no sense here.
	"""
	found: dict[tuple[Any, ...], Profile] = {}
	resolved = resolve_profiles(site)
	names = list(dict.fromkeys(path.partition(".")[0] for path in paths))
	for profile in resolved.profiles:
		if profile.has(*paths):
			key = tuple((profile[name].doctype, str(profile[name].filters)) for name in names)
			found.setdefault(key, profile)
	if not found:
		raise NotApplicable(_why_none(resolved.profiles, paths))
	return list(found.values())


def import_runs(site: Site) -> list[Role]:
	"""Return every kind of import that the site's profiles know, each once."""
	runs = {
		role.doctype: role
		for profile in reversed(resolve_profiles(site).profiles)
		for role in profile.roles
		if role.name == "import_run"
	}
	return list(runs.values())


def _why_none(profiles: Sequence[Profile], paths: Sequence[str]) -> str:
	for path in paths:
		name, _dot, logical = path.partition(".")
		having = [profile for profile in profiles if profile.has(name)]
		if not having:
			return _("No SEPA profile that fits this site says where it keeps {0}.").format(ROLES[name][0])
		if not any(profile.has(path) for profile in having):
			return _("The SEPA profile {0} does not say where {1} keep their {2}.").format(
				having[0].title, ROLES[name][0], logical
			)
	return _("No single SEPA profile of this site maps {0}.").format(", ".join(paths))


# -- which profiles fit


def resolve_profiles(site: Site) -> Resolved:
	"""Return the profiles that fit this site, shipped ones and its own; read once per diagnosis."""
	return site.remember("profiles", lambda: _resolve(site))


def _resolve(site: Site) -> Resolved:
	own, switched_off, problems = read_own_profiles(site)
	shipped = [profile for profile in shipped_profiles() if profile.id not in switched_off]
	known = {profile.id: profile for profile in (*shipped_profiles(), *own)}
	merged = []
	for profile in {profile.id: profile for profile in (*shipped, *own)}.values():
		try:
			merged.append(_with_base(profile, known))
		except ProfileError as error:
			problems[profile.title] = error.message
	needed = {doctype for profile in merged for doctype in _doctypes(profile)}
	fields = read_fields(site, needed)
	fitting = [
		_reduce(site, profile, fields)
		for profile in merged
		if profile.own or all(doctype in fields for doctype in profile.requires)
	]
	covered = {profile.extends for profile in fitting}
	kept = [profile for profile in fitting if profile.own or profile.id not in covered]
	kept.sort(key=lambda profile: (not profile.own, -len(profile.roles), profile.id))
	return Resolved(tuple(kept), fields, problems, site.name)


def _with_base(profile: Profile, known: Mapping[str, Profile], depth: int = 0) -> Profile:
	if not profile.extends:
		return profile
	if profile.extends not in known or depth > len(known):
		raise ProfileError(
			_("It extends the profile {0}, which does not exist or leads back to itself.").format(
				profile.extends
			),
			remedy=_("Name one of: {0}.").format(", ".join(sorted(known))),
		)
	base = _with_base(known[profile.extends], known, depth + 1)
	own = {(role.name, role.kind) for role in profile.roles}
	return replace(
		profile,
		roles=(*profile.roles, *(role for role in base.roles if (role.name, role.kind) not in own)),
	)


def _doctypes(profile: Profile) -> set[str]:
	return {*profile.requires, *(doctype for role in profile.roles for doctype in role.columns())}


def _reduce(site: Site, profile: Profile, fields: Mapping[str, Fields]) -> Profile:
	"""Leave out what the site lacks, and say what that is."""
	tables = {role.doctype for role in profile.roles if not role.single}
	site.db.learn(f"tab{doctype}" for doctype in _doctypes(profile))
	missing: set[str] = set()
	roles = []
	for role in profile.roles:
		if role.doctype not in fields or (role.doctype in tables and not site.has_doctype(role.doctype)):
			missing.add(role.doctype)
			continue
		lacking = _lacking(site, role, fields)
		missing |= lacking
		kept = {name: path for name, path in role.fields.items() if not _touches(role, path, lacking)}
		if not any(f"{role.doctype}.{column}" in lacking for column in role.filters):
			roles.append(replace(role, fields=kept))
	return replace(profile, roles=tuple(roles), missing=tuple(sorted(missing)))


def _lacking(site: Site, role: Role, fields: Mapping[str, Fields]) -> set[str]:
	return {
		f"{doctype}.{column}"
		for doctype, columns in role.columns().items()
		for column in columns
		if not is_column(column, fields.get(doctype, {}))
		or (not role.single and not site.has_doctype(doctype, column))
	}


def _touches(role: Role, path: str, lacking: set[str]) -> bool:
	link, _arrow, column = path.rpartition(">")
	own, target = f"{role.doctype}.{link or column}", f"{role.links.get(link)}.{column}"
	return own in lacking or (bool(link) and target in lacking)


# -- reading profiles


@lru_cache(maxsize=1)
def shipped_profiles() -> tuple[Profile, ...]:
	"""Return the profiles in ``core/profiles``, found by being there."""
	return tuple(
		parse_profile(tomllib.loads(path.read_text(encoding="utf-8")), default_id=path.stem)
		for path in sorted(FOLDER.glob("*.toml"))
	)


def read_own_profiles(site: Site) -> tuple[list[Profile], set[str], dict[str, str]]:
	"""Return what the site says about profiles in its documents.

	Returns:
		Its own profiles that are enabled; the ids of shipped ones that it switched off; what is wrong with its
		own, by name.
	"""
	profiles: list[Profile] = []
	switched_off: set[str] = set()
	problems: dict[str, str] = {}
	if not site.has_doctype(DOCTYPE, "enabled", "definition"):
		return profiles, switched_off, problems
	t = table(DOCTYPE)
	standard = t.is_standard if site.has_doctype(DOCTYPE, "is_standard") else Bind(0)
	rows = site.db.run(
		site.db.from_(t).select(t["name"], t.enabled, standard.as_("standard"), t.definition).limit(100)
	)
	for row in rows:
		if row["standard"]:
			switched_off |= set() if row["enabled"] else {row["name"]}
		elif row["enabled"]:
			try:
				data = parse_text(row["definition"] or "")
				profiles.append(replace(parse_profile(data, default_id=row["name"]), own=True))
			except ProfileError as error:
				problems[row["name"]] = error.message
	return profiles, switched_off, problems


def parse_text(text: str) -> dict[str, Any]:
	"""Read a definition, which is TOML or JSON.

	Raises:
		ProfileError: It is neither.
	"""
	try:
		data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
	except ValueError as error:
		raise ProfileError(
			_("Its definition is neither TOML nor JSON: {0}.").format(error),
			remedy=_("Compare it with a profile in core/profiles."),
		) from error
	return dict(data)


def parse_profile(data: Mapping[str, Any], *, default_id: str) -> Profile:
	"""Build a profile from its definition.

	Raises:
		ProfileError: It names a role, status or path that does not exist, lacks a DocType, or is not built like
			a profile.
	"""
	try:
		roles = [
			_parse_role(name, one)
			for name, entry in data.get("roles", {}).items()
			for one in (entry if isinstance(entry, list) else [entry])
		]
	except (AttributeError, TypeError, ValueError) as error:
		raise ProfileError(
			_("It is not built like a profile: {0}.").format(error),
			remedy=_("Compare it with a profile in core/profiles."),
		) from error
	profile_id = str(data.get("id") or default_id)
	return Profile(
		id=profile_id,
		title=str(data.get("title") or profile_id),
		requires=_texts(data.get("requires", ())),
		extends=str(data.get("extends") or ""),
		roles=tuple(roles),
	)


def _parse_role(name: str, data: Any) -> Role:
	if name not in ROLES or not isinstance(data, Mapping) or not data.get("doctype"):
		raise _wrong(
			_("Role {0} is unknown, or names no doctype.").format(name), _("Roles are: {0}."), sorted(ROLES)
		)
	statuses = ROLES[name][1]
	for logical in (*data.get("status", {}), *data.get("stray", {})):
		if logical not in statuses:
			raise _wrong(_("{0} has no status {1}.").format(name, logical), _("It has: {0}."), statuses)
	role = Role(
		name=name,
		doctype=str(data["doctype"]),
		kind=str(data.get("kind", "")),
		single=bool(data.get("single")),
		filters=dict(data.get("filters", {})),
		fields={str(key): str(path) for key, path in data.get("fields", {}).items()},
		links={str(key): str(target) for key, target in data.get("links", {}).items()},
		status={key: tuple(values) for key, values in data.get("status", {}).items()},
		stray={key: tuple(values) for key, values in data.get("stray", {}).items()},
		choice={key: tuple(values) for key, values in data.get("choice", {}).items()},
	)
	for path in role.fields.values():
		_check_path(role, path)
	return role


def _check_path(role: Role, path: str) -> None:
	link, arrow, column = path.rpartition(">")
	if path.startswith("="):
		return
	if "." in path or not column or (arrow and link not in role.links):
		raise _wrong(
			_("{0} maps {1!r}, which is no path.").format(role.name, path),
			_("Write {0}; name the DocType of a link under links."),
			("column", "link>column", "=constant"),
		)


def _wrong(message: str, remedy: str, choices: Iterable[str]) -> ProfileError:
	return ProfileError(message, remedy=remedy.format(", ".join(choices)))


def _texts(value: Any) -> tuple[str, ...]:
	return (value,) if isinstance(value, str) else tuple(str(item) for item in value)
