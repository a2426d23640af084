"""One pass over mandates or bank accounts: which IBANs, BICs and references are wrong.

The checks that ask about the same rows share one pass. A process that lives on, such as a web worker, repeats it
only when these rows have changed since, which the database tells by a sum over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.sql import Fn
from recovery_console.core.checks.sepa._query import HASHES
from recovery_console.core.finding import most_subjects
from recovery_console.core.profile_model import Role, Source
from recovery_console.core.site import Site

PAGE = 20_000
#: Class of the error that schwifty raises -> what is wrong with an IBAN.
CODES = {
	"InvalidLength": "length",
	"InvalidStructure": "characters",
	"InvalidCountryCode": "country",
	"InvalidChecksumDigits": "check_digits",
}
#: Joined SEPA in 2024-26; schwifty does not know it yet.
NEW_IN_SEPA = frozenset({"AL", "MD", "ME", "MK", "RS"})
#: Country of an IBAN -> other countries that its bank's BIC may name.
SHARED_IBANS = {
	"GB": frozenset({"GG", "IM", "JE"}),
	"FR": frozenset({"BL", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}),
}
_BIC = re.compile(r"[A-Z0-9]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_UMR = re.compile(r"[A-Za-z0-9/?:().,'+ -]+")
_BLANKS = re.compile(r"\s+")
#: Letters as the check of an IBAN counts them, and check digits that would pass it but are never given out.
_NUMBERS = str.maketrans({letter: str(int(letter, 36)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
_NO_CHECK_DIGITS = frozenset({"00", "01", "99"})


@dataclass
class Found:
	"""Rows with the same mistake: exactly how many, and the first of them."""

	count: int = 0
	names: list[str] = field(default_factory=list)

	def add(self, name: str) -> None:
		self.count += 1
		if len(self.names) < most_subjects():
			self.names.append(name)


@dataclass
class Scan:
	"""What one pass found: mistakes by their code, such as ``iban.length`` or ``bic.country``."""

	looked_at: int = 0
	mistakes: dict[str, Found] = field(default_factory=dict)

	def add(self, code: str, name: str) -> None:
		if code:
			self.mistakes.setdefault(code, Found()).add(name)

	def of(self, kind: str) -> dict[str, Found]:
		"""Return the mistakes of one kind (``iban``, ``bic``, ``umr``) by the rest of their code."""
		return {
			code.partition(".")[2]: found
			for code, found in sorted(self.mistakes.items())
			if code.startswith(f"{kind}.")
		}


def scan(site: Site, role: Role, own: frozenset[str] = frozenset()) -> Scan:
	"""Look at every active row of a role once; the result is shared by the checks of a diagnosis.

	Args:
		site: The site.
		role: ``mandate`` or ``bank_account``.
		own: The creditor's own IBANs, from which nothing can be collected.
	"""
	return site.remember(
		f"sepa.scan:{role.doctype}:{role.filters}", lambda: _scan_if_changed(site, role, own)
	)


#: What the last pass of this process found, per site and role, and for which rows.
_last: dict[tuple[str, str, str], tuple[Any, Scan]] = {}


def _scan_if_changed(site: Site, role: Role, own: frozenset[str]) -> Scan:
	place = (str(site.path), role.doctype, str(role.filters))
	state = _state(site, role)
	if state is not None and place in _last and _last[place][0] == (state, own):
		return _last[place][1]
	result = _scan(site, role, own)
	if state is not None:
		_last[place] = ((state, own), result)
	return result


def _state(site: Site, role: Role) -> Any:
	"""Return a number that differs when any row that a pass looks at does; None where the database cannot tell."""
	if site.db.dialect not in HASHES:  # there every look is a pass
		return None
	source = role.source()
	query, columns = _query(site, source)
	row = Fn("CONCAT_WS", "|", *(Fn("COALESCE", Fn("CONCAT", column), "") for column in columns.values()))
	total = fn.Sum(Fn(HASHES[site.db.dialect], row))
	found = site.db.run(query.select(fn.Count("*").as_("rows"), total.as_("total")))[0]
	return int(found["rows"]), int(found["total"] or 0)


def _scan(site: Site, role: Role, own: frozenset[str]) -> Scan:
	result = Scan()
	for row in _rows(site, role.source()):
		result.looked_at += 1
		name, text = str(row["id"]), row.get("iban") or ""
		compact = text if text.isalnum() and text.isupper() else _BLANKS.sub("", text).upper()
		code = "own" if compact in own else iban_mistake(text)
		if code:
			result.add(f"iban.{code}", name)
		if row.get("bic"):
			result.add(_prefixed("bic", bic_mistake(row["bic"], compact[:2])), name)
		if "umr" in row:
			result.add(_prefixed("umr", umr_mistake(row["umr"] or "")), name)
	return result


def _prefixed(kind: str, code: str) -> str:
	return f"{kind}.{code}" if code else ""


def _rows(site: Site, source: Source) -> Iterator[dict[str, Any]]:
	"""Yield the active rows page by page along the primary key: memory stays bounded."""
	query, columns = _query(site, source)
	selected = [column.as_(name) for name, column in columns.items()]
	query = query.select(*selected).orderby(source["id"]).limit(PAGE)
	last: Any = None
	while True:
		page = site.db.run(query if last is None else query.where(source["id"] > last))
		yield from page
		if len(page) < PAGE:
			return
		last = page[-1]["id"]


def _query(site: Site, source: Source) -> tuple[QueryBuilder, dict[str, Any]]:
	"""Return a query on the active rows, and the columns that a pass looks at."""
	columns = {name: source[name] for name in ("id", "iban", "bic", "umr") if source.role.has(name)}
	query = source.start(site.db)
	if source.role.name == "mandate":
		query = query.where(source.is_("active"))
	return query, columns


def iban_mistake(text: str) -> str:
	"""Say what is wrong with an IBAN: a code, or an empty text.

	``spaced`` is a valid one that is not stored compactly and in upper case.
	"""
	if _is_right(text):
		return ""
	if not text.strip():
		return "missing"
	from schwifty import (
		IBAN,
	)  # only here and where a country is new: loading it takes longer than most checks
	from schwifty.exceptions import SchwiftyException

	try:
		iban = IBAN(text)
	except SchwiftyException as error:
		return CODES.get(type(error).__name__, "characters")
	if not _in_sepa(iban[:2]):
		return "outside"
	return "" if str(iban) == text else "spaced"


def _is_right(text: str) -> bool:
	"""Tell whether an IBAN is valid, within SEPA and stored compactly: the short way for nearly all of them."""
	if not (text.isascii() and text.isalnum() and text.isupper() and text[2:4].isdigit()):
		return False
	form = _form(text[:2])
	if form is None or len(text) != form[0] or not form[1].match(text[4:]):
		return False
	return text[2:4] not in _NO_CHECK_DIGITS and int((text[4:] + text[:4]).translate(_NUMBERS)) % 97 == 1


@lru_cache(maxsize=512)
def _form(country: str) -> tuple[int, re.Pattern[str]] | None:
	"""Return the length of a country's IBANs and the form of what follows the check digits; None outside SEPA."""
	from schwifty import IBAN
	from schwifty.exceptions import SchwiftyException

	try:
		spec = IBAN(f"{country}00", allow_invalid=True).spec
		if not hasattr(spec, "regex"):  # schwifty before 2025 keeps it in a dict
			return (spec["iban_length"], spec["regex"]) if _in_sepa(country) else None
		return (spec.iban_length, spec.regex) if _in_sepa(country) else None
	except SchwiftyException:
		return None


@lru_cache(maxsize=512)
def _in_sepa(country: str) -> bool:
	"""Tell whether direct debits reach a country; asked once per country, not once per IBAN."""
	from schwifty import IBAN

	if country in NEW_IN_SEPA:
		return True
	return bool(IBAN(f"{country}00", allow_invalid=True).in_sepa_zone)


def bic_mistake(text: str, country: str) -> str:
	"""Say what is wrong with a BIC beside an IBAN of this country: a code, or an empty text."""
	found = _BIC.fullmatch(text) or _BIC.fullmatch(_BLANKS.sub("", text).upper())
	if not found:
		return "malformed"
	if not country or found[1] == country or found[1] in SHARED_IBANS.get(country, ()):
		return ""
	return "country"


def umr_mistake(text: str) -> str:
	"""Say what is wrong with a mandate reference: a code, or an empty text."""
	if not text.strip():
		return "missing"
	if len(text) > 35:
		return "length"
	if not _UMR.fullmatch(text) or text.startswith("/") or text.endswith("/") or "//" in text:
		return "characters"
	return ""
