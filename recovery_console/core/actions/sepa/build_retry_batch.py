"""Draft a batch from returned collections that may be presented again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN
from recovery_console.core.actions.sepa._rows import compact, offered, own_column
from recovery_console.core.actions.sepa.shift_collection_date import ShiftCollectionDate, look_at_days
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.sepa._accounts import iban_mistake
from recovery_console.core.checks.sepa._query import LIVE, in_batches, lines_of, money, today
from recovery_console.core.checks.sepa._reasons import reason_of
from recovery_console.core.checks.sepa._target import target_days_before
from recovery_console.core.edits import DocumentEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site
from recovery_console.core.times import day

Row = dict[str, Any]
NEEDED = (
	"line.status", "line.parent", "line.invoice", "line.umr", "line.amount", "line.iban", "line.reason_code",
	"batch.date", "batch.status", "batch.total", "batch.count", "mandate.umr", "mandate.status", "mandate.iban",
	"invoice.outstanding",
)  # fmt: skip

#: The schemes allow no more; more bank days than these are no wait but a standstill.
_MOST_RETRIES, _LONGEST_WAIT = 3, 60


@dataclass(frozen=True)
class BuildRetryBatch(Action):
	"""Draft one batch from the returned collections that their reason code allows to be presented again.

	Only while the invoice is unpaid, an active mandate with the same account covers it, no other batch holds it, it
	was not presented too often, and the last try lies five bank days back. The date leaves the payers the notice that
	they are due. It is a draft: nobody is debited before a person checks and submits it.
	"""

	title = _("Draft a batch of returned collections")
	risk = Risk.DISRUPTIVE  # a manager agrees before money is asked for again
	checks = ("sepa.returns",)

	#: Only these invoices.
	names: tuple[str, ...] = ()
	most: int = 200
	#: The batch may not come to more than this; 0 for no limit.
	most_amount: float = 0
	#: So often at the most is a collection presented again.
	most_retries: int = 2
	#: Bank days since the last try.
	wait_days: int = 5
	lead_days: int = 1
	notice: timedelta = timedelta(days=14)
	window: timedelta = timedelta(days=120)

	def plan(self, site: Site) -> Plan:
		look_at_days(self.lead_days, self.notice)
		if self.wait_days > _LONGEST_WAIT or self.most_retries > _MOST_RETRIES:
			raise UsageError(
				"The days to wait, or the number of tries, are out of bounds; nothing was changed.",
				remedy=f"Give wait_days up to {_LONGEST_WAIT}, and most_retries up to {_MOST_RETRIES}.",
			)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		known: set[str] = set()
		amount = 0.0
		for profile in profiles_with(site, *NEEDED):
			chosen, refused = self._choose(site, profile)
			left_out += refused
			known |= {str(row["invoice"]) for row in chosen}
			if chosen:
				amount += sum(float(row["owed"]) for row in chosen)
				batches.append(self._draft(site, profile, chosen))
		unknown = set(self.names) - known - {left.subject.name for left in left_out}
		if unknown:
			raise UsageError(
				f"No returned collection of the window is for {min(unknown)[:80]!r}; nothing was changed.",
				remedy="Give invoices as the finding shows them, or none.",
			)
		return self.planned(
			site,
			_("Batches of returned collections to draft: {count} ({amount})"),
			batches,
			warnings=[
				_(
					"Tell the payers the new day and amount in time; the draft's date allows for {0} days."
				).format(self.notice.days),
				_("It is a draft: check it and submit it by hand."),
			],
			left_out=left_out[:SHOWN],
			amount=money(amount),
		)

	def _choose(self, site: Site, profile: Profile) -> tuple[list[Row], list[LeftOut]]:
		rows = self._returned(site, profile)
		tries = Counter(str(row["invoice"]) for row in rows)
		busy = self._busy(site, profile)
		latest: dict[str, Row] = {}
		for row in rows:
			name = str(row["invoice"])
			if not self.names or name in self.names:
				latest[name] = (
					row if name not in latest else max(latest[name], row, key=lambda r: str(r["date"]))
				)
		chosen: list[Row] = []
		refused: list[LeftOut] = []
		amount = 0.0
		for name, row in sorted(latest.items()):
			why = self._why_not(site, profile, row, tries[name], name in busy)
			full = len(chosen) >= self.most or (0 < self.most_amount < amount + float(row["owed"]))
			if why or full:
				subject = Subject(profile["invoice"].doctype, name)
				refused.append(LeftOut(subject, why or _("The batch is full: run this again for the rest.")))
			else:
				amount += float(row["owed"])
				chosen.append(row)
		return chosen, refused

	def _why_not(self, site: Site, profile: Profile, row: Row, tries: int, busy: bool) -> str:
		reason = reason_of(str(row["code"] or ""))
		if reason.retry != "later":
			return f"{reason.code or '?'}: {reason.advice}"
		if busy:
			return _("Another batch holds it.")
		if tries > self.most_retries:
			return _("It was presented {0} times.").format(tries)
		problem = self._problem_of_mandate(site, profile, row)
		if problem:
			return problem
		last = day(row["date"])
		if last and last > target_days_before(today(site), self.wait_days):
			return _("The last try was on {0}: too soon.").format(last.isoformat())
		return ""

	def _problem_of_mandate(self, site: Site, profile: Profile, row: Row) -> str:
		if row["mandate"] is None or profile["mandate"].logical(row["mandate_status"]) != "active":
			return _("No active mandate covers it.")
		expires = day(row.get("expires_on"))
		if expires and expires < self._first_day(site):
			return _("Its mandate expires before the collection.")
		if row.get("max_amount") and float(row["owed"]) > float(row["max_amount"]):
			return _("More is owed than its mandate allows to collect at once.")
		if compact(str(row["iban"] or "")) != compact(str(row["mandate_iban"] or "")):
			return _("Its mandate names another account by now: let the app make a new collection.")
		if iban_mistake(compact(str(row["iban"] or ""))):
			return _("Its IBAN is not usable.")
		return ""

	def _returned(self, site: Site, profile: Profile) -> list[Row]:
		lines = lines_of(site, profile, (*LIVE, "done", "failed"), site.ago(self.window).date())
		line, mandate, invoice = lines.line, profile["mandate"].source("m"), profile["invoice"].source("i")
		query = invoice.join(lines.query, invoice["id"] == line["invoice"])
		query = mandate.join(query, mandate["umr"] == line["umr"], optional=True)
		return site.db.run(
			query.select(
				line.table["name"].as_("line"),
				*line.pick("parent", "invoice", "umr", "iban"),
				line["reason_code"].as_("code"),
				lines.batch["date"].as_("date"),
				invoice["outstanding"].as_("owed"),
				mandate["id"].as_("mandate"),
				mandate["status"].as_("mandate_status"),
				mandate["iban"].as_("mandate_iban"),
				*[mandate[name].as_(name) for name in ("expires_on", "max_amount") if mandate.role.has(name)],
			)
			.where(line.is_("failed") & (invoice["outstanding"] > 0))
			.orderby(line.table["name"])
		)

	@staticmethod
	def _busy(site: Site, profile: Profile) -> set[str]:
		"""Return the invoices that a batch under way holds."""
		lines = lines_of(site, profile, LIVE)
		query = lines.query.where(in_batches(lines.batch, LIVE) & ~lines.line.is_("failed"))
		return {
			str(row["invoice"]) for row in site.db.run(query.select(*lines.line.pick("invoice")).distinct())
		}

	def _first_day(self, site: Site) -> date:
		"""Return the first day on which the bank can collect what the payers are told of today."""
		now = today(site)
		return ShiftCollectionDate(lead_days=self.lead_days, notice=self.notice).first_day(now, now, now)

	def _draft(self, site: Site, profile: Profile, chosen: list[Row]) -> Batch:
		role, line = profile["batch"], profile["line"]
		on = self._first_day(site)
		(old,) = rows_named(site, role.doctype, [str(chosen[0]["parent"])], list(_copied(site, role.doctype)))
		name = f"RETRY-{site.db_time(site.now()):%Y%m%d-%H%M%S}"
		olds = {
			str(row["name"]): row
			for row in rows_named(
				site,
				line.doctype,
				[str(row["line"]) for row in chosen],
				[*_copied(site, line.doctype), "parentfield"],
			)
		}
		children = [self._child(profile, row, olds[str(row["line"])]) for row in chosen]
		fields = {key: value for key, value in old.items() if key != "name"} | {
			own_column(role, "date"): on,
			own_column(role, "status"): offered(role, "draft"),
			own_column(role, "total"): money(sum(float(row["owed"]) for row in chosen)),
			own_column(role, "count"): len(chosen),
			str(next(iter(olds.values()))["parentfield"]): children,
		}
		return batch(role.doctype, name, DocumentEdit(role.doctype, name, "insert", None, fields))

	@staticmethod
	def _child(profile: Profile, row: Row, old: Row) -> Row:
		role = profile["line"]
		kept = {key: value for key, value in old.items() if key not in ("name", "parentfield")}
		return kept | {
			own_column(role, "invoice"): row["invoice"],
			own_column(role, "umr"): row["umr"],
			own_column(role, "iban"): compact(str(row["iban"])),
			own_column(role, "amount"): money(row["owed"]),
			own_column(role, "status"): offered(role, "open"),
		}


def _copied(site: Site, doctype: str) -> Iterator[str]:
	"""Yield the columns without which a document cannot be saved: they are taken over from the earlier one."""
	for source, owner in (("DocField", "parent"), ("Custom Field", "dt")):
		t = table(source)
		query = site.db.from_(t).select(t.fieldname).where((t[owner] == doctype) & (t.reqd == 1))
		for row in site.db.run(query.orderby(t.fieldname)):
			if site.has_doctype(doctype, str(row["fieldname"])):
				yield str(row["fieldname"])
