"""Close payment retries that cannot run, and plan anew those that can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import SHOWN, known_names
from recovery_console.core.actions.sepa._rows import (
	NO_HOOKS,
	Row,
	offered,
	own_column,
	read,
	set_fields,
	value,
)
from recovery_console.core.actions.sepa.shift_collection_date import ShiftCollectionDate, look_at_days
from recovery_console.core.checks.sepa._query import today
from recovery_console.core.checks.sepa._reasons import reason_of
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import day

UNCLEAR = ("leave", "plan", "close")


@dataclass(frozen=True)
class SettleRetries(Action):
	"""Close payment retries that are paid, may not be repeated or have no mandate; give the others a new day.

	Whether a collection may be repeated follows from the reason code that the bank gave. A retry without a code is
	left alone, unless ``unclear`` says ``plan`` or ``close``.
	"""

	title = _("Settle payment retries that stand still")
	risk = Risk.DISRUPTIVE  # on a retry that has a day the app may collect money
	checks = ("sepa.retry_stalled",)

	names: tuple[str, ...] = ()
	unclear: str = "leave"
	#: Bank days from today on which a retry is planned at the earliest.
	lead_days: int = 5
	patience: timedelta = timedelta(days=7)
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if self.unclear not in UNCLEAR:
			raise UsageError(
				f"{self.unclear[:80]!r} does not say what to do with unclear ones; nothing was changed.",
				remedy=f"Choose from: {', '.join(UNCLEAR)}.",
			)
		look_at_days(self.lead_days)
		batches: list[Batch] = []
		left_out: list[LeftOut] = []
		for profile in profiles_with(site, "retry.status", "retry.next_on", "retry.invoice"):
			doctype = profile["retry"].doctype
			known_names(site, doctype, self.names)
			paid, uncovered = self._paid(site, profile), self._uncovered(site, profile)
			for row in self._stalled(site, profile, uncovered):
				name = str(row["name"])
				verdict = self._verdict(profile, row, paid, uncovered)
				if verdict:
					status, why = verdict
					batches.append(batch(doctype, name, self._edit(site, profile, row, status), why=why))
				else:
					why = _("The bank gave no reason: decide by hand, or say what to do with unclear ones.")
					left_out.append(LeftOut(Subject(doctype, name), why))
		return self.planned(
			site,
			_("Payment retries to settle: {count}"),
			batches,
			most=self.most,
			warnings=[
				NO_HOOKS,
				_("A day in the record collects nothing by itself: see that the app's job runs."),
			]
			if batches
			else (),
			left_out=left_out[:SHOWN],
		)

	def _stalled(self, site: Site, profile: Profile, uncovered: set[str]) -> Iterator[Row]:
		role, source = profile["retry"], profile["retry"].source("r")
		query = source.start(site.db).where(source.is_("waiting", "scheduled"))
		if self.names:
			query = query.where(source.table["name"].isin(list(self.names)))
		extra = [name for name in ("last_code",) if role.has(name)]
		for row in read(site, source, query, "status", "next_on", "invoice", *extra):
			on, age = day(row[own_column(role, "next_on")]), site.age(row["modified"])
			planned = role.logical(row[own_column(role, "status")]) == "scheduled"
			overdue = planned and (on is None or on < today(site))
			waiting = not planned and on is None and age is not None and age > self.patience
			if overdue or waiting or str(row["name"]) in uncovered:
				yield row

	def _verdict(
		self, profile: Profile, row: Row, paid: set[str], uncovered: set[str]
	) -> tuple[str, str] | None:
		role = profile["retry"]
		if value(role, row, "invoice") in paid:
			return "done", _("Its invoice is paid.")
		if str(row["name"]) in uncovered:
			return "failed", _("Its payer has no active mandate.")
		code = value(role, row, "last_code") if role.has("last_code") else ""
		if not code:
			decided = {"plan": "scheduled", "close": "failed"}.get(self.unclear)
			return (decided, _("No reason is known.")) if decided else None
		reason = reason_of(code)
		if reason.retry == "later":
			return "scheduled", _("{0}: it may be presented again.").format(reason.code)
		return "failed", f"{reason.code}: {reason.advice}"

	def _edit(self, site: Site, profile: Profile, row: Row, status: str) -> Any:
		role = profile["retry"]
		on: date | None = day(row[own_column(role, "next_on")])
		if status == "scheduled":
			on = ShiftCollectionDate(lead_days=self.lead_days).first_day(today(site), today(site), None)
		return set_fields(site, role, row, status=offered(role, status), next_on=on)

	@staticmethod
	def _paid(site: Site, profile: Profile) -> set[str]:
		if not profile.has("invoice.outstanding"):
			return set()
		retry, invoice = profile["retry"].source("r"), profile["invoice"].source("i")
		query = invoice.join(retry.start(site.db), invoice["id"] == retry["invoice"])
		query = query.where(retry.is_("waiting", "scheduled") & (invoice["outstanding"] <= 0))
		return {str(row["id"]) for row in site.db.run(query.select(invoice["id"].as_("id")))}

	@staticmethod
	def _uncovered(site: Site, profile: Profile) -> set[str]:
		if not profile.has("retry.party", "mandate.party", "mandate.status"):
			return set()
		retry, mandate = profile["retry"].source("r"), profile["mandate"].source("m")
		covered = mandate.start(site.db).select(mandate["party"]).where(mandate.is_("active"))
		covered = covered.where(mandate["party"].notnull())
		query = retry.start(site.db).where(retry.is_("scheduled", "waiting") & retry["party"].notin(covered))
		return {str(row["id"]) for row in site.db.run(query.select(retry.table["name"].as_("id")))}
