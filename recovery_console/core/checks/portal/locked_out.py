"""Is anybody locked out after too many failed log-ins?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.portal._locks import came_from_elsewhere, is_address, is_own_address, locked
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LockedOut(Check):
	"""Which users and which IP addresses does Frappe turn away now, after too many failed log-ins?

	Frappe counts in two hashes of the cache, per user and per address, and writes nothing to the database.

	Cost: two settings and one walk through a hash; it is refused beyond ``most_tracked`` entries. One look into
	the Activity Log of the window where this machine's own address is locked.
	"""

	title = _("Locked out")
	needs = ("Activity Log",)
	explained_by = ("portal.failed_logins",)

	most_tracked: int = 50_000
	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		attempts = site.single_int("System Settings", "allow_consecutive_login_attempts", 10)
		seconds = site.single_int("System Settings", "allow_login_after_fail", 60)
		if attempts <= 0:
			return  # this site counts, but never locks
		names, unreadable = locked(site, attempts, timedelta(seconds=seconds), self.most_tracked)
		limits = {"attempts": attempts, "seconds": seconds, "site": site.name}
		addresses = [name for name in names if is_address(name)]
		own = [name for name in addresses if is_own_address(name)]
		yield from self._users([name for name in names if name not in addresses], limits)
		yield from self._own(own, site, limits)
		yield from self._addresses([name for name in addresses if name not in own], limits)
		if unreadable:
			yield self.info(
				_("Counters of failed log-ins that cannot be read: {count}."),
				cause=_("They do not hold what Frappe 15 or 16 writes there; whom they lock is not known."),
				remedy=_(
					"Run `bench --site {site} clear-cache`: it also lifts every lock. Then see who writes to this cache."
				),
				subject="unreadable",
				count=unreadable,
				site=site.name,
			)
		yield self.measure(locked=len(names))

	def _users(self, names: list[str], limits: dict[str, Any]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("Users locked out after failed log-ins: {count}."),
				cause=_(
					"More than {attempts} log-ins failed; the lock ends {seconds} s after the first of them."
					" It stands in no log."
				),
				remedy=_(
					"Wait until it ends, and see that the user has the right password. To lift every lock at once:"
					" `bench --site {site} clear-cache`. Login After in the User has nothing to do with it."
				),
				subject="users",
				subjects=[("User", name) for name in names],
				**limits,
			)

	def _own(self, names: list[str], site: Site, limits: dict[str, Any]) -> Iterator[Finding]:
		if not names:
			return
		if came_from_elsewhere(site, self.window):
			yield self.warning(
				_("This machine's own address is locked out after failed log-ins."),
				cause=_(
					"More than {attempts} log-ins from the machine itself failed: a program on it logs in with an old"
					" password. Visitors come from other addresses and are not concerned."
				),
				remedy=_("Find the program, and give it an API key instead of a password."),
				subject="own",
				subjects=[("IP address", name) for name in names],
				**limits,
			)
			return
		yield self.critical(
			_("Nobody can log in: all visitors seem to come from one address, and it is locked out."),
			cause=_(
				"The web server in front of Frappe does not pass on where visitors come from (X-Forwarded-For), so"
				" that {attempts} failed log-ins of anybody lock everybody out for {seconds} s."
			),
			remedy=_(
				"Let the web server set X-Forwarded-For: `bench setup nginx`, then reload nginx. To lift every lock"
				" at once: `bench --site {site} clear-cache`."
			),
			subject="own",
			subjects=[("IP address", name) for name in names],
			**limits,
		)

	def _addresses(self, names: list[str], limits: dict[str, Any]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("IP addresses locked out after failed log-ins: {count}."),
				cause=_(
					"More than {attempts} log-ins from one address failed. Everybody behind it, such as an office"
					" with one connection, is turned away for {seconds} s after the first of them."
				),
				remedy=_(
					"If it is your own office, find the device with the old password; if it is not, block the address"
					" in the firewall. To lift every lock at once: `bench --site {site} clear-cache`."
				),
				subject="addresses",
				subjects=[("IP address", name) for name in names],
				**limits,
			)
