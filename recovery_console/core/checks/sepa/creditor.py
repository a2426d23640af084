"""Can the creditor collect at all?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._accounts import bic_mistake, iban_mistake
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, Severity, _
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.site import Site

#: Country -> how long its creditor identifiers are.
LENGTHS = {
	"NL": (19,),
	"DE": (18,),
	"AT": (18,),
	"BE": range(17, 21),
	"FR": (13,),
	"ES": (16,),
	"IT": (23,),
	"LU": (26,),
}
#: Code of a mistake -> severity, what is wrong, what comes of it, what to do.
TEXTS = {
	"id_missing": (
		Severity.CRITICAL,
		_("The creditor identifier is empty."),
		_("No bank accepts a collection without it."),
		_("Enter the identifier from your contract with the bank in {doctype}."),
	),
	"id_check_digits": (
		Severity.CRITICAL,
		_("The creditor identifier contradicts its own check digits."),
		_("A digit is mistyped. Banks refuse every collection with the reason BE05 or CH11."),
		_("Copy it again from your contract with the bank into {doctype}."),
	),
	"id_length": (
		Severity.CRITICAL,
		_("The creditor identifier does not have the length that its country uses."),
		_("A part is missing or doubled. Banks refuse every collection with the reason BE05 or CH11."),
		_("Copy it again from your contract with the bank into {doctype}."),
	),
	"iban": (
		Severity.CRITICAL,
		_("The account on which collections should arrive has no valid IBAN ({problem})."),
		_("The bank refuses the whole file."),
		_("Enter the IBAN of your collection account in {doctype}."),
	),
	"holder": (
		Severity.WARNING,
		_("The name of the account holder is empty."),
		_("The creditor's name is part of every collection; without it the file is refused (RR03)."),
		_("Enter the name as the bank knows it in {doctype}."),
	),
	"bic": (
		Severity.WARNING,
		_("The creditor's BIC is malformed or belongs to another country than its IBAN."),
		_("Banks refuse it with the reason RC07 or CNOR; within the EEA no BIC is needed at all."),
		_("Correct it in {doctype}, or leave it empty."),
	),
}


@dataclass(frozen=True)
class Creditor(Check):
	"""Are the creditor's identifier, IBAN, BIC and name there, and valid?

	Cost: one single document, and whether there is an active mandate.
	"""

	title = _("Creditor identifier and account")

	def run(self, site: Site) -> Answer:
		profiles = profiles_with(site, "creditor.iban", "mandate.status")
		collecting = [profile for profile in profiles if _collects(site, profile)]
		if not collecting:
			raise NotApplicable(_("There is no active mandate, so nothing is collected."))
		for profile in collecting:
			role = profile["creditor"]
			for data in role.read_all(site):
				for code, problem in mistakes(data):
					yield self._explain(profile, role.doctype, data, code, problem)

	def _explain(
		self, profile: Profile, doctype: str, data: dict[str, str], code: str, problem: str
	) -> Finding:
		severity, title, cause, remedy = TEXTS[code]
		return self._finding(
			severity,
			title,
			cause=cause,
			remedy=remedy,
			subject=f"{profile.id}:{code}",
			subjects=[(doctype, data.get("id") or doctype)],
			doctype=doctype,
			problem=problem,
			company=data.get("company", ""),
		)


def _collects(site: Site, profile: Profile) -> bool:
	mandate = profile["mandate"].source("m")
	query = mandate.start(site.db).select(mandate["id"]).where(mandate.is_("active")).limit(1)
	return bool(site.db.run(query))


def mistakes(data: dict[str, str]) -> Iterator[tuple[str, str]]:
	"""Yield what is wrong with a creditor, as a code of ``TEXTS`` and a detail."""
	if "creditor_id" in data:
		code = creditor_id_mistake(data["creditor_id"])
		if code:
			yield f"id_{code}", code
	code = iban_mistake(data["iban"])
	if code not in ("", "spaced"):
		yield "iban", code.replace("_", " ")
	if "holder" in data and not data["holder"]:
		yield "holder", ""
	if data.get("bic") and bic_mistake(data["bic"], data["iban"].strip()[:2].upper()):
		yield "bic", ""


def creditor_id_mistake(text: str) -> str:
	"""Say what is wrong with a creditor identifier: a code, or an empty text."""
	if not text:
		return "missing"
	from stdnum.eu import at_02  # takes long to load, and few sites collect
	from stdnum.exceptions import ValidationError

	try:
		number = at_02.validate(text)
	except ValidationError:
		return "check_digits"
	return "" if len(number) in LENGTHS.get(number[:2], (len(number),)) else "length"
