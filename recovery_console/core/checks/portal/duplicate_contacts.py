"""Does each portal user have one contact?"""

from __future__ import annotations

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import WEBSITE_USER, distinct_count, people
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DuplicateContacts(Check):
	"""Which portal users have an e-mail address that stands in several contacts?

	Frappe looks a user's contact up by address and takes any: the customer, and with it what the portal shows,
	is then a matter of luck.

	Cost: one walk through the addresses of contacts.
	"""

	title = _("Duplicate contacts of portal users")
	needs = ("User", "Contact Email")

	def run(self, site: Site) -> Answer:
		doubled = self._doubled(site)
		portal_users = self._portal_users(site, list(doubled))
		if portal_users:
			yield self.warning(
				_("Portal users whose e-mail address stands in several contacts: {count}."),
				cause=_(
					"Frappe takes any of them to find the customer or supplier. Contacts concerned: {contacts}."
				),
				remedy=_(
					"Search Contact for each address and merge them: Menu, Rename, with the name of the one to keep and"
					" Merge with existing ticked."
				),
				subjects=[("User", name) for name in portal_users],
				contacts=sum(doubled[name] for name in portal_users),
			)

	def _doubled(self, site: Site) -> dict[str, int]:
		"""Return the addresses in several contacts, and in how many."""
		address = table("Contact Email")
		first, last = Fn("MIN", address.parent), Fn("MAX", address.parent)
		rows = site.db.run(
			site.db.from_(address)
			.select(address.email_id, distinct_count(address.parent).as_("contacts"))
			.where((address.parenttype == "Contact") & address.email_id.notnull())
			.groupby(address.email_id)
			.having(first < last)
		)
		return {str(row["email_id"]): int(row["contacts"]) for row in rows}

	def _portal_users(self, site: Site, names: list[str]) -> list[str]:
		"""Return those addresses that are names of portal users."""
		user = table("User")
		found: list[str] = []
		for start in range(0, len(names), 500):
			query = people(site, user).where(
				(user.user_type == WEBSITE_USER) & user["name"].isin(names[start : start + 500])
			)
			found += [str(row["name"]) for row in site.db.run(query.select(user["name"]))]
		return sorted(found)
