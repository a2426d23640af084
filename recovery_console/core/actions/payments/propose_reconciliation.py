"""Say which payments belong to which bank lines."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.payments._matching import NEEDED, matches
from recovery_console.core.checks.payments._books import money
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

SHOWN = 100


@dataclass(frozen=True)
class ProposeReconciliation(Action):
	"""List the payments that fit open bank lines by reference and amount, or by amount and day. Nothing is changed.

	Only pairs are listed in which neither fits another one as well.
	"""

	title = _("Propose payments for bank lines")
	risk = Risk.READ
	needs = NEEDED
	checks = ("payments.bank_unmatched",)

	window: timedelta = timedelta(days=180)

	def plan(self, site: Site) -> Plan:
		found, lines = matches(site, self.window)
		return self.planned(
			site,
			_(
				"Nothing is changed: {proposed} of {lines} open bank lines fit a payment, {sure} of them surely"
			),
			(),
			proposed=len(found),
			sure=sum(match.sure for match in found),
			lines=lines,
			amount=money(sum(match.amount for match in found)),
			proposals=[match.as_evidence() for match in found[:SHOWN]],
		)
