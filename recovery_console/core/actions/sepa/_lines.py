"""Which collections of batches that are not sent may not be sent, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from recovery_console.core.actions.sepa._rows import compact, own_column
from recovery_console.core.backends.sql import Fn
from recovery_console.core.checks.sepa._accounts import iban_mistake
from recovery_console.core.checks.sepa._query import LIVE, OPEN, in_batches, lines_of
from recovery_console.core.finding import _
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import day

#: What a profile must map so that collections can be judged.
NEEDED = (
	"line.umr", "line.invoice", "line.parent", "line.amount", "batch.status", "batch.date", "batch.total",
	"batch.count", "mandate.umr", "mandate.status",
)  # fmt: skip
#: Amounts that differ by less are the same.
ROUNDING = 0.005
#: A collection that was handed in so long ago is settled one way or the other.
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Line:
	"""A collection in a batch that is not sent yet, with its mandate and its invoice."""

	name: str
	batch: str
	draft: bool
	invoice: str
	umr: str
	amount: float
	owed: float | None
	problem: str
	of_mandate: bool = False


def judged_lines(site: Site, profile: Profile) -> list[Line]:
	"""Return the collections of the batches that are not sent yet, each with what speaks against it."""
	rows = _rows(site, profile)
	seen: dict[str, Line] = {}
	doubles = _doubles(site, profile, rows)
	for row in rows:
		name = str(row["line"])
		if name in seen and seen[name].problem:
			continue
		owed = None if row.get("owed") is None else float(row["owed"])
		seen[name] = Line(
			name=name,
			batch=str(row["batch"]),
			draft=int(row["docstatus"] or 0) == 0
			and profile["batch"].logical(row["batch_status"]) == "draft",
			invoice=str(row["invoice"]),
			umr=str(row["umr"] or ""),
			amount=float(row["amount"] or 0),
			owed=owed,
			problem=(of_mandate := _problem_of_mandate(profile, row))
			or _problem(row, owed)
			or doubles.get(name, ""),
			of_mandate=bool(of_mandate),
		)
	return list(seen.values())


def _rows(site: Site, profile: Profile) -> list[dict[str, Any]]:
	lines = lines_of(site, profile, OPEN)
	line, batch, mandate = lines.line, lines.batch, profile["mandate"].source("m")
	query = mandate.join(lines.query, (mandate["umr"] == line["umr"]) & (line["umr"] != ""), optional=True)
	selected = [
		line.table["name"].as_("line"),
		*line.pick("invoice", "umr", "amount"),
		batch["id"].as_("batch"),
		batch["date"].as_("date"),
		batch["status"].as_("batch_status"),
		batch["docstatus"].as_("docstatus"),
		mandate["id"].as_("mandate"),
		mandate["status"].as_("mandate_status"),
	]
	for source, name, alias in (
		(mandate, "iban", "mandate_iban"),
		(mandate, "expires_on", "expires_on"),
		(mandate, "sequence", "sequence"),
		(line, "iban", "iban"),
	):
		if source.role.has(name):
			selected.append(source[name].as_(alias))
	if profile.has("invoice.outstanding"):
		invoice = profile["invoice"].source("i")
		query = invoice.join(query, invoice["id"] == line["invoice"], optional=True)
		selected += [invoice["id"].as_("known"), invoice["outstanding"].as_("owed")]
	return site.db.run(query.select(*selected).orderby(batch["id"]).orderby(line.table["name"]))


def _problem_of_mandate(profile: Profile, row: dict[str, Any]) -> str:
	"""Say why a mandate does not cover a collection; an empty text where it does."""
	if row["mandate"] is None:
		return _("No mandate has this reference.")
	if profile["mandate"].logical(row["mandate_status"]) != "active":
		return _("Its mandate is not active.")
	expires, on = day(row.get("expires_on")), day(row["date"])
	if expires and on and expires < on:
		return _("Its mandate expires before the collection.")
	return ""


def _problem(row: dict[str, Any], owed: float | None) -> str:
	"""Say what else speaks against a collection as it stands in its batch; an empty text where nothing does."""
	if row.get("iban") and row.get("mandate_iban"):
		iban = compact(str(row["iban"]))
		if iban != compact(str(row["mandate_iban"])):
			return _("It debits another account than its mandate allows.")
		if iban_mistake(iban):
			return _("Its IBAN is not usable.")
	if "known" in row and (row["known"] is None or (owed or 0) <= ROUNDING):
		return _("Nothing is owed on its invoice any more.")
	return ""


def _doubles(site: Site, profile: Profile, rows: list[dict[str, Any]]) -> dict[str, str]:
	"""Return the collections of drafts that repeat another one, or use a one-off mandate again, with the reason.

	The one that stays is the one that went furthest, then the oldest.
	"""
	once = {str(row["umr"] or "").upper() for row in rows if row.get("sequence") == "OOFF"}
	groups: dict[tuple[str, str], list[tuple[bool, str, str]]] = defaultdict(list)
	for row in _presented(site, profile, sorted(once - {""})):
		place = (bool(row["draft"]), str(row["made"]), str(row["line"]))
		if row["live"]:
			groups["invoice", str(row["invoice"])].append(place)
		umr = str(row["umr"] or "").upper()
		if umr in once:
			groups["mandate", umr].append(place)
	why = {
		"invoice": _("Its invoice is collected by another line as well."),
		"mandate": _("Its mandate was for one collection, and that was made."),
	}
	return {line: why[kind] for (kind, _key), places in groups.items() for _d, _m, line in sorted(places)[1:]}


def _presented(site: Site, profile: Profile, references: list[str]) -> list[dict[str, Any]]:
	"""Return the collections of the window that were made or are under way, for the same invoices or one-off mandates."""
	same = lines_of(site, profile, OPEN)
	invoices = same.query.select(same.line["invoice"])
	found = _made(site, profile, lambda line: line["invoice"].isin(invoices))
	for start in range(0, len(references), 500):
		some = references[start : start + 500]
		found += _made(site, profile, lambda line: Fn("UPPER", line["umr"]).isin(some))  # noqa: B023
	role = profile["batch"]
	for row in found:
		logical = role.logical(row["status"])
		row["draft"], row["live"] = logical == "draft", logical in LIVE
	return list({row["line"]: row for row in found}.values())


def _made(site: Site, profile: Profile, which: Callable[[Source], Any]) -> list[dict[str, Any]]:
	since = site.ago(WINDOW).date()
	lines = lines_of(site, profile, (*LIVE, "done"))
	line, batch = lines.line, lines.batch
	query = lines.query.where((in_batches(batch, OPEN) | (batch["date"] >= since)) & which(line))
	if line.role.has("status"):
		query = query.where(~line.is_("failed"))
	return site.db.run(
		query.select(
			line.table["name"].as_("line"),
			*line.pick("invoice", "umr"),
			line.table["creation"].as_("made"),
			batch["status"].as_("status"),
		)
	)


def header_columns(profile: Profile) -> tuple[str, str]:
	"""Return the columns that hold a batch's total and number of entries."""
	return own_column(profile["batch"], "total"), own_column(profile["batch"], "count")
