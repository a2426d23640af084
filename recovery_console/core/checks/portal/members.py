"""Does each active member reach the member portal?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pypika import functions as fn

from recovery_console.core.backends.repeats import repeating
from recovery_console.core.backends.sql import DocTable, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._members import broken, filled
from recovery_console.core.checks.portal._users import count_and_names
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Members(Check):
	"""Where is the chain broken from an active member to its user, role and customer?

	The member portal finds the member by the user, and the invoices by the member's customer.

	Cost: four walks through the active members, each row with its user, role or customer by key; it grows with
	their number.
	"""

	title = _("Members and their users")
	needs = ("Member", "User", "Has Role", "Customer")
	needs_app = "verenigingen"
	budget = timedelta(seconds=6)

	def run(self, site: Site) -> Answer:
		member = table("Member")
		for kind, query in broken(site, member):
			count, names = count_and_names(site, query, member["name"])
			if count:
				title, cause, remedy = _TEXTS[kind]
				yield self.warning(
					title,
					cause=cause,
					remedy=remedy,
					subject=kind,
					subjects=[("Member", name) for name in names],
					count=count,
				)
		yield from self._shared(site, member)

	def _shared(self, site: Site, member: DocTable) -> Iterator[Finding]:
		number = fn.Count(member["name"])
		linked = site.db.from_(member).where((member.status == "Active") & filled(member, "user"))
		repeated = repeating(site.db, linked, member["user"])
		if repeated is None:
			return
		rows = site.db.run(
			repeated.select(member["user"].as_("who"), number.as_("members"))
			.groupby(member["user"])
			.having(number > 1)
			.orderby(member["user"])
		)
		if rows:
			yield self.warning(
				_("Users who belong to several active members: {count}."),
				cause=_("The portal shows the user any one of these {members} members."),
				remedy=_("Give each member a user of its own, or merge members that are the same person."),
				subject="shared",
				subjects=[("User", str(row["who"])) for row in rows],
				members=sum(int(row["members"]) for row in rows),
			)


_TEXTS = {
	"user": (
		_("Active members whose user does not exist: {count}."),
		_(
			"The user was deleted or renamed past Frappe: the member cannot log in, nor can the member be saved."
		),
		_("Open these members and choose the right User, or empty it and create the account again."),
	),
	"disabled": (
		_("Active members whose user is disabled: {count}."),
		_("The member is active, but the account was switched off: logging in fails."),
		_("Tick Enabled in these users; or end the membership if the member has left."),
	),
	"role": (
		_("Active members whose user lacks the role Verenigingen Member: {count}."),
		_("The user can log in, but the member portal refuses its pages."),
		_("Open the users of these members, add the role Verenigingen Member, and save."),
	),
	"unlinked": (
		_("Active members who are not linked with their user: {count}."),
		_(
			"A user with the member's e-mail address exists, but User in the member is empty: some pages of"
			" the portal find no member."
		),
		_("Open these members, choose the user with the same address as User, and save."),
	),
	"customer": (
		_("Active members without a customer: {count}."),
		_(
			"Customer is empty or names one that does not exist: no invoice is made, and the portal shows none."
		),
		_("Open these members, choose or create their Customer, and save."),
	),
}
