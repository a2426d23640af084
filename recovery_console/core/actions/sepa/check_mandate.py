"""Look a mandate through before it is entered."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.sepa._entering import Entry, mistakes, read_known
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class CheckMandate(Action):
	"""Say whether one mandate can be collected from: IBAN, BIC, reference, date of signature, other mandates.

	Changes nothing, and keeps no IBAN. Whether the payer signed, only people can see.
	"""

	title = _("Look a mandate through before it is entered")
	risk = Risk.READ
	secret = ("iban",)
	checks = ("sepa.mandate_iban", "sepa.mandate_reference", "sepa.mandate_details")

	iban: str
	#: Such as ``2026-01-31``, as it stands on the signed form.
	signed_on: str
	bic: str = ""
	reference: str = ""
	#: The name of the document that pays, such as a Customer's or Member's.
	payer: str = ""

	def plan(self, site: Site) -> Plan:
		entry = Entry(self.iban, self.bic, self.reference.strip(), self.signed_on.strip(), self.payer)
		found: dict[str, None] = {}
		for profile in profiles_with(site, "mandate.iban", "mandate.status"):
			found |= dict.fromkeys(mistakes(entry, read_known(site, profile, [entry])))
		return self.planned(
			site,
			_("This mandate must not be entered so") if found else _("This mandate can be entered"),
			[],
			warnings=[f"{text[0].upper()}{text[1:]}." for text in found],
			mistakes=len(found),
		)
