"""Is the machine overloaded?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Load(Check):
	"""Has the machine had more to do than it can for minutes, or is its container kept from its processors?

	Cost: two small files. Averages over 5 and 15 minutes count: one busy moment says nothing.
	"""

	title = _("Load of the machine")
	explained_by = ("host.memory",)

	#: Processes that want to run, for each processor core.
	warning_per_core: float = 3.0
	critical_per_core: float = 6.0
	#: Share of its turns in which the container had to pause.
	throttled_share: float = 0.25

	def run(self, site: Site) -> Answer:
		load = site.host.load()
		per_core = min(load.five, load.fifteen) / load.cores
		yield self.measure(load_5min=round(load.five, 2), load_per_core=round(per_core, 2), cores=load.cores)
		if per_core >= self.warning_per_core:
			yield (self.critical if per_core >= self.critical_per_core else self.warning)(
				_("Machine {host} is overloaded: {load} processes want to run on {cores} cores."),
				cause=_(
					"For 15 minutes, more has wanted to run, or waited for the disk, than the machine can do at once."
					" Pages and jobs take that many times as long."
				),
				remedy=_(
					"See with `top` which processes it is. Long reports and imports belong into the night; fewer workers"
					" run more smoothly than too many; else the machine is too small."
				),
				subjects=[("Host", site.host.name)],
				host=site.host.name,
				load=round(load.five, 1),
				cores=load.cores,
				load_15min=round(load.fifteen, 1),
			)
		held = site.host.cgroup.throttling()
		if held is None or held.periods < 1000:
			return
		yield self.measure(throttled_percent=round(100 * held.throttled / held.periods, 1))
		if held.throttled >= held.periods * self.throttled_share:
			yield self.warning(
				_("The container on {host} is kept from its processors in {percent} % of its turns."),
				cause=_(
					"It has a limit of processor time, and uses it up: everything in it pauses until the next turn."
				),
				remedy=_("Raise the container's limit of processors (cpus), or run fewer workers in it."),
				subject="throttled",
				subjects=[("Host", site.host.name)],
				host=site.host.name,
				percent=round(100 * held.throttled / held.periods),
			)
