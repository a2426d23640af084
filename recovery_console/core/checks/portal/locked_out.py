"""Is anybody locked out after too many failed log-ins?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from recovery_console.core.check import Answer, Check
from recovery_console.core.checks.portal._locks import is_address, is_own_address, locked
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class LockedOut(Check):
	"""Which users and which IP addresses does Frappe turn away now, after too many failed log-ins?

	Frappe counts in two hashes of the cache, per user and per address, and writes nothing to the database.

	Cost: two settings and one walk through a hash; it is refused beyond ``most_tracked`` entries.
	"""

	title = _("Locked out")
	explained_by = ("portal.failed_logins",)

	most_tracked: int = 50_000

	def run(self, site: Site) -> Answer:
		attempts = site.single_int("System Settings", "allow_consecutive_login_attempts", 10)
		seconds = site.single_int("System Settings", "allow_login_after_fail", 60)
		if attempts <= 0:
			return  # this site counts, but never locks
		names, unreadable = locked(site, attempts, timedelta(seconds=seconds), self.most_tracked)
		limits = {"attempts": attempts, "seconds": seconds}
		yield from self._users([name for name in names if not is_address(name)], limits)
		yield from self._addresses([name for name in names if is_address(name)], limits)
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

	def _users(self, names: list[str], limits: dict[str, int]) -> Iterator[Finding]:
		if names:
			yield self.warning(
				_("Users locked out after failed log-ins: {count}."),
				cause=_(
					"More than {attempts} log-ins failed; the lock ends {seconds} s after the first of them."
					" It stands in no log."
				),
				remedy=_(
					"Wait until it ends, and ask the user for the password or send a reset link. Changing"
					" Log-in After in the User does not lift it."
				),
				subject="users",
				subjects=[("User", name) for name in names],
				**limits,
			)

	def _addresses(self, names: list[str], limits: dict[str, int]) -> Iterator[Finding]:
		shared = [name for name in names if is_own_address(name)]
		if shared:
			yield self.critical(
				_("Nobody can log in: the address of this machine itself is locked out."),
				cause=_(
					"The web server in front of Frappe does not pass on X-Forwarded-For, so that all visitors seem"
					" to come from one address; {attempts} failed log-ins of anybody lock everybody for {seconds} s."
				),
				remedy=_(
					"Let the web server set X-Forwarded-For: `bench setup nginx`, then reload nginx. Until then,"
					" raise Allow Consecutive Login Attempts in System Settings."
				),
				subject="proxy",
				subjects=[("IP address", name) for name in shared],
				**limits,
			)
		others = [name for name in names if name not in shared]
		if others:
			yield self.warning(
				_("IP addresses locked out after failed log-ins: {count}."),
				cause=_(
					"More than {attempts} log-ins from one address failed. Everybody behind it, such as an office"
					" with one connection, is turned away for {seconds} s after the first of them."
				),
				remedy=_(
					"Wait until it ends. If it is your own office, find the device with the old password; if it is"
					" not, block the address in the firewall."
				),
				subject="addresses",
				subjects=[("IP address", name) for name in others],
				**limits,
			)
