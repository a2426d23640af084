"""Are batches stuck after their file was made?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._held import Held, held_by
from recovery_console.core.checks.sepa._query import money, subjects, today
from recovery_console.core.checks.sepa._target import target_days_before
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class BatchStuck(Check):
	"""Are there batches whose file was made, but whose day to hand it in has passed?

	Cost: the batches whose file was made and that went no further, with their collections and invoices.
	"""

	title = _("Stuck direct debit batches")

	#: Bank days before the collection date on which the payer's bank must have the file.
	lead_days: int = 1

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "batch.date", "batch.status", "line.parent", "line.invoice", "line.amount"
		):
			batch, now = profile["batch"].source("b"), today(site)
			waiting = held_by(site, profile, batch, batch.is_("file_made"))
			yield self.measure(
				batches_waiting=len(waiting), waiting_eur=money(sum(held.amount for held in waiting))
			)
			due = {held: day(held.date) for held in waiting}
			past = [held for held, on in due.items() if on and on < now]
			late = [held for held, on in due.items() if on and self._too_late(on, now)]
			yield from self._past(profile, [held for held in past if held.unpaid])
			yield from self._settled(profile, [held for held in past if not held.unpaid])
			yield from self._late(profile, late)

	def _too_late(self, on: date, now: date) -> bool:
		return on >= now and target_days_before(on, self.lead_days) < now

	def _past(self, profile: Profile, batches: list[Held]) -> Iterator[Finding]:
		if batches:
			yield self.critical(
				_("Batches whose collection date has passed while they waited to be sent: {count}."),
				cause=_(
					"They were never handed in, or they were collected and nobody booked it. Their unpaid invoices"
					" ({unpaid}, {amount}) belong to a batch, so no later batch takes them up."
				),
				remedy=_(
					"See in the bank account whether the money came. If it did, book the payments; if not, cancel"
					" the batch so that its invoices are free for a new one. Never send the old file."
				),
				subject=f"{profile.id}:past",
				**_facts(profile, batches),
			)

	def _late(self, profile: Profile, batches: list[Held]) -> Iterator[Finding]:
		if batches:
			yield self.critical(
				_("Batches that can no longer reach the bank in time: {count}."),
				cause=_(
					"The payers' banks must have a collection {lead_days} bank day(s) ahead. Unless the file is with"
					" your bank already, it will be refused (TM01)."
				),
				remedy=_(
					"If the file was sent in time, record that. If not, cancel the batch, make it anew with a later"
					" collection date and announce that date to the payers."
				),
				subject=f"{profile.id}:late",
				lead_days=self.lead_days,
				**_facts(profile, batches),
			)

	def _settled(self, profile: Profile, batches: list[Held]) -> Iterator[Finding]:
		if batches:
			yield self.info(
				_("Batches that are paid but were never closed: {count}."),
				cause=_("All their invoices are paid; only the status still says that the file waits."),
				remedy=_("Nothing is urgent: close them, so that they do not hide one that is really stuck."),
				subject=f"{profile.id}:settled",
				**_facts(profile, batches),
			)


def _facts(profile: Profile, batches: list[Held]) -> dict[str, object]:
	return {
		"subjects": subjects(profile["batch"].doctype, [held.name for held in batches]),
		"count": len(batches),
		"unpaid": sum(held.unpaid for held in batches),
		"amount": money(sum(held.amount for held in batches)),
		"oldest": day(batches[0].date),
	}
