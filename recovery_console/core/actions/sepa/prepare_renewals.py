"""Write down whom to ask for a new mandate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core import safe_csv
from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.sepa._rows import own_column
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

HEADER = ("Payer", "Name", "E-mail", "Old reference", "Old status", "Unpaid invoices", "Unpaid amount")
#: Ended mandates are asked to be renewed for this.
ENDED = ("suspended", "expired", "draft")


@dataclass(frozen=True)
class PrepareRenewals(Action):
	"""Write a list of payers without a usable mandate, or whose mandate ends soon, to ask them for a new signature.

	It is a CSV file among the site's private files, for a letter or mail. Nothing is sent, no mandate is made and
	none is set to active: a mandate is valid only with the payer's signature.
	"""

	title = _("List the payers to ask for a new mandate")
	risk = Risk.REVERSIBLE
	checks = ()
	resources = ("sepa", "files")

	#: Payers whose mandate ends within this time are asked, too.
	ahead: timedelta = timedelta(days=30)
	#: Only payers who owe something.
	only_owing: bool = False
	most: int = 5_000

	def plan(self, site: Site) -> Plan:
		batches: list[Batch] = []
		listed = 0
		for profile in profiles_with(site, "mandate.party", "mandate.umr", "mandate.status", "party.status"):
			rows = self._rows(site, profile)[: self.most]
			listed += len(rows)
			if rows:
				batches.append(self._file(site, profile, rows))
		return self.planned(
			site,
			_("Payers to list, to be asked for a new mandate: {payers}"),
			batches,
			warnings=[_("The list holds names and addresses: delete it when the letters are written.")],
			payers=listed,
		)

	def _rows(self, site: Site, profile: Profile) -> list[dict[str, Any]]:
		"""Return the active payers without a mandate that lasts, each with the last that they had."""
		mandate, party = profile["mandate"].source("m"), profile["party"].source("p")
		lasting = mandate.is_("active")
		ending = mandate.is_(*ENDED)
		if mandate.role.has("expires_on"):
			until = site.ago(-self.ahead).date()
			lasting &= mandate["expires_on"].isnull() | (mandate["expires_on"] > until)
			ending |= mandate.is_("active") & (mandate["expires_on"] <= until)
		own = mandate.start(site.db).where(lasting & mandate["party"].notnull()).select(mandate["party"])
		query = mandate.join(party.start(site.db), mandate["party"] == party["id"])
		query = query.where(party.is_("active") & party.chosen() & ending)
		fields = [
			party[name].as_(name) for name in ("id", "name", "email", "customer") if party.role.has(name)
		]
		rows = site.db.run(
			query.where(party["id"].notin(own))
			.select(*fields, mandate["umr"].as_("umr"), mandate["status"].as_("status"))
			.orderby(party["id"])
			.orderby(mandate.table["creation"])
			.orderby(mandate.table["name"])
		)
		owed = self._owed(site, profile, rows)
		latest = {str(row["id"]): {**row, "owed": owed.get(row.get("customer"), (0, 0.0))} for row in rows}
		return [row for row in latest.values() if row["owed"][0] or not self.only_owing]

	@staticmethod
	def _owed(site: Site, profile: Profile, rows: list[dict[str, Any]]) -> dict[Any, tuple[int, float]]:
		if not profile.has("invoice.customer", "invoice.outstanding", "party.customer"):
			return {}
		invoice = profile["invoice"].source("i")
		customers = sorted({row["customer"] for row in rows if row.get("customer")})
		found: dict[Any, tuple[int, float]] = {}
		for start in range(0, len(customers), 500):
			some = invoice["customer"].isin(customers[start : start + 500]) & (invoice["outstanding"] > 0)
			for row in site.db.run(
				invoice.start(site.db).select(*invoice.pick("customer", "outstanding")).where(some)
			):
				count, amount = found.get(row["customer"], (0, 0.0))
				found[row["customer"]] = (count + 1, amount + float(row["outstanding"]))
		return found

	@staticmethod
	def _file(site: Site, profile: Profile, rows: list[dict[str, Any]]) -> Batch:
		own_column(profile["mandate"], "status")
		lines: list[tuple[Any, ...]] = [HEADER]
		for row in rows:
			count, amount = row["owed"]
			cells = (
				row["id"],
				row.get("name"),
				row.get("email"),
				row["umr"],
				row["status"],
				count,
				f"{amount:.2f}",
			)
			lines.append(cells)
		name = f"mandate-renewals-{site.db_time(site.now()):%Y-%m-%d-%H%M%S}.csv"
		path = f"sites/{site.name}/private/files/{name}"
		if site.files.exists(f"private/files/{name}"):
			raise NotApplicable(_("The list {0} was written this very second.").format(name))
		content = safe_csv.MARK + safe_csv.written(lines)
		return batch("Path", path, FileText(path, ABSENT, content, 0o640))
