"""Set mandates to expired that have expired."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.sepa._rows import (
	NO_HOOKS,
	collections_under_way,
	read,
	said_of_collections,
	status_fields,
	value,
	with_status,
)
from recovery_console.core.checks.sepa._query import today
from recovery_console.core.checks.sepa.mandate_dormant import COLLECTIONS, months_before, with_last_use
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.profile import profiles_with
from recovery_console.core.profile_model import Profile
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: A mandate on which nothing was presented for so many months has expired, by the rules of the schemes.
LAPSE = 36


@dataclass(frozen=True)
class ExpireMandates(Action):
	"""Set active mandates to expired whose date of expiry has passed, or on which nothing was presented for 36 months.

	With ``unused`` also those that were signed so long ago and never used.
	"""

	title = _("Set mandates to expired that have expired")
	risk = Risk.REVERSIBLE
	checks = ("sepa.mandate_expired", "sepa.mandate_dormant")

	names: tuple[str, ...] = ()
	months: int = LAPSE
	unused: bool = False
	most: int = 500

	def plan(self, site: Site) -> Plan:
		if not LAPSE <= self.months <= 10 * LAPSE:
			raise UsageError(
				f"A mandate does not expire {self.months} months after its last collection; nothing was changed.",
				remedy=f"The rules of the schemes say {LAPSE} months; give that, or more.",
			)
		batches: list[Batch] = []
		waiting = 0
		for profile in profiles_with(site, "mandate.status"):
			role, source = profile["mandate"], profile["mandate"].source("m")
			reasons = self._reasons(site, profile)
			wanted = (
				set(known_names(site, role.doctype, self.names)) & set(reasons)
				if self.names
				else set(reasons)
			)
			if not wanted:
				continue
			extra = ("umr",) if role.has("umr") else ()
			query = source.start(site.db).where(source.is_("active"))
			rows = [
				row
				for row in read(site, source, query, *extra, *status_fields(role))
				if str(row["name"]) in wanted
			]
			batches += [
				batch(
					role.doctype,
					row["name"],
					with_status(site, role, row, "expired"),
					why=reasons[str(row["name"])],
				)
				for row in rows
			]
			if extra:
				waiting += collections_under_way(site, profile, [value(role, row, "umr") for row in rows])
		return self.planned(
			site,
			_("Mandates to set to expired: {count}"),
			batches,
			most=self.most,
			warnings=[NO_HOOKS, *said_of_collections(waiting)] if batches else (),
			collections_not_sent=waiting,
		)

	def _reasons(self, site: Site, profile: Profile) -> dict[str, str]:
		"""Return the names of the mandates that have expired, with the reason."""
		mandate = profile["mandate"].source("m")
		active = mandate.start(site.db).where(mandate.is_("active"))
		queries = []
		if profile.has("mandate.signed_on", "mandate.umr") and (
			profile.has("mandate.last_used_on") or profile.has(*COLLECTIONS)
		):
			before = months_before(today(site), self.months)
			old, last = with_last_use(site, profile, mandate, active.where(mandate["signed_on"] < before))
			queries.append((old.where(last < before), _("Nothing was presented on it for too long.")))
			if self.unused:
				queries.append((old.where(last.isnull()), _("It was signed long ago and never used.")))
		if profile.has("mandate.expires_on"):
			over = active.where(mandate["expires_on"] < today(site))
			queries.append((over, _("Its date of expiry has passed.")))
		return {
			str(row["id"]): why
			for query, why in queries
			for row in site.db.run(query.select(mandate.table["name"].as_("id")))
		}
