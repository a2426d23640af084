"""Look a file of mandates through before it is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recovery_console.core.action import Action, Risk
from recovery_console.core.actions.imports._files import Table, read_table
from recovery_console.core.actions.sepa._entering import Entry, mistakes, read_known
from recovery_console.core.backends.sql import table
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile, Role
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Part of a mandate -> what a SEPA profile calls it.
PARTS = {"iban": "iban", "bic": "bic", "reference": "umr", "signed_on": "signed_on", "payer": "party"}
SHOWN = 50


@dataclass(frozen=True)
class CheckMandateFile(Action):
	"""Say which lines of a CSV file hold mandates that cannot be collected from, and why.

	Changes nothing, and names lines, never IBANs. The form of the file is for imports.check_file, the rules of the app
	for imports.dry_run.
	"""

	title = _("Look a file of mandates through")
	risk = Risk.READ
	checks = ("sepa.mandate_iban", "sepa.mandate_reference", "sepa.mandate_details")

	#: Its address, such as ``/private/files/mandates.csv``.
	file: str

	def plan(self, site: Site) -> Plan:
		found = read_table(site, self.file)
		profile, places = self._profile(site, found.header)
		lines = _entries(found, places)
		known = read_known(site, profile, list(lines.values()))
		wrong = {number: list(mistakes(entry, known)) for number, entry in lines.items()}
		for number, first in _repeated(lines).items():
			wrong[number].append(_("the reference stands in line {0} already").format(first))
		wrong = {number: texts for number, texts in wrong.items() if texts}
		said = [
			_("Line {0}: {1}.").format(number, "; ".join(texts))
			for number, texts in list(wrong.items())[:SHOWN]
		]
		if len(wrong) > SHOWN:
			said.append(_("More lines that are wrong: {0}.").format(len(wrong) - SHOWN))
		if "signed_on" not in places:
			said.insert(0, _("No column holds the date of signature: without it no mandate is valid."))
		return self.planned(
			site,
			_("Mandates looked at: {lines}; wrong: {wrong}"),
			[],
			warnings=said,
			lines=len(lines),
			wrong=len(wrong),
			doctype=profile["mandate"].doctype,
		)

	def _profile(self, site: Site, header: Sequence[str]) -> tuple[Profile, dict[str, int]]:
		"""Return the profile whose IBAN the file has a column for, and which column holds which part."""
		for profile in profiles_with(site, "mandate.iban", "mandate.status"):
			places = _places(site, profile["mandate"], [cell.lower() for cell in header])
			if "iban" in places:
				return profile, places
		raise UsageError(
			f"{self.file[:200]} has no column for the IBAN of a mandate.",
			remedy="Name the columns as the form of the mandate does; Download Template in Data Import gives them.",
		)


def _places(site: Site, role: Role, header: list[str]) -> dict[str, int]:
	places = {}
	for part, logical in PARTS.items():
		column = role.fields.get(logical, "")
		names = {column.lower(), _label(site, role.doctype, column).lower()} - {""}
		place = next((number for number, cell in enumerate(header) if cell in names), None)
		if place is not None:
			places[part] = place
	return places


def _label(site: Site, doctype: str, column: str) -> str:
	for meta, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		if site.has_doctype(meta):
			t = table(meta)
			query = site.db.from_(t).select(t["label"])
			found = site.db.value(query.where((t[parent] == doctype) & (t["fieldname"] == column)).limit(1))
			if found:
				return str(found)
	return ""


def _entries(found: Table, places: Mapping[str, int]) -> dict[int, Entry]:
	return {
		number: Entry(**{part: row[place] if place < len(row) else "" for part, place in places.items()})
		for number, row in found.numbered()
	}


def _repeated(lines: Mapping[int, Entry]) -> dict[int, int]:
	"""Return the lines whose reference stands in an earlier one, with that one."""
	first: dict[str, int] = {}
	repeated = {}
	for number, entry in lines.items():
		key = (entry.reference or "").upper()
		if key and first.setdefault(key, number) != number:
			repeated[number] = first[key]
	return repeated
