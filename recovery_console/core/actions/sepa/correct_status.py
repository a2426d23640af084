"""Replace a status that nobody offers by one that the form offers."""

from __future__ import annotations

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._given import known_names
from recovery_console.core.actions.sepa._rows import NO_HOOKS, read, set_fields
from recovery_console.core.checks.sepa.unknown_status import ROLES
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.profile import resolve_profiles
from recovery_console.core.profile_model import Role
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: By these statuses money is, or may be, collected: a person sets them, who saw the signature or the bank.
COLLECTS = {
	"mandate": ("active",),
	"batch": ("draft", "file_made"),
	"line": ("open",),
	"retry": ("waiting", "scheduled"),
}


@dataclass(frozen=True)
class CorrectStatus(Action):
	"""Replace one status that the field of a DocType does not offer by one that it offers.

	Which one fits is a person's decision: a member who was expelled is not the same as one who died. A status that is
	offered is never changed, and none is put in by which money may be collected: no mandate becomes valid by this.
	"""

	title = _("Replace a status that nobody offers")
	risk = Risk.REVERSIBLE
	checks = ("sepa.unknown_status",)

	#: The DocType, the status to replace and the one to put in, as the finding and the form name them.
	doctype: str
	wrong: str
	right: str
	names: tuple[str, ...] = ()
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		role = self._role(site)
		choices = resolve_profiles(site).fields[role.doctype][role.fields["status"]].choices or ()
		if self.wrong in choices:
			raise UsageError(
				f"{role.doctype} offers the status {self.wrong[:80]!r}; nothing was changed.",
				remedy="Only a status that its field does not offer is replaced here.",
			)
		if self.right not in choices or not self.right:
			raise UsageError(
				f"{role.doctype} does not offer the status {self.right[:80]!r}; nothing was changed.",
				remedy=f"Choose from: {', '.join(choice for choice in choices if choice)}.",
			)
		_look_at(role, self.right)
		source = role.source()
		query = source.start(site.db).where(source["status"] == self.wrong)
		if self.names:
			query = query.where(source.table["name"].isin(list(known_names(site, role.doctype, self.names))))
		return self.planned(
			site,
			_("Documents to set from {wrong} to {right}: {count}"),
			[
				batch(role.doctype, row["name"], set_fields(site, role, row, status=self.right))
				for row in read(site, source, query, "status")
			],
			most=self.most,
			warnings=[NO_HOOKS, _("Correct the program that wrote this status; it will do so again.")],
			wrong=self.wrong,
			right=self.right,
		)

	def _role(self, site: Site) -> Role:
		for profile in resolve_profiles(site).profiles:
			for role in profile.roles:
				if role.name in ROLES and role.doctype == self.doctype and role.has("status"):
					return role
		raise UsageError(
			f"No SEPA profile of this site maps the status of {self.doctype[:80]!r}; nothing was changed.",
			remedy="Give the DocType as the finding names it.",
		)


def _look_at(role: Role, right: str) -> None:
	"""Refuse a status by which money could be collected that nobody decided to collect.

	Raises:
		UsageError: It is such a one.
	"""
	if role.logical(right) in COLLECTS.get(role.name, ()):
		raise UsageError(
			f"{role.doctype} does not become {right[:80]} by this: money could be collected on it; nothing was changed.",
			remedy="Look at the signature, or at what the bank has, and set it in the form of each document.",
		)
