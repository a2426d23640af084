"""Do documents have states that nobody offers?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.sepa._query import tally
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import Finding, _
from recovery_console.core.profile import Resolved, resolve_profiles
from recovery_console.core.profile_model import OTHER, Profile, Role
from recovery_console.core.site import Site
from recovery_console.core.window import NEWEST_ALONE, among_newest

#: The parts whose statuses other checks rely on.
ROLES = ("mandate", "batch", "line", "retry", "return_log", "party", "bank_tx", "account_request", "bulk_op")


@dataclass(frozen=True)
class UnknownStatus(Check):
	"""Do mandates, batches or retries have a status that their DocType does not offer, or that no profile knows?

	Cost: one grouped count per DocType over the rows changed last within the window; those with a status that
	nobody offers are then counted in the whole window.
	"""

	title = _("Statuses that nobody offers")

	#: Rows that were not changed for longer are not looked at.
	window: timedelta = timedelta(days=400)
	#: Statuses are looked for in so many rows of a DocType, those changed last.
	most: int = NEWEST_ALONE

	def run(self, site: Site) -> Answer:
		resolved = resolve_profiles(site)
		roles = list(_roles(resolved))
		if not roles:
			raise NotApplicable(_("No SEPA profile that fits this site maps a status."))
		for profile, role in roles:
			yield from self._look(site, resolved, profile, role)

	def _look(self, site: Site, resolved: Resolved, profile: Profile, role: Role) -> Iterator[Finding]:
		source = role.source("s")
		field = resolved.fields[role.doctype][role.fields["status"]]
		recent = source.start(site.db).where(source["modified"] >= site.ago(self.window))
		newest = recent
		if not site.has_doctype(role.doctype, "parenttype"):
			newest = recent.where(among_newest(site, source, self.most))
		groups = newest.select(source["status"].as_("value"), fn.Count("*").as_("n")).groupby(
			source["status"]
		)
		for row in site.db.run(groups):
			value = row["value"]
			offered = value in (field.choices or ())
			if value in (None, "") or (offered and role.logical(value) != OTHER):
				continue
			count, named = tally(site, source, recent.where(source["status"] == value))
			details = {"doctype": role.doctype, "value": value, "meaning": role.logical(value)}
			yield self.warning(
				_("{doctype} has the status {value}, which {whom}; so many: {count}."),
				cause=_("Code wrote it past the form. Lists, filters and later steps do not expect it.")
				if not offered
				else _(
					"The app or somebody here added it to the options; the SEPA profile does not know it."
				),
				remedy=_(
					"Open them one by one and set the status that fits: the form refuses to save them as they are."
				)
				if not offered
				else _("Map it in a SEPA Profile of your own, so that these documents are judged."),
				subject=f"{role.doctype}:{value}",
				subjects=named,
				count=count,
				whom=_("the field does not offer") if not offered else _("no profile knows"),
				profile=profile.title,
				**details,
			)


def _roles(resolved: Resolved) -> Iterator[tuple[Profile, Role]]:
	"""Yield each role once whose status is a choice from a list."""
	seen = set()
	for profile in resolved.profiles:
		for role in profile.roles:
			field = resolved.fields.get(role.doctype, {}).get(role.fields.get("status", ""))
			known = role.name in ROLES and role.doctype not in seen
			if known and field is not None and field.choices:
				seen.add(role.doctype)
				yield profile, role
