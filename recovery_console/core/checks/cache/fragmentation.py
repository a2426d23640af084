"""Do the Redis servers hold more memory than their data needs?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.cache._server import MIB, config_file, mib, servers
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Fragmentation(Check):
	"""Do the Redis servers hold much more memory than their data needs, or has the system swapped them out?

	Cost: one INFO each.
	"""

	title = _("Fragmented Redis memory")

	#: Smaller servers are left alone: their own overhead is what shows.
	at_least_mib: int = 100
	#: Memory held over memory needed.
	ratio: float = 1.5
	#: Below this, part of the data is not in memory but on the disk.
	swapped_ratio: float = 0.7

	def run(self, site: Site) -> Answer:
		for name, server in servers(site):
			info = server.info()
			used, held = int(info.get("used_memory", 0)), int(info.get("used_memory_rss", 0))
			ratio = held / used if used else 1.0
			yield self.measure(**{f"{name}_memory_ratio": round(ratio, 2)})
			evidence = {"name": name, "held_mib": mib(held), "used_mib": mib(used)}
			if ratio >= self.ratio and held >= self.at_least_mib * MIB:
				yield self.warning(
					_("The {name} Redis holds {held_mib} MiB of memory for {used_mib} MiB of data."),
					cause=_(
						"Much was deleted, and the rest lies scattered, so that Redis cannot give the memory back."
					),
					remedy=_(
						"Where it can, let Redis tidy up: `redis-cli -u redis://{address} config set activedefrag yes`. Else"
						" restart it in a quiet moment; the queue only when it saves its data ({file})."
					),
					subject=name,
					subjects=[("Redis", name)],
					address=server.address,
					file=config_file(name),
					**evidence,
				)
			elif ratio < self.swapped_ratio and used >= self.at_least_mib * MIB:
				yield self.warning(
					_(
						"The {name} Redis has been swapped to disk: {held_mib} of {used_mib} MiB are in memory."
					),
					cause=_(
						"The machine ran out of memory; each look into what lies on the disk makes all others wait."
					),
					remedy=_(
						"See what else takes the machine's memory; give it more, or Redis a lower maxmemory."
					),
					subject=f"{name}:swapped",
					subjects=[("Redis", name)],
					**evidence,
				)
