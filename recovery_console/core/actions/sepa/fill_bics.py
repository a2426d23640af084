"""Put the BIC of the IBAN's bank in the place of a wrong one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names, left_alone
from recovery_console.core.actions.sepa._rows import NO_HOOKS, Row, compact, read, set_fields, value
from recovery_console.core.checks.sepa._accounts import bic_mistake, iban_mistake
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Role
from recovery_console.core.site import Site

#: Take part in SEPA without being in the EEA: there a BIC is needed.
NEED_BIC = frozenset({"AD", "AL", "CH", "GB", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})


@dataclass
class _Found:
	batches: list[Batch] = field(default_factory=list)
	left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class FillBics(Action):
	"""Put the BIC that belongs to a mandate's IBAN in the place of a malformed one, or one of another country.

	Where the bank is in no register the wrong BIC is emptied: within the EEA the IBAN is enough. With ``missing``
	empty BICs are filled as well.
	"""

	title = _("Correct the BICs of mandates")
	risk = Risk.REVERSIBLE
	checks = ("sepa.mandate_bic",)

	names: tuple[str, ...] = ()
	missing: bool = False
	most: int = 5_000

	def plan(self, site: Site) -> Plan:
		found = _Found()
		for profile in profiles_with(site, "mandate.iban", "mandate.bic", "mandate.status"):
			role = profile["mandate"]
			source = role.source()
			query = source.start(site.db).where(source.is_("active"))
			if self.names:
				query = query.where(
					source.table["name"].isin(list(known_names(site, role.doctype, self.names)))
				)
			for row in read(site, source, query, "iban", "bic"):
				self._look(site, role, row, found)
		return self.planned(
			site,
			_("Mandates whose BIC is to be corrected: {count}"),
			found.batches,
			most=self.most,
			warnings=[NO_HOOKS] if found.batches else (),
			left_out=found.left_out[:20],
		)

	def _look(self, site: Site, role: Role, row: Row, found: _Found) -> None:
		iban, bic = compact(value(role, row, "iban")), value(role, row, "bic")
		wrong = bool(bic) and bool(bic_mistake(bic, iban[:2]))
		if not wrong and not (self.missing and not bic):
			return
		if iban_mistake(iban):
			why = _("Its IBAN is wrong itself, so that it names no bank.")
			found.left_out += left_alone(role.doctype, [row["name"]], why)
			return
		right = bic_of(iban)
		if not right and wrong and iban[:2] in NEED_BIC:
			why = _("Its bank is in no register, and outside the EEA the BIC is needed: ask the holder.")
			found.left_out += left_alone(role.doctype, [row["name"]], why)
		elif right != bic:
			why = (
				_("The bank of this IBAN.") if right else _("Its bank is in no register; the IBAN is enough.")
			)
			edit = set_fields(site, role, row, bic=right)
			found.batches.append(batch(role.doctype, row["name"], edit, why=why))


def bic_of(iban: str) -> str:
	"""Return the BIC of a valid IBAN's bank; an empty text where no register has it."""
	from schwifty import IBAN

	parsed = IBAN(iban)
	return _bic_of(parsed.country_code, parsed.bank_code, iban)


@lru_cache(maxsize=4096)
def _bic_of(_country: str, _bank: str, iban: str) -> str:
	from schwifty import IBAN

	return str(IBAN(iban).bic or "")
