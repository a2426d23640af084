"""Where the site's own web server listens, and under which name it knows the site."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import urlsplit

from recovery_console.core.backends.http import Address, Page, get
from recovery_console.core.site import Site

#: Where the bench's own web server listens when the configuration does not say.
DEFAULT_PORT = 8000
_BLOCK = re.compile(r"^\s*server\s*\{", re.MULTILINE)
_LISTEN = re.compile(r"^\s*listen\s+(?:[\d.]+:|\[[\da-f:]*\]:)?(\d+)([^;\n]*);", re.MULTILINE)
_NAMES = re.compile(r"^\s*server_name\s+([^;]+);", re.MULTILINE)


def login_page(site: Site, host: str, port: int, seconds: float) -> tuple[Address, Page]:
	"""Ask for the login page, once for all checks; return where it was asked for, and what came."""

	def ask() -> tuple[Address, Page]:
		address = front_door(site, host, port)
		return address, get(address, "/login", seconds)

	return site.remember(f"portal.login_page:{host}:{port}:{seconds}", ask)


def front_door(site: Site, host: str, port: int) -> Address:
	"""Return where to ask for the site: at nginx where the bench has it, else at its own web server.

	Args:
		site: The site.
		host: The machine on which the web server runs.
		port: Asks at this port instead.
	"""
	names = _own_names(site)
	if port:
		return Address(names[0], host, port)
	path = site.bench / "config" / "nginx.conf"
	if site.files.exists(path):
		found = [door for block in _blocks(site.files.read_text(path)) if (door := _door(block, names, host))]
		if found:
			return max(found, key=lambda door: door.secure)
	return Address(site.name, host, site.config.number("webserver_port", DEFAULT_PORT) or DEFAULT_PORT)


def _own_names(site: Site) -> list[str]:
	"""Return the names under which people open the site, the one of its links first."""
	found = []
	with contextlib.suppress(ValueError):  # config.host_name says so
		found.append(urlsplit(str(site.config.get("host_name") or "")).hostname)
	domains = site.config.get("domains")
	for item in domains if isinstance(domains, list) else []:
		found.append(item.get("domain") if isinstance(item, dict) else item)
	return [name for name in dict.fromkeys([*found, site.name]) if name and isinstance(name, str)]


def _blocks(text: str) -> list[str]:
	return _BLOCK.split(text)[1:]


def _door(block: str, names: list[str], host: str) -> Address | None:
	served = {name for line in _NAMES.findall(block) for name in line.split()}
	name = next((name for name in names if name in served), None)
	listens = _LISTEN.findall(block)
	if name is None or not listens:
		return None
	port, conditions = listens[0]
	return Address(name, host, int(port), secure="ssl" in conditions.split())
