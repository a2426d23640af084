"""Suspend mandates on which nothing may be collected."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.sepa._rows import (
	NO_HOOKS,
	Row,
	collections_under_way,
	compact,
	read,
	said_of_collections,
	status_fields,
	value,
	with_status,
)
from recovery_console.core.checks.sepa._accounts import iban_mistake
from recovery_console.core.checks.sepa._iban_texts import IBAN_TEXTS
from recovery_console.core.checks.sepa._query import is_blank, own_ibans, today
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

REASONS = ("iban", "signature", "holder", "left", "lost")


@dataclass(frozen=True)
class SuspendUnusableMandates(Action):
	"""Suspend active mandates without a usable IBAN, signature or payer, so that no batch takes them up.

	Which reasons count is chosen with ``reasons``: ``iban``, ``signature``, ``holder`` (no name), ``left`` (the
	payer left) and ``lost`` (the payer is not on record).
	"""

	title = _("Suspend unusable mandates")
	risk = Risk.REVERSIBLE
	checks = ("sepa.mandate_iban", "sepa.mandate_details", "sepa.mandate_left")

	names: tuple[str, ...] = ()
	reasons: tuple[str, ...] = REASONS
	most: int = 500

	def plan(self, site: Site) -> Plan:
		wrong = [reason for reason in self.reasons if reason not in REASONS]
		if wrong:
			raise UsageError(
				f"{wrong[0][:80]!r} is no reason to suspend a mandate.",
				remedy=f"Choose from: {', '.join(REASONS)}.",
			)
		batches: list[Batch] = []
		waiting = 0
		for profile in profiles_with(site, "mandate.iban", "mandate.status"):
			chosen = list(self._unusable(site, profile))
			batches += [batch for batch, _reference in chosen]
			waiting += collections_under_way(site, profile, [umr for _batch, umr in chosen if umr])
		return self.planned(
			site,
			_("Mandates to suspend: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS, *said_of_collections(waiting)] if batches else (),
			collections_not_sent=waiting,
		)

	def _unusable(self, site: Site, profile: Profile) -> Iterator[tuple[Batch, str]]:
		role, source = profile["mandate"], profile["mandate"].source("m")
		query = source.start(site.db).where(source.is_("active"))
		if self.names:
			query = query.where(source.table["name"].isin(list(known_names(site, role.doctype, self.names))))
		gone = self._payers_gone(site, profile)
		extra = [name for name in ("holder", "signed_on", "umr") if role.has(name)]
		own = own_ibans(site, profile)
		for row in read(site, source, query, "iban", *extra, *status_fields(role)):
			why = self._why(site, profile, row, gone, own)
			if why:
				umr = value(role, row, "umr") if role.has("umr") else ""
				yield (
					batch(role.doctype, row["name"], with_status(site, role, row, "suspended"), why=why),
					umr,
				)

	def _why(self, site: Site, profile: Profile, row: Row, gone: dict[str, str], own: frozenset[str]) -> str:
		role = profile["mandate"]
		if "iban" in self.reasons:
			iban = compact(value(role, row, "iban"))
			code = "own" if iban in own else iban_mistake(iban)
			if code:
				return _("IBAN: {0}.").format(IBAN_TEXTS[code][0])
		if "signature" in self.reasons and role.has("signed_on"):
			signed = value(role, row, "signed_on")[:10]
			if not signed or signed > today(site).isoformat():
				return _("It has no date of signature, or one in the future.")
		if "holder" in self.reasons and role.has("holder") and not value(role, row, "holder"):
			return _("It names no account holder.")
		return gone.get(str(row["name"]), "")

	def _payers_gone(self, site: Site, profile: Profile) -> dict[str, str]:
		"""Return the mandates of payers who left or are not on record, with the reason."""
		found: dict[str, str] = {}
		if not profile.has("mandate.party", "party.status") or not {"left", "lost"} & set(self.reasons):
			return found
		mandate, party = profile["mandate"].source("m"), profile["party"].source("p")
		query = party.join(mandate.start(site.db), party["id"] == mandate["party"], optional=True)
		query = query.where(mandate.is_("active")).select(mandate.table["name"].as_("id"))
		for reason, condition, why in (
			("left", party.is_("left"), _("The payer left.")),
			("lost", party["id"].isnull() & ~is_blank(mandate["party"]), _("The payer is not on record.")),
		):
			if reason in self.reasons:
				found |= {str(row["id"]): why for row in site.db.run(query.where(condition))}
		return found
