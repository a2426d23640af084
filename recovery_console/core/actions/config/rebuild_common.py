"""Write a common_site_config.json that works in place of a broken one."""

from __future__ import annotations

import json
import re
from typing import Any

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.config._files import LARGEST, broken_copy, holding, in_bench
from recovery_console.core.bench import site_names
from recovery_console.core.edits import ABSENT, Edit, FileText
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_PORT = re.compile(r"^port\s+(\d+)", re.MULTILINE)
_SERVE = re.compile(r"bench serve.*--port\s+(\d+)")
_KEPT = ("redis_cache", "redis_queue", "redis_socketio", "webserver_port", "socketio_port")


@dataclass(frozen=True)
class RebuildCommon(Action):
	"""Replace a common_site_config.json that cannot be read by one with the addresses of the bench's services.

	Ports come from config/redis_cache.conf and config/redis_queue.conf, the Procfile and the site's own file. What
	holds mail or the scheduler back in the broken file, still does. Other settings that it held must be written again; the broken file stays beside it to copy them from.
	"""

	title = _("Rebuild common_site_config.json")
	risk = Risk.DISRUPTIVE
	checks = ("config.readable", "jobs.redis", "cache.reachable")

	def plan(self, site: Site) -> Plan:
		file = site.config.common
		if file.problem is None or file.problem.kind in ("missing", "bom", "unreadable"):
			raise UsageError(
				"common_site_config.json needs no new text.",
				remedy="See what the finding config.readable says about it.",
			)
		broken = site.files.read_bytes(file.path, LARGEST)
		values = {**self._values(site), **dict.fromkeys(holding(broken), 1)}
		found = site.files.stat(file.path)
		text = json.dumps(values, indent=1, sort_keys=True).encode()
		edits: list[Edit] = [
			FileText(in_bench(site, file.path), broken, text, found.mode if found else 0o600)
		]
		if broken:
			edits.insert(0, FileText(broken_copy(site, file.path), ABSENT, broken))
		return self.planned(
			site,
			_("Write a new common_site_config.json"),
			[batch("Path", in_bench(site, file.path), *edits)],
			warnings=[
				_(
					"What else the broken file set (workers, default_site, mail, limits) is gone until you copy it over."
					" Restart the bench afterwards."
				)
			],
			settings=sorted(values),
		)

	@staticmethod
	def _values(site: Site) -> dict[str, Any]:
		found: dict[str, Any] = {
			key: site.config.site.values[key] for key in _KEPT if key in site.config.site.values
		}
		for name in ("cache", "queue"):
			port = port_of(site, name)
			if port:
				found[f"redis_{name}"] = f"redis://127.0.0.1:{port}"
		if "redis_cache" in found:
			found.setdefault("redis_socketio", found["redis_cache"])
		procfile = site.bench / "Procfile"
		served = _SERVE.search(site.files.read_text(procfile)) if site.files.exists(procfile) else None
		if served:
			found["webserver_port"] = int(served[1])
		sites = site_names(site.bench)
		if len(sites) == 1:
			found["default_site"] = sites[0]
		return found


def port_of(site: Site, name: str) -> int:
	"""Return the port in the bench's own file for a Redis server; 0 where it has none."""
	path = site.bench / "config" / f"redis_{name}.conf"
	found = _PORT.search(site.files.read_text(path)) if site.files.exists(path) else None
	return int(found[1]) if found else 0
