"""What hangs on what is affected: invoices of a batch, customers of invoices, members of mandates, and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pypika import functions as fn

from recovery_console.core.backends.queues import of_site
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.profile import resolve_profiles
from recovery_console.core.profile_model import Profile, Role
from recovery_console.core.site import Site

#: So many names stand in one query.
_PAGE = 500
#: Of a queue no more jobs are told apart by site.
_MOST_JOBS = 50_000
_CENT = Decimal("0.01")
#: Role -> what the documents that play it are to the business.
_KINDS = {
	"mandate": "mandates",
	"batch": "batches",
	"invoice": "invoices",
	"payment": "payments",
	"bank_tx": "bank_lines",
	"import_run": "imports",
}
#: Logical links, in the order in which they are followed: from a role, by its field, to a role.
_LINKS = (
	("line", "invoice", "invoice"),
	("line", "party", "party"),
	("retry", "invoice", "invoice"),
	("retry", "party", "party"),
	("mandate", "party", "party"),
)
#: Role -> fields that add up to its amount, and its currency where it has one.
_AMOUNTS = {
	"invoice": (("total",), "currency"),
	"batch": (("total",), "currency"),
	"payment": (("amount",), ""),
	"bank_tx": (("in", "out"), ""),
}
#: Columns that hold a currency where the profile names none.
_CURRENCIES = ("currency", "paid_from_account_currency")
#: Mails that somebody still waits for.
_UNSENT = ("Not Sent", "Partially Sent", "Sending")


@dataclass
class Reached:
	"""Affected documents of one DocType.

	Args:
		names: Those whose names are known.
		unnamed: How many more there are at most in one problem.
		whole: Their names are all known.
		through: No finding names them.
		amounts: What the named ones come to, by currency.
	"""

	names: set[str] = field(default_factory=set)
	unnamed: int = 0
	whole: bool = True
	through: bool = False
	amounts: dict[str, Decimal] = field(default_factory=dict)
	problems: int = 0

	@property
	def number(self) -> int:
		"""How many there are, or how many there are at least."""
		return len(self.names) + self.unnamed

	@property
	def exact(self) -> bool:
		"""Whether the number is exact: names of two problems may be the same, numbers cannot tell."""
		return self.whole or (self.problems == 1 and bool(self.unnamed) and not self.amounts)

	def add(self, names: Iterable[str], unnamed: int = 0, *, whole: bool = True) -> None:
		"""Add the documents of one more problem."""
		self.names.update(names)
		self.unnamed = max(self.unnamed, unnamed)
		self.whole &= whole
		self.problems += 1


@dataclass(frozen=True)
class Linked:
	"""What is affected, with all that hangs on it; what DocTypes are to the business; the profiles that say so."""

	reached: dict[str, Reached]
	kinds: Mapping[str, str]
	profiles: tuple[str, ...]


def follow_links(site: Site, named: Mapping[str, Reached], most: int) -> Linked:
	"""Return what is affected with everything that hangs on it, and with amounts.

	Args:
		site: The site.
		named: What findings name, by DocType.
		most: So many documents of one DocType are followed.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	reached = dict(named)
	profiles = resolve_profiles(site).profiles
	kinds: dict[str, str] = {}
	for profile in profiles:
		for role in profile.roles:
			if role.name == "party" and role.doctype != "Customer":
				kinds.setdefault(role.doctype, "members")
			elif role.name in _KINDS:
				kinds.setdefault(role.doctype, _KINDS[role.name])
	if profiles:
		walk = _Walk(site, profiles[0], reached, most)
		walk.follow()
		walk.add_amounts()
	return Linked(reached, kinds, tuple(profile.id for profile in profiles))


