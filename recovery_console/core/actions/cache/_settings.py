"""Settings of a Redis server: in force now, and in the file from which it starts."""

from __future__ import annotations

import re

from recovery_console.core.action import batch
from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.edits import Act, Edit, FileText
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.plan import Batch
from recovery_console.core.site import Site
from recovery_console.core.writable import WritableSite

SERVERS = ("cache", "queue")
_LARGEST = 256 * 1024


def source_of(site: Site, server: str) -> RedisSource:
	"""Return a server by its name.

	Raises:
		UsageError: It is neither cache nor queue.
	"""
	if server not in SERVERS:
		raise UsageError(f"There is no Redis {server[:50]!r}.", remedy="It is cache or queue.")
	return site.cache if server == "cache" else site.queue.redis


def setting_changed(site: Site, server: str, name: str, value: str) -> Batch:
	"""Return the batch that sets a setting for now, and in config/redis_<server>.conf where there is such a file."""
	what = {"server": server, "setting": name, "value": value}
	edits: list[Edit] = [Act(f"CONFIG SET {name} {value}", "Redis", server, what)]
	path = site.bench / "config" / f"redis_{server}.conf"
	found = site.files.stat(path)
	if found is not None:
		before = site.files.read_bytes(path, _LARGEST)
		after = with_setting(before.decode("utf-8", "replace"), name, value).encode()
		if after != before:
			edits.insert(0, FileText(f"config/redis_{server}.conf", before, after, found.mode))
	return batch("Redis", server, *edits, why=f"{name} {value}")


def with_setting(text: str, name: str, value: str) -> str:
	"""Return the text of a Redis configuration with one setting changed, or added at its end."""
	line = re.compile(rf"^{re.escape(name)}[ \t].*$", re.MULTILINE)
	if line.search(text):
		return line.sub(lambda _found: f"{name} {value}", text)
	return f"{text.rstrip()}\n{name} {value}\n".lstrip("\n")


def set_now(site: WritableSite, act: Act) -> str:
	"""Set what an act of ``setting_changed`` says, and see that it holds.

	Raises:
		ConsoleError: The server refused, or kept its own value.
	"""
	name, value = str(act.arguments["setting"]), str(act.arguments["value"])
	with source_of(site, str(act.arguments["server"])).client() as client:
		client.config_set(name, value)
	if not is_set(site, act):
		raise ConsoleError(
			f"Redis did not take {name} {value}.", remedy="Set it in its configuration file and restart it."
		)
	return f"{name} {value}"


def is_set(site: WritableSite, act: Act) -> bool:
	"""Tell whether a setting holds now."""
	name = str(act.arguments["setting"])
	with source_of(site, str(act.arguments["server"])).client() as client:
		found = client.config_get(name)
	return str(act.arguments["value"]) in {str(value) for value in found.values()}
