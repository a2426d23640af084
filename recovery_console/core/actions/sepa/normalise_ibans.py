"""Store IBANs in their electronic form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import left_alone
from recovery_console.core.actions.sepa._rows import NO_HOOKS, Row, compact, read, set_fields, value
from recovery_console.core.checks.sepa._accounts import iban_mistake
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Role
from recovery_console.core.site import Site

ROLES = ("mandate", "bank_account")


@dataclass
class _Found:
	batches: list[Batch] = field(default_factory=list)
	invalid: dict[str, list[str]] = field(default_factory=dict)
	seen: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class NormaliseIbans(Action):
	"""Store the IBANs of active mandates and bank accounts in capitals, without blanks, dashes and dots.

	Only those whose check digits, length and country are right afterwards: an IBAN with a mistyped digit is left
	alone, because guessing digits can hit the account of somebody else.
	"""

	title = _("Store IBANs in their electronic form")
	risk = Risk.REVERSIBLE
	checks = ("sepa.mandate_iban", "sepa.bank_account_iban")

	names: tuple[str, ...] = ()
	most: int = 5_000

	def plan(self, site: Site) -> Plan:
		found = _Found()
		for role in self._roles(site):
			for row in self._rows(site, role):
				self._look(site, role, row, found)
		unknown = [name for name in self.names if name not in found.seen]
		if unknown:
			raise UsageError(
				f"No active mandate and no bank account in use is called {unknown[0][:80]!r}; nothing was changed.",
				remedy="Give the names as the finding shows them, or none.",
			)
		return self.planned(
			site,
			_("IBANs to store in capitals, without blanks and dashes: {count}"),
			found.batches,
			most=self.most,
			warnings=[NO_HOOKS, _("Some apps put the blanks back when such a document is saved.")]
			if found.batches
			else (),
			left_out=_invalid(found),
		)

	@staticmethod
	def _roles(site: Site) -> list[Role]:
		"""Return each role once, whichever profiles name it."""
		roles: dict[str, Role] = {}
		for profile in profiles_with(site, "bank_account.iban"):
			for name in ROLES:
				if profile.has(f"{name}.iban"):
					roles.setdefault(profile[name].doctype, profile[name])
		return list(roles.values())

	def _rows(self, site: Site, role: Role) -> Iterator[Row]:
		source = role.source()
		query = source.start(site.db)
		if role.name == "mandate":
			query = query.where(source.is_("active"))
		if self.names:
			query = query.where(source.table["name"].isin(list(self.names)))
		yield from read(site, source, query, "iban")

	@staticmethod
	def _look(site: Site, role: Role, row: Row, found: _Found) -> None:
		found.seen.add(str(row["name"]))
		text = value(role, row, "iban")
		electronic = compact(text)
		if not text or electronic == row[role.fields["iban"]]:
			return
		if iban_mistake(electronic) not in ("", "outside"):
			found.invalid.setdefault(role.doctype, []).append(str(row["name"]))
			return
		found.batches.append(batch(role.doctype, row["name"], set_fields(site, role, row, iban=electronic)))


def _invalid(found: _Found) -> list[LeftOut]:
	why = _("Its digits, length or country are wrong, too: ask the holder.")
	return [left for doctype, names in found.invalid.items() for left in left_alone(doctype, names, why)]
