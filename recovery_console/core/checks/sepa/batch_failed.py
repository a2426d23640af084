"""Do failed batches hold back invoices?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._held import held_by
from recovery_console.core.checks.sepa._query import money, subjects
from recovery_console.core.finding import _
from recovery_console.core.profile import profiles_with
from recovery_console.core.site import Site
from recovery_console.core.times import day


@dataclass(frozen=True)
class BatchFailed(Check):
	"""Are there failed batches that still hold unpaid invoices?

	Cost: the failed batches that are not cancelled, with their collections and invoices.
	"""

	title = _("Failed direct debit batches")

	def run(self, site: Site) -> Answer:
		for profile in profiles_with(
			site, "batch.date", "batch.status", "line.parent", "line.invoice", "line.amount"
		):
			batch = profile["batch"].source("b")
			failed = [held for held in held_by(site, profile, batch, batch.is_("failed")) if held.unpaid]
			unpaid = sum(held.unpaid for held in failed)
			yield self.measure(failed_batches=len(failed), unpaid_invoices=unpaid)
			if failed:
				yield self.critical(
					_("Batches that failed and still hold unpaid invoices: {count}."),
					cause=_(
						"An invoice that belongs to a batch is not taken up by another one, even if that batch failed:"
						" {unpaid} invoices ({amount}) will never be collected."
					),
					remedy=_(
						"Read the batch's log and the bank's answer, put right what they name, cancel the batch, and let"
						" its invoices go into a new one. Nothing must be collected twice: see the bank account first."
					),
					subject=profile.id,
					subjects=subjects(profile["batch"].doctype, [held.name for held in failed]),
					count=len(failed),
					unpaid=unpaid,
					amount=money(sum(held.amount for held in failed)),
					oldest=day(failed[0].date),
				)
