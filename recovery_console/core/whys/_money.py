"""What belongs to a payment: its invoice, payer, mandate, collection and batch, as the site's SEPA profile has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pypika import Order
from pypika.terms import Criterion

from recovery_console.core.backends.sql import table
from recovery_console.core.profile import resolve_profiles
from recovery_console.core.profile_model import Profile, Role
from recovery_console.core.site import Site

#: Roles whose documents can be asked about.
ASKED = ("mandate", "batch", "invoice", "payment", "bank_tx")
#: So many collections of a batch are looked at.
MOST_LINES = 1000
Row = dict[str, Any]


@dataclass
class Chain:
	"""One document, and what belongs to it. What is not there, or not mapped, is None.

	Args:
		profile: The profile that knows the document.
		role: The part that it plays.
		name: Its name.
		docstatus: 0 draft, 1 submitted, 2 cancelled.
	"""

	profile: Profile
	role: Role
	name: str
	docstatus: int
	invoice: Row | None = None
	party: Row | None = None
	mandate: Row | None = None
	batch: Row | None = None
	lines: list[Row] = field(default_factory=list)

	@property
	def collects(self) -> bool:
		"""Whether it is about collecting; else it is about money that has moved already."""
		return self.role.name in ("mandate", "batch", "invoice")

	@property
	def line(self) -> Row | None:
		"""The newest collection; of a batch, one that failed, if any did."""
		role = self.profile.role("line")
		if role is None or not self.lines:
			return None
		failed = [row for row in self.lines if role.logical(row.get("status")) == "failed"]
		return (failed or self.lines)[0] if self.role.name == "batch" else self.lines[0]

	def logical(self, role: str, row: Row | None) -> str:
		"""Return the logical status of a row."""
		return self.profile[role].logical(row.get("status")) if row is not None else ""


def role_of(site: Site, doctype: str) -> tuple[Profile, Role] | None:
	"""Return the profile and role that a DocType plays on this site; None where it plays none of those asked about."""
	for profile in resolve_profiles(site).profiles:
		for role in profile.roles:
			if role.name in ASKED and role.doctype == doctype:
				return profile, role
	return None


def asked_doctypes(site: Site) -> dict[str, str]:
	"""Return the DocTypes that can be asked about, with the part that each plays."""
	return {
		role.doctype: role.name
		for profile in reversed(resolve_profiles(site).profiles)
		for role in profile.roles
		if role.name in ASKED
	}


def follow(site: Site, profile: Profile, role: Role, name: str) -> Chain | None:
	"""Return a document with what belongs to it; None where there is no such document."""
	t = table(role.doctype)
	docstatus = site.db.value(site.db.from_(t).select(t.docstatus).where(t["name"] == name))
	if docstatus is None:
		return None
	chain = Chain(profile, role, name, int(docstatus))
	steps = {"mandate": _from_mandate, "batch": _from_batch, "invoice": _from_invoice}
	if role.name in steps and chain.docstatus < 2:
		steps[role.name](site, chain)
	return chain


def _from_mandate(site: Site, chain: Chain) -> None:
	chain.mandate = first(site, chain.role, id=chain.name)
	if chain.mandate is None or not chain.mandate.get("umr"):
		return
	_follow_lines(site, chain, umr=chain.mandate["umr"])


def _from_batch(site: Site, chain: Chain) -> None:
	_read_lines(site, chain, parent=chain.name)
	chain.batch = first(site, chain.role, id=chain.name)
	line = chain.line
	if line is not None and line.get("umr"):
		chain.mandate = _mandate(site, chain, umr=line["umr"])


def _from_invoice(site: Site, chain: Chain) -> None:
	chain.invoice = first(site, chain.role, id=chain.name)
	_follow_lines(site, chain, invoice=chain.name)
	line = chain.line
	if line is not None and line.get("umr"):
		chain.mandate = _mandate(site, chain, umr=line["umr"])
	customer = (chain.invoice or {}).get("customer")
	if customer and chain.profile.has("party.customer"):
		chain.party = first(site, chain.profile["party"], customer=customer)
	party = (chain.party or {}).get("id")
	if chain.mandate is None and party and chain.profile.has("mandate.party"):
		chain.mandate = _mandate(site, chain, party=party)


def _follow_lines(site: Site, chain: Chain, **values: Any) -> None:
	_read_lines(site, chain, **values)
	line = chain.line
	if line is not None and line.get("parent") and chain.profile.has("batch"):
		chain.batch = first(site, chain.profile["batch"], id=line["parent"])


def _read_lines(site: Site, chain: Chain, **values: Any) -> None:
	role = chain.profile.role("line")
	if role is None or not role.has(*values):
		return
	source = role.source()
	query = source.start(site.db).select(*source.pick(*role.fields))
	rows = site.db.run(
		query.where(_same(source, values)).orderby(source["creation"], order=Order.desc).limit(MOST_LINES)
	)
	chain.lines = rows


def _mandate(site: Site, chain: Chain, **values: Any) -> Row | None:
	"""Return the mandate with these values: an active one, if there is any."""
	role = chain.profile.role("mandate")
	if role is None or not role.has(*values):
		return None
	rows = read(site, role, **values)
	return next(
		(row for row in rows if role.logical(row.get("status")) == "active"), rows[0] if rows else None
	)


def first(site: Site, role: Role, **values: Any) -> Row | None:
	"""Return the first row of a role with these logical values."""
	return next(iter(read(site, role, **values)), None)


def read(site: Site, role: Role, **values: Any) -> list[Row]:
	"""Return rows of a role with these logical values, the newest first."""
	source = role.source()
	query = source.start(site.db).select(*source.pick(*role.fields)).where(_same(source, values))
	return site.db.run(query.orderby(source["creation"], order=Order.desc).limit(20))


def _same(source: Any, values: dict[str, Any]) -> Criterion:
	return Criterion.all(source[name] == value for name, value in values.items())


def masked(iban: Any) -> str:
	"""Return an IBAN for a sentence: its country and its last four."""
	text = "".join(str(iban or "").split())
	return f"{text[:2]}…{text[-4:]}" if len(text) > 8 else text[:2] + "…"


def status_of(rows: Iterable[Row], role: Role) -> dict[str, int]:
	"""Count rows by what their status means."""
	found: dict[str, int] = {}
	for row in rows:
		logical = role.logical(row.get("status"))
		found[logical] = found.get(logical, 0) + 1
	return found
