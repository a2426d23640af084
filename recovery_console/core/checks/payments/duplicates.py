"""Are payments booked twice?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from pypika import functions as fn
from pypika.terms import Criterion, Field

from recovery_console.core.backends.repeats import repeating
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.payments._books import money, named, recent
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site
from recovery_console.core.times import day
from recovery_console.core.window import NEWEST_ALONE

Row = dict[str, Any]
SAME = ("party_type", "party", "amount", "reference_no")


@dataclass(frozen=True)
class Duplicates(Check):
	"""Which payments repeat another one: same party, amount and reference, a few days apart?

	Drafts and cancelled payments are left out, and so is a reference that payments of several parties carry: it
	names a batch, in which one party may pay two invoices of the same amount.

	Cost: groups the newest submitted payments of the window; reads those that share a group.
	"""

	title = _("Payments booked twice")

	#: Payments further apart are regular ones, such as a monthly fee with a fixed reference.
	apart: timedelta = timedelta(days=5)
	window: timedelta = timedelta(days=90)
	#: Not more of them are looked at, the newest first.
	most: int = NEWEST_ALONE

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(site, *(f"payment.{name}" for name in (*SAME, "date"))):
			repeats = list(self._repeats(self._alike(site, profile)))
			yield self.measure(duplicate_payments=len(repeats))
			if repeats:
				yield self.warning(
					_("Payments that repeat an earlier one: {count}."),
					cause=_(
						"Each has the party, amount and reference of another payment not more than {days} days before:"
						" a bank file was read in twice, or a payment was entered by hand and came in from the bank as"
						" well. Together they come to {amount}."
					),
					remedy=_(
						"Compare each with the bank statement. If the money moved once, cancel the payment that no bank"
						" line is matched with; if it moved twice, pay it back or set it against another invoice."
					),
					subject=profile.id,
					subjects=named(profile["payment"].doctype, repeats),
					count=len(repeats),
					days=self.apart.days,
					amount=money(sum(float(row["amount"]) for row in repeats)),
				)

	def _alike(self, site: Site, profile: Profile) -> list[Row]:
		"""Return the payments that share party, amount and reference with another one."""
		group, payment = profile["payment"].source("g"), profile["payment"].source("p")
		lately = group.start(site.db).where(
			recent(site, group, self.window, self.most)
			& (group["reference_no"] != "")
			& group["party"].notnull()
		)
		repeated = repeating(site.db, lately, group["reference_no"])
		if repeated is None:
			return []
		counted = (
			repeated.select(*group.pick(*SAME))
			.where(group["reference_no"].notin(self._batches(site, profile)))
			.groupby(*(group[name] for name in SAME))
			.having(fn.Count("*") > 1)
		)
		same = Criterion.all(payment[name] == Field(name, table=counted) for name in SAME)
		return site.db.run(
			payment.start(site.db)
			.join(counted)
			.on(same)
			.select(*payment.pick("id", "date", *SAME))
			.where(recent(site, payment, self.window))
		)

	def _batches(self, site: Site, profile: Profile) -> Any:
		"""Return a query on the references that payments of several parties carry."""
		batch = profile["payment"].source("b")
		first, last = fn.Min(batch["party"]), fn.Max(batch["party"])
		return (
			batch.start(site.db)
			.select(batch["reference_no"])
			.where(recent(site, batch, self.window) & batch["reference_no"].notnull())
			.groupby(batch["reference_no"])
			.having(first < last)
		)

	def _repeats(self, rows: list[Row]) -> Iterator[Row]:
		"""Yield each payment that came soon after another one of its group."""

		def key(row: Row) -> tuple[str, ...]:
			return tuple(str(row[name]) for name in SAME)

		for _key, group in groupby(sorted(rows, key=key), key=key):
			before: date | None = None
			for row in sorted(group, key=lambda row: (str(row["date"]), str(row["id"]))):
				posted = day(row["date"])
				if posted and before and posted - before <= self.apart:
					yield row
				before = posted or before
