"""Does each portal user have one contact?"""

from __future__ import annotations

from dataclasses import dataclass

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.portal._users import WEBSITE_USER, distinct_count, people
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class DuplicateContacts(Check):
	"""Which portal users have an e-mail address that stands in several contacts?

	Frappe looks a user's contact up by address and takes any: the customer, and with it what the portal shows,
	is then a matter of luck.

	Cost: one walk through the addresses of contacts, each with its user by key.
	"""

	title = _("Duplicate contacts of portal users")
	needs = ("User", "Contact Email")

	def run(self, site: Site) -> Answer:
		user, address = table("User"), table("Contact Email")
		rows = site.db.run(
			people(site, user)
			.join(address)
			.on((address.email_id == user["name"]) & (address.parenttype == "Contact"))
			.where(user.user_type == WEBSITE_USER)
			.select(user["name"].as_("who"), distinct_count(address.parent).as_("contacts"))
			.groupby(user["name"])
			.having(distinct_count(address.parent) > 1)
			.orderby(user["name"])
		)
		if rows:
			yield self.warning(
				_("Portal users whose e-mail address stands in several contacts: {count}."),
				cause=_(
					"Frappe takes any of them to find the customer or supplier. Contacts concerned: {contacts}."
				),
				remedy=_(
					"Search Contact for each address and merge them: Menu, Rename, with the name of the one to keep and"
					" Merge with existing ticked."
				),
				subjects=[("User", str(row["who"])) for row in rows],
				contacts=sum(int(row["contacts"]) for row in rows),
			)
