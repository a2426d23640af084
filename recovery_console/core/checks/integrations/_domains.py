"""Under which names people open the site, as its configuration says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from recovery_console.core.site import Site


def own_domains(site: Site, port: int) -> dict[str, int]:
	"""Return the site's domains that are served with https, each with its port."""
	return dict(_named(site, port))


def _named(site: Site, port: int) -> Iterator[tuple[str, int]]:
	own = _address(str(site.config.get("host_name") or ""), port)
	if own:
		yield own
	domains = site.config.get("domains")
	for item in domains if isinstance(domains, list) else []:
		name: Any = item.get("domain") if isinstance(item, dict) else item
		found = _address(f"https://{name}", port) if name and isinstance(name, str) else None
		if found:
			yield found


def _address(url: str, port: int) -> tuple[str, int] | None:
	try:
		parts = urlsplit(url)
		if parts.scheme == "https" and parts.hostname:
			return parts.hostname, parts.port or port
	except ValueError:
		pass
	return None
