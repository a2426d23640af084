"""Are the keys with which programs log in renewed, and closed with their users?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.sql import Fn, raw_table, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._users import count_and_names
from recovery_console.core.checks.security._stamps import HEAD, stored_at
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class ProgrammaticAccess(Check):
	"""How old are the API keys of users, and do disabled users still have one?

	Frappe notes no date for a key. But what it encrypts carries the time at which it was stored, so that the age
	is known without opening the value: since it was made, or since the site's values were last encrypted anew.

	Cost: the users who have a key, each with one lookup by primary key; only the twelve characters that hold the
	time are read.
	"""

	title = _("API keys")
	needs = ("User",)

	rotate_after: timedelta = timedelta(days=90)
	overdue_after: timedelta = timedelta(days=365)

	def run(self, site: Site) -> Answer:
		yield from self._disabled(site)
		ages, undated = self._ages(site)
		yield self.measure(
			keys=len(ages) + undated, oldest_days=round(max(ages.values(), default=timedelta()).days)
		)
		overdue = {user: age for user, age in ages.items() if age > self.overdue_after}
		due = {user: age for user, age in ages.items() if self.rotate_after < age <= self.overdue_after}
		for found, limit, build in (
			(overdue, self.overdue_after, self.warning),
			(due, self.rotate_after, self.info),
		):
			if found:
				yield build(
					_("API keys that are older than {limit}: {count}."),
					cause=_(
						"A key opens the site without a second factor until it is replaced, and it lies in other"
						" programs' settings, where people who left may have seen it. The oldest is {oldest_days} days"
						" old."
					),
					remedy=_(
						"Open each user named, press Generate Keys under API Access, and enter the new ones in the"
						" program that uses them; the old ones stop working at once."
					),
					subject="overdue" if build == self.warning else "due",
					subjects=[("User", user) for user in found],
					limit=in_words(limit),
					oldest_days=max(found.values()).days,
					undated=undated,
				)

	def _ages(self, site: Site) -> tuple[dict[str, timedelta], int]:
		"""Return the age of each enabled user's key, oldest first, and how many tell no age."""
		user, kept = table("User"), raw_table("__Auth")
		rows = site.db.run(
			site.db.from_(user)
			.join(kept)
			.on(kept["name"] == user["name"])
			.select(user["name"], Fn("SUBSTR", kept["password"], 1, HEAD).as_("head"))
			.where((user.enabled == 1) & user.api_key.notnull() & (user.api_key != ""))
			.where(
				(kept["doctype"] == "User") & (kept["fieldname"] == "api_secret") & (kept["encrypted"] == 1)
			)
		)
		dated = {str(row["name"]): stored_at(row["head"]) for row in rows}
		ages = {name: site.now() - moment for name, moment in dated.items() if moment is not None}
		ordered = dict(sorted(ages.items(), key=lambda item: (-item[1], item[0])))
		return ordered, len(dated) - len(ages)

	def _disabled(self, site: Site) -> Iterator[Finding]:
		user = table("User")
		query = site.db.from_(user).where((user.enabled == 0) & user.api_key.notnull() & (user.api_key != ""))
		count, names = count_and_names(site, query, user["name"])
		if not count:
			return
		still = 0 < site.frappe_major < 16
		yield (self.warning if still else self.info)(
			_("Disabled users who still have an API key: {count}."),
			cause=_(
				"Frappe 15 does not look whether a user is enabled when a program comes with the user's key: these"
				" still open the site."
			)
			if still
			else _("Frappe refuses them now; they work again as soon as somebody enables the user."),
			remedy=_(
				"Open each user named and press Generate Keys under API Access once, without noting the new secret: the"
				" old one is then worthless."
			),
			subject="disabled",
			subjects=[("User", name) for name in names],
			count=count,
		)
