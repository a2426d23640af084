"""Do the addresses of the bench's services make sense together?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

_REDIS = ("redis_cache", "redis_queue", "redis_socketio")
_SCHEMES = ("redis", "rediss", "unix")


@dataclass(frozen=True)
class Addresses(Check):
	"""Are the Redis addresses well-formed, cache and queue apart, and no port given twice?

	Cost: none; the files were read when the site was opened.
	"""

	title = _("Ports and addresses")

	def run(self, site: Site) -> Answer:
		urls = {key: str(site.config.get(key)) for key in _REDIS if site.config.get(key)}
		bad = [key for key, url in urls.items() if not well_formed(url)]
		if bad:
			yield self.critical(
				_("Redis addresses that cannot be used: {keys}."),
				cause=_(
					"An address looks like redis://127.0.0.1:13000. Without it, nothing of the site works."
				),
				remedy=_("Correct them in {files}, then restart the bench."),
				subject="redis",
				subjects=[("Setting", key) for key in bad],
				keys=", ".join(bad),
				files=", ".join(sorted({path.name for key in bad for path in site.config.defined_in(key)})),
			)
		cache, queue = urls.get("redis_cache"), urls.get("redis_queue")
		if cache and queue and not bad and _place(cache) == _place(queue):
			yield self.warning(
				_("Cache and queue share one Redis: {address}."),
				cause=_(
					"A cache may forget when its memory is full, a queue must not. Emptying the cache by hand would also"
					" throw away all waiting jobs."
				),
				remedy=_(
					"Give each its own Redis server: redis_cache and redis_queue in common_site_config.json."
				),
				subject="shared",
				subjects=[("Setting", "redis_cache"), ("Setting", "redis_queue")],
				count=1,
				address=_place(queue)[0],
			)
		yield from self._twice(site, urls)

	def _twice(self, site: Site, urls: dict[str, str]) -> Iterator[Finding]:
		ports: dict[int, list[str]] = {}
		for key in ("webserver_port", "socketio_port", "file_watcher_port"):
			if site.config.get(key):
				ports.setdefault(site.config.number(key, 0), []).append(key)
		for key in ("redis_cache", "redis_queue"):
			port = _local_port(urls.get(key, ""))
			if port in ports:
				ports[port].append(key)
		for port, keys in sorted(ports.items()):
			if len(keys) > 1 and port:
				yield self.warning(
					_("Port {port} is given to more than one service: {keys}."),
					cause=_("Only the one that starts first gets it; the other fails to start."),
					remedy=_(
						"Give each its own port in common_site_config.json, then run `bench setup supervisor` and"
						" `bench setup nginx` where you use them, and restart."
					),
					subject=str(port),
					subjects=[("Setting", key) for key in keys],
					count=1,
					port=port,
					keys=", ".join(keys),
				)


def well_formed(url: str) -> bool:
	"""Tell whether an address is one of a Redis server."""
	try:
		parts = urlsplit(url)
		return parts.scheme in _SCHEMES and bool(parts.hostname or parts.path) and (parts.port or 1) > 0
	except ValueError:
		return False


def _place(url: str) -> tuple[str, str]:
	"""Return server and database of an address, without credentials."""
	parts = urlsplit(url)
	return parts.netloc.rpartition("@")[2] or parts.path, parts.path.strip("/") or "0"


def _local_port(url: str) -> int:
	if not url or not well_formed(url):
		return 0
	parts = urlsplit(url)
	return parts.port or 0 if parts.hostname in ("127.0.0.1", "localhost", "::1") else 0
