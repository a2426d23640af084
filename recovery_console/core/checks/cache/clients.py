"""Do the Redis servers run out of connections?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.cache._server import config_file, servers
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Clients(Check):
	"""Do the Redis servers of this bench run out of connections?

	Cost: one INFO each.
	"""

	title = _("Redis connections")

	#: Warn when this share of maxclients is in use.
	warning_share: float = 0.8
	critical_share: float = 0.95

	def run(self, site: Site) -> Answer:
		for name, server in servers(site):
			info = server.info()
			used, limit = int(info.get("connected_clients", 0)), int(info.get("maxclients") or 0)
			yield self.measure(**{f"{name}_clients": used})
			if not limit or used < limit * self.warning_share:
				continue
			yield (self.critical if used >= limit * self.critical_share else self.warning)(
				_("Connections to the {name} Redis in use: {used} of {limit}."),
				cause=_(
					"When none is left, Redis turns new ones away: pages, workers or the live updates fail. Many worker"
					" processes, or a program that opens connections and never closes them."
				),
				remedy=_(
					"See who holds them with `redis-cli -u redis://{address} client list`; restart that program. Or raise"
					" `maxclients` in {file} and restart that Redis."
				),
				subject=name,
				subjects=[("Redis", name)],
				name=name,
				used=used,
				limit=limit,
				rejected=int(info.get("rejected_connections", 0)),
				address=server.address,
				file=config_file(name),
			)
