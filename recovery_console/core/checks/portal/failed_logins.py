"""Is somebody guessing passwords, or hammering with an old one?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words


@dataclass(frozen=True)
class FailedLogins(Check):
	"""Did unusually many log-ins fail lately, for one user, from one address or altogether?

	What was typed as a user name may be a password, so only names of existing users are shown.

	Cost: the failed log-ins of the window in the Activity Log, three times, and a count of the last day's.
	"""

	title = _("Failed log-ins")
	needs = ("Activity Log", "User")

	window: timedelta = timedelta(hours=1)
	#: How many failed within this time is kept as a measurement.
	kept: timedelta = timedelta(days=1)
	per_user: int = 20
	per_address: int = 30
	altogether: int = 100

	def run(self, site: Site) -> Answer:
		log = table("Activity Log")
		total = site.db.count(site.db.from_(log).where(self._failed(site, log)))
		day = site.db.count(site.db.from_(log).where(self._failed(site, log, self.kept)))
		yield self.measure(failed_logins=total, failed_logins_day=day)
		if total < min(self.per_user, self.per_address, self.altogether):
			return
		found = [*self._by_address(site), *self._by_user(site)]
		yield from found
		if total >= self.altogether and not found:
			yield self.warning(
				_("Failed log-ins in {window}: {count}, spread over users and addresses."),
				cause=_(
					"No single user or address stands out: passwords are tried from many places at once."
				),
				remedy=_(
					"Look at Activity Log with Operation Login and Status Failed. Turn on two-factor authentication,"
					" and limit the rate of /api/method/login in the web server."
				),
				subject="spread",
				count=total,
				window=in_words(self.window),
			)

	def _failed(self, site: Site, log: Any, window: timedelta | None = None) -> Any:
		since = site.ago(window or self.window)
		return (
			(log.creation >= since)
			& (log.modified >= since)
			& (log.operation == "Login")
			& (log.status == "Failed")
		)

	def _groups(self, site: Site, column: str, least: int) -> list[Row]:
		log = table("Activity Log")
		query = site.db.from_(log).where(
			self._failed(site, log) & log[column].notnull() & (log[column] != "")
		)
		if column == "user":
			user = table("User")
			query = query.join(user).on(user["name"] == log["user"])
		number = Fn("COUNT", log["name"])
		return site.db.run(
			query.select(log[column].as_("who"), number.as_("attempts"))
			.groupby(log[column])
			.having(number >= least)
			.orderby(number, order=Order.desc)
		)

	def _by_address(self, site: Site) -> Iterator[Finding]:
		rows = self._groups(site, "ip_address", self.per_address)
		if rows:
			yield self.warning(
				_("IP addresses with many failed log-ins in {window}: {count}."),
				cause=_(
					"Somebody guesses passwords from there, or a program keeps logging in with an old one. The worst"
					" failed {most} times."
				),
				remedy=_(
					"If the address is not yours, block it in the firewall. If it is this machine's own, the web server"
					" hides the visitors' addresses: `bench setup nginx`, then reload nginx."
				),
				subject="addresses",
				subjects=[("IP address", str(row["who"])) for row in rows],
				**self._evidence(rows),
			)

	def _by_user(self, site: Site) -> Iterator[Finding]:
		rows = self._groups(site, "user", self.per_user)
		if rows:
			yield self.warning(
				_("Users with many failed log-ins in {window}: {count}."),
				cause=_(
					"A device or program keeps logging in with an old password, or somebody guesses it. The worst"
					" failed {most} times."
				),
				remedy=_(
					"Ask the users whether it was they. If not, give them a new password and end their sessions:"
					" `bench --site {site} set-password USER --logout-all-sessions`."
				),
				subject="users",
				subjects=[("User", str(row["who"])) for row in rows],
				site=site.name,
				**self._evidence(rows),
			)

	def _evidence(self, rows: list[Row]) -> dict[str, int | str]:
		return {
			"window": in_words(self.window),
			"most": int(rows[0]["attempts"]),
			"attempts": sum(int(row["attempts"]) for row in rows),
		}
