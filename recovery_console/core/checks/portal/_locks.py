"""The locks that Frappe keeps in the cache after failed log-ins: one counter per user and one per address."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.checks.portal import _pickled
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

Counters = list[tuple[str, "int | None", "bytes | None"]]


def locked(site: Site, attempts: int, interval: timedelta, most: int) -> tuple[list[str], int]:
	"""Return who is locked out now, by name, and how many counters cannot be read.

	Args:
		site: The site.
		attempts: More failed log-ins than this lock.
		interval: How long, from the first of them.
		most: So many counters at most are looked at.

	Raises:
		SourceUnavailable: There are more counters, or the cache does not answer.
	"""
	names, unreadable = counters(site, attempts, interval, most)
	return names, len(unreadable)


def counters(site: Site, attempts: int, interval: timedelta, most: int) -> tuple[list[str], list[str]]:
	"""Return who is locked out now, and whose counters cannot be read; by name. See ``locked``."""
	names: list[str] = []
	unreadable: list[str] = []
	for name, count, start in _counters(site, attempts, most):
		began = site.moment(_pickled.time(start)) if start else None
		if count is None or (start and began is None):
			unreadable.append(name)
		elif began is not None and began + interval > site.now():
			names.append(name)
	return sorted(names), sorted(unreadable)


def _counters(site: Site, attempts: int, most: int) -> Counters:
	"""Return the counters beyond the limit, unreadable ones as None, each with the time of its first failure."""
	prefix = str(site.config.get("db_name") or "")
	with site.cache.client() as client:
		tracked = int(client.hlen(f"{prefix}|login_failed_count"))
		if tracked > most:
			raise SourceUnavailable(
				"cache",
				_("The cache counts failed log-ins of {0} users and addresses.").format(tracked),
				remedy=_("Somebody is guessing passwords from everywhere: see the failed log-ins."),
			)
		entries = client.hscan_iter(f"{prefix}|login_failed_count", count=1000)
		read = {name: _pickled.number(raw) for name, raw in entries}
		found = {name: count for name, count in read.items() if count is None or count > attempts}
		starts = client.hmget(f"{prefix}|login_failed_time", list(found)) if found else []
	return [
		(name.decode("utf-8", "replace"), count, start)
		for (name, count), start in zip(found.items(), starts, strict=True)
	]


def is_address(name: str) -> bool:
	"""Tell whether a counter is of an address; all others are of users."""
	try:
		ipaddress.ip_address(name)
	except ValueError:
		return False
	return True


def is_own_address(name: str) -> bool:
	"""Tell whether an address is this machine's own, behind which all visitors stand."""
	return ipaddress.ip_address(name).is_loopback


def came_from_elsewhere(site: Site, window: timedelta) -> bool:
	"""Tell whether anybody's log-in came from another address than this machine's own lately."""
	log = table("Activity Log")
	since = site.ago(window)
	rows = site.db.run(
		site.db.from_(log)
		.select(log.ip_address)
		.where(
			(log.creation >= since)
			& (log.modified >= since)
			& (log.operation == "Login")
			& log.ip_address.notin(["", "127.0.0.1", "::1"])
		)
		.limit(1)
	)
	return bool(rows)