class _Walk:
	"""Follows links from what is affected, in one profile: the most specific one knows all roles of the others."""

	def __init__(self, site: Site, profile: Profile, reached: dict[str, Reached], most: int) -> None:
		self.site, self.profile, self.reached, self.most = site, profile, reached, most
		self.cut = False

	def follow(self) -> None:
		self._lines_of_batches()
		for start, path, target in _LINKS:
			self._follow(start, path, target)
		self._customers()
		self._members()
		lines = self.profile.role("line")
		if lines is not None:
			self.reached.pop(lines.doctype, None)  # what they collect is told as invoices and members

	def add_amounts(self) -> None:
		"""Add up what invoices, batches, payments and bank lines come to."""
		for name, (paths, currency) in _AMOUNTS.items():
			role = self.profile.role(name)
			if role is not None and role.has(*paths) and role.doctype in self.reached:
				self._add_up(role, paths, currency, self.reached[role.doctype])

	def _lines_of_batches(self) -> None:
		batch, line = self.profile.role("batch"), self.profile.role("line")
		if batch is None or line is None or batch.doctype not in self.reached:
			return
		found = self._read(line, "id_of_row", ("parent",), self._names(batch.doctype), by="parent")
		self._reach(line.doctype, [row["id_of_row"] for row in found], self.reached[batch.doctype])

	def _follow(self, start: str, path: str, target: str) -> None:
		role, other = self.profile.role(start), self.profile.role(target)
		if role is None or other is None or not role.has(path) or role.doctype not in self.reached:
			return
		rows = self._read(role, "id_of_row", (path,), self._names(role.doctype))
		self._reach(other.doctype, [row[path] for row in rows], self.reached[role.doctype])

	def _customers(self) -> None:
		"""Reach the customers of invoices, payments and members."""
		for name, path in (("invoice", "customer"), ("payment", "party"), ("party", "customer")):
			role = self.profile.role(name)
			if role is None or role.doctype not in self.reached or not role.has(path):
				continue
			if role.doctype == "Customer" or not self.site.has_doctype("Customer"):
				continue
			paths = (path, "party_type") if role.has("party_type") else (path,)
			rows = self._read(role, "id_of_row", paths, self._names(role.doctype))
			customers = [row[path] for row in rows if row.get("party_type", "Customer") == "Customer"]
			self._reach("Customer", customers, self.reached[role.doctype])

	def _members(self) -> None:
		"""Reach the members who are customers that are affected."""
		party = self.profile.role("party")
		if party is None or party.doctype == "Customer" or "Customer" not in self.reached:
			return
		if party.has("customer"):
			rows = self._read(party, "id_of_row", ("customer",), self._names("Customer"), by="customer")
			self._reach(party.doctype, [row["id_of_row"] for row in rows], self.reached["Customer"])

	def _names(self, doctype: str) -> Sequence[str]:
		names = sorted(self.reached[doctype].names)
		self.cut = len(names) > self.most or not self.reached[doctype].whole
		return names[: self.most]

	def _reach(self, doctype: str, names: Iterable[Any], origin: Reached) -> None:
		found = {str(name) for name in names if name}
		if not found:
			return
		new = doctype not in self.reached
		target = self.reached.setdefault(doctype, Reached(through=True))
		if new or found - target.names:
			target.add(found, whole=origin.whole and not self.cut)

	def _read(
		self, role: Role, own: str, paths: Sequence[str], names: Sequence[str], by: str = ""
	) -> Iterator[dict[str, Any]]:
		"""Yield columns of a role's documents that have one of these names, or one of these values of ``by``."""
		for start in range(0, len(names), _PAGE):
			source = role.source()
			key = source[by] if by else source.table["name"]
			columns = [source.table["name"].as_(own), *source.pick(*paths)]
			query = (
				source.start(self.site.db)
				.select(*columns)
				.where(key.isin(list(names[start : start + _PAGE])))
			)
			yield from self.site.db.run(query.limit(20 * _PAGE))

	def _add_up(self, role: Role, paths: Sequence[str], currency: str, reached: Reached) -> None:
		column = currency if currency and role.has(currency) else ""
		plain = next((name for name in _CURRENCIES if self.site.has_doctype(role.doctype, name)), "")
		for page in _pages(self._names(role.doctype)):
			source = role.source()
			unit = source[column] if column else source.table[plain] if plain else None
			sums = [fn.Sum(source[path]).as_(f"sum_of_{path}") for path in paths]
			query = source.start(self.site.db).where(source.table["name"].isin(page))
			if unit is not None:
				query = query.select(unit.as_("unit")).groupby(unit)
			for row in self.site.db.run(query.select(*sums)):
				amount = sum((_decimal(row[f"sum_of_{path}"]) for path in paths), Decimal(0))
				if amount:
					name = str(row.get("unit") or "")
					reached.amounts[name] = reached.amounts.get(name, Decimal(0)) + amount


def waiting(site: Site, families: set[str], unknown: list[str]) -> dict[str, Reached]:
	"""Return what waits because mail or background jobs do not work: mails and jobs, by number."""
	found: dict[str, Reached] = {}
	if "email" in families and site.has_doctype("Email Queue"):
		t = table("Email Queue")
		_count(found, "Email Queue", site.db.count(site.db.from_(t).where(t.status.isin(list(_UNSENT)))))
	if families & {"jobs", "scheduler"}:
		try:
			own = (
				of_site(site.queue.waiting_ids(queue, _MOST_JOBS), site.name) for queue in site.queue.names()
			)
			_count(found, "RQ Job", sum(len(ids) for ids in own))
		except SourceUnavailable as error:
			unknown.append(error.reason)
	return found


def _count(found: dict[str, Reached], doctype: str, number: int) -> None:
	if number:
		found[doctype] = Reached(unnamed=number, whole=False, through=True, problems=1)


def _pages(names: Sequence[str]) -> Iterator[list[str]]:
	for start in range(0, len(names), _PAGE):
		yield list(names[start : start + _PAGE])


def _decimal(value: Any) -> Decimal:
	try:
		return Decimal(str(value or 0)).quantize(_CENT)
	except InvalidOperation:
		return Decimal(0)
