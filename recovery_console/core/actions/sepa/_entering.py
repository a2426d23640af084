"""What is wrong with mandates before they are entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from recovery_console.core.actions.sepa._rows import compact
from recovery_console.core.checks.sepa._accounts import bic_mistake, iban_mistake, umr_mistake
from recovery_console.core.checks.sepa._iban_texts import IBAN_TEXTS
from recovery_console.core.checks.sepa._query import folded, own_ibans, today
from recovery_console.core.finding import _
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

PAGE = 500
_BIC = {
	"malformed": _("the BIC does not have the form of one"),
	"country": _("the BIC is of another country than the IBAN"),
}
_REFERENCE = {
	"missing": _("the reference is empty"),
	"length": _("the reference is longer than 35 characters"),
	"characters": _("the reference holds characters that banks refuse"),
}


@dataclass(frozen=True)
class Entry:
	"""A mandate as somebody is about to enter it; a part that is None is not looked at."""

	iban: str
	bic: str | None = None
	reference: str | None = None
	signed_on: str | None = None
	payer: str | None = None


@dataclass(frozen=True)
class Known:
	"""What the site has already: its own accounts, references in use, payers with an active mandate."""

	today: date
	own: frozenset[str]
	references: frozenset[str]
	payers: frozenset[str]


def read_known(site: Site, profile: Profile, entries: Sequence[Entry]) -> Known:
	"""Read what the site has of that which these mandates name."""
	mandate = profile["mandate"].source("m")
	references: set[str] = set()
	payers: set[str] = set()
	if profile.has("mandate.umr"):
		column = folded(site, mandate["umr"])
		for page in _pages(entry.reference.upper() for entry in entries if entry.reference):
			query = mandate.start(site.db).where(column.isin(page)).select(mandate["umr"].as_("found"))
			references |= {str(row["found"]).upper() for row in site.db.run(query)}
	if profile.has("mandate.party"):
		for page in _pages(entry.payer for entry in entries if entry.payer):
			query = mandate.start(site.db).where(mandate.is_("active") & mandate["party"].isin(page))
			payers |= {str(row["found"]) for row in site.db.run(query.select(mandate["party"].as_("found")))}
	return Known(today(site), own_ibans(site, profile), frozenset(references), frozenset(payers))


def mistakes(entry: Entry, known: Known) -> Iterator[str]:
	"""Yield what is wrong with a mandate, each as the end of a sentence."""
	iban = compact(entry.iban)
	code = "own" if iban in known.own else iban_mistake(entry.iban.strip())
	if code:
		yield _("the IBAN: {0}").format(IBAN_TEXTS[code][0])
	if entry.bic and (code := bic_mistake(entry.bic, iban[:2])):
		yield _BIC[code]
	if entry.reference and (code := umr_mistake(entry.reference)):
		yield _REFERENCE[code]
	if entry.reference and entry.reference.upper() in known.references:
		yield _("the reference is in use")
	if entry.signed_on is not None:
		yield from _signature(entry.signed_on, known.today)
	if entry.payer and entry.payer in known.payers:
		yield _("the payer has an active mandate already")


def _signature(text: str, now: date) -> Iterator[str]:
	try:
		signed = date.fromisoformat(text)
	except ValueError:
		yield _("the date of signature is missing or not written as 2026-01-31")
		return
	if signed > now:
		yield _("the date of signature is in the future")


def _pages(values: Iterable[str]) -> Iterator[list[str]]:
	found = list(dict.fromkeys(values))
	for start in range(0, len(found), PAGE):
		yield found[start : start + PAGE]
