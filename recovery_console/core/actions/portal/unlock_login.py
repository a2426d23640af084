"""Lift the locks that failed log-ins left on users and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal import _locks
from recovery_console.core.edits import ABSENT, Edit, HashEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import rows_named
from recovery_console.core.site import Site

_HASHES = ("login_failed_count", "login_failed_time")
#: More failures than this in the last hour are no slip of the finger.
_MANY = 30


@dataclass(frozen=True)
class UnlockLogin(Action):
	"""Let users and addresses log in again whom Frappe turns away after too many failed log-ins.

	Frappe counts in two hashes of the cache, per user and per address; this takes the counters out. Without names
	it takes all that lock now, and those that nobody can read.
	"""

	title = "Unlock users and addresses"
	risk = Risk.REVERSIBLE
	needs = ("User", "Activity Log")
	checks = ("portal.locked_out",)

	names: tuple[str, ...] = ()
	most: int = 500
	most_tracked: int = 50_000

	def plan(self, site: Site) -> Plan:
		names = self.names or self._locked(site)
		batches = list(self._batches(site, names))
		failed = self._failed(site)
		return self.planned(
			site,
			_("Users and addresses to be let in again: {count}"),
			batches,
			most=self.most,
			warnings=self._warnings(failed),
			failed_logins_in_one_hour=failed,
		)

	def _locked(self, site: Site) -> list[str]:
		attempts = site.single_int("System Settings", "allow_consecutive_login_attempts", 10)
		seconds = site.single_int("System Settings", "allow_login_after_fail", 60)
		if attempts <= 0:
			return []
		locked, unreadable = _locks.counters(site, attempts, timedelta(seconds=seconds), self.most_tracked)
		return [*locked, *unreadable]

	def _batches(self, site: Site, names: Any) -> Iterator[Batch]:
		prefix = str(site.config.get("db_name") or "")
		keys = [f"{prefix}|{name}".encode() for name in _HASHES]
		fields = [name.encode() for name in names]
		unknown: list[str] = []
		with site.cache.client() as client:
			held = [client.hmget(key, fields) for key in keys] if fields else [[], []]
		for name, field, *values in zip(names, fields, *held, strict=True):
			edits: list[Edit] = [
				HashEdit("cache", key, field, value, ABSENT)
				for key, value in zip(keys, values, strict=True)
				if value is not None
			]
			if edits:
				yield batch("IP address" if _locks.is_address(name) else "User", name, *edits)
			elif not _locks.is_address(name):
				unknown.append(name)
		self._look_at_unknown(site, unknown)

	@staticmethod
	def _look_at_unknown(site: Site, names: list[str]) -> None:
		"""Refuse names that are neither counted nor users: a slip must not pass for a user without a lock."""
		known = {str(row["name"]) for row in rows_named(site, "User", names, ())}
		wrong = [name for name in names if name not in known]
		if wrong:
			raise UsageError(
				f"{wrong[0][:80]!r} is neither a user of {site.name} nor an address with failed log-ins.",
				remedy="Give user names or IP addresses as the finding shows them.",
			)

	@staticmethod
	def _failed(site: Site) -> int:
		log, since = table("Activity Log"), site.ago(timedelta(hours=1))
		return site.db.count(
			site.db.from_(log).where(
				(log.creation >= since)
				& (log.modified >= since)
				& (log.operation == "Login")
				& (log.status == "Failed")
			)
		)

	@staticmethod
	def _warnings(failed: int) -> list[str]:
		if failed < _MANY:
			return []
		return [
			_(
				"{0} log-ins failed in the last hour: somebody may be guessing passwords, and the lock is what stops"
				" them. See the addresses in the Activity Log first."
			).format(failed)
		]
