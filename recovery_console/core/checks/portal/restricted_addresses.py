"""Do the IP restrictions of users let them in?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import people
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

#: The beginning of an address: Frappe compares texts, so that networks, ranges and stars match nothing.
_PREFIX = re.compile(
	r"(?:\d{1,3}(?:\.\d{1,3}){0,3}\.?|[0-9a-f]{1,4}(?::[0-9a-f]{0,4})*|::[0-9a-f:]*)", re.IGNORECASE
)


@dataclass(frozen=True)
class RestrictedAddresses(Check):
	"""Do the IP restrictions of users hold entries that fit no address, or shut out where they come from?

	Frappe logs nothing when it refuses an address, so this reads what is set and where each user last came from.

	Cost: one walk through the users.
	"""

	title = _("IP restrictions")
	needs = ("User",)

	window: timedelta = timedelta(days=30)

	def run(self, site: Site) -> Answer:
		rows = self._restricted(site)
		entries = {str(row["name"]): _entries(str(row["restrict_ip"])) for row in rows}
		dead = {name: found for name, found in entries.items() if not all(map(_can_match, found))}
		yield from self._unmatchable(dead)
		yield from self._moved(
			[
				row
				for row in rows
				if row["name"] not in dead
				and row["last_ip"]
				and not str(row["last_ip"]).startswith(tuple(entries[str(row["name"])]))
				and (age := site.age(row["last_active"])) is not None
				and age <= self.window
			]
		)

	def _restricted(self, site: Site) -> list[Row]:
		"""Return the users whose restriction is in force."""
		two_factor = site.single_int("System Settings", "enable_two_factor_auth")
		if two_factor and site.single_int("System Settings", "bypass_restrict_ip_check_if_2fa_enabled"):
			return []
		user = table("User")
		query = people(site, user).where(user.restrict_ip.notnull() & (user.restrict_ip != ""))
		if two_factor:
			query = query.where(user.bypass_restrict_ip_check_if_2fa_enabled == 0)
		return site.db.run(
			query.select(user["name"], user.restrict_ip, user.last_ip, user.last_active).orderby(user["name"])
		)

	def _unmatchable(self, dead: dict[str, list[str]]) -> Iterator[Finding]:
		if dead:
			yield self.warning(
				_("Users whose IP restriction holds entries that fit no address: {count}."),
				cause=_(
					"Frappe compares the beginning of the address with each entry between commas. Networks such as"
					" 10.0.0.0/8, ranges, stars and one address per line fit nothing. Shut out everywhere: {shut_out}."
				),
				remedy=_(
					"Open these users and write Restrict IP as beginnings of addresses, with commas: 10.1.2., 192.0.2.7"
				),
				subject="unmatchable",
				subjects=[("User", name) for name in dead],
				shut_out=sum(1 for found in dead.values() if not any(map(_can_match, found))),
			)

	def _moved(self, rows: list[Row]) -> Iterator[Finding]:
		if rows:
			yield self.info(
				_("Users who last came from an address that is refused now: {count}."),
				cause=_(
					"They were active in the last {days} days, and their Restrict IP does not hold the address they"
					" used. Frappe ends their sessions and tells them that access is not allowed from there."
				),
				remedy=_("If they should get in from there, add it to Restrict IP in their User."),
				subject="moved",
				subjects=[("User", str(row["name"])) for row in rows],
				days=self.window.days,
			)


def _entries(text: str) -> list[str]:
	return [entry.strip() for entry in text.split(",")]


def _can_match(entry: str) -> bool:
	"""Tell whether an address can begin with this; every address begins with nothing."""
	return not entry or _PREFIX.fullmatch(entry) is not None
