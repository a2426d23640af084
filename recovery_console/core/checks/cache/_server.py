"""What both Redis servers of a bench have in common, for the checks of this family."""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.site import Site

MIB = 1024**2


def servers(site: Site) -> Iterator[tuple[str, RedisSource]]:
	"""Yield the two Redis servers of the bench; once where both are the same."""
	yield "cache", site.cache
	if site.queue.redis.address != site.cache.address:
		yield "queue", site.queue.redis


def config_file(name: str) -> str:
	"""Return the file that sets up a Redis server of a bench."""
	return f"config/redis_{name}.conf"


def mib(size: float) -> float:
	"""Return bytes as MiB."""
	return round(size / MIB, 1)
