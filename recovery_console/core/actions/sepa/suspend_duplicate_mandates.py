"""Suspend all but one of several mandates for one purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

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
from recovery_console.core.checks.sepa.mandate_duplicate import PURPOSES
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class SuspendDuplicateMandates(Action):
	"""Suspend all but one of the active mandates that a payer has for the same purpose.

	The one that is kept: named in ``keep``; else that of the account on the payer's record; else the one that a
	batch under way uses; else the one signed last.
	"""

	title = _("Keep one mandate for each purpose")
	risk = Risk.REVERSIBLE
	checks = ("sepa.mandate_duplicate",)

	keep: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		waiting = 0
		for profile in profiles_with(site, "mandate.party", "mandate.iban", "mandate.umr", "mandate.status"):
			known_names(site, profile["mandate"].doctype, self.keep)
			surplus = list(self._surplus(site, profile))
			batches += [batch for batch, _umr in surplus]
			waiting += collections_under_way(site, profile, [umr for _batch, umr in surplus])
		return self.planned(
			site,
			_("Mandates to suspend, beside which the payer has another one: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS, *said_of_collections(waiting)] if batches else (),
			collections_not_sent=waiting,
		)

	def _surplus(self, site: Site, profile: Profile) -> Iterator[tuple[Batch, str]]:
		role, source = profile["mandate"], profile["mandate"].source("m")
		fields = [name for name in (*PURPOSES, "signed_on") if role.has(name)]
		query = source.start(site.db).where(source.is_("active"))
		parties: dict[str, list[Row]] = defaultdict(list)
		for row in read(site, source, query, "party", "iban", "umr", *fields, *status_fields(role)):
			if value(role, row, "party"):
				parties[value(role, row, "party")].append(row)
		several = {party: rows for party, rows in parties.items() if len(rows) > 1}
		accounts, used = self._accounts(site, profile, list(several)), self._used(site, profile)
		for party, rows in sorted(several.items()):
			taken: set[str] = set()
			for row in sorted(
				rows, key=lambda row: self._rank(profile, row, accounts.get(row["name"], ""), used)
			):
				purposes = {name for name in PURPOSES if role.has(name) and int(row[role.fields[name]] or 0)}
				purposes = purposes or {"all"}
				if purposes & taken:
					edit = with_status(site, role, row, "suspended")
					why = _("{0} has another active mandate for this purpose, which is kept.").format(party)
					yield batch(role.doctype, row["name"], edit, why=why), value(role, row, "umr")
				else:
					taken |= purposes

	def _rank(self, profile: Profile, row: Row, account: str, used: set[str]) -> tuple[Any, ...]:
		"""Return what sorts the mandate to keep first."""
		role = profile["mandate"]
		signed = value(role, row, "signed_on")[:10] if role.has("signed_on") else ""
		return (
			str(row["name"]) not in self.keep,
			compact(value(role, row, "iban")) != account,
			value(role, row, "umr").upper() not in used,
			[-ord(sign) for sign in signed],
			str(row["name"]),
		)

	@staticmethod
	def _accounts(site: Site, profile: Profile, parties: list[str]) -> dict[str, str]:
		"""Return the account on the payer's record, by mandate."""
		if not parties or not profile.has("party.iban"):
			return {}
		mandate, party = profile["mandate"].source("m"), profile["party"].source("p")
		query = party.join(mandate.start(site.db), party["id"] == mandate["party"]).where(
			mandate.is_("active")
		)
		found: dict[str, str] = {}
		for start in range(0, len(parties), 500):
			some = query.where(mandate["party"].isin(parties[start : start + 500]))
			for row in site.db.run(some.select(mandate.table["name"].as_("id"), party["iban"].as_("iban"))):
				found[str(row["id"])] = compact(str(row["iban"] or ""))
		return found

	@staticmethod
	def _used(site: Site, profile: Profile) -> set[str]:
		"""Return the references that batches which are not sent yet use."""
		if not profile.has("line.umr", "line.parent", "batch.status"):
			return set()
		line, batch = profile["line"].source("l"), profile["batch"].source("b")
		query = batch.join(line.start(site.db), line["parent"] == batch["id"])
		query = query.where(batch.is_("draft", "file_made") & (batch["docstatus"] < 2))
		rows = site.db.run(query.select(line["umr"].as_("umr")).distinct())
		return {str(row["umr"] or "").upper() for row in rows}
