"""Does the machine run out of memory?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.backends.host import HostMemory
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site

GIB = 1024**3
#: So many programs are named when memory is short.
_NAMED = 5


@dataclass(frozen=True)
class Memory(Check):
	"""Does the machine, or its container, run out of memory, swap, or has it ended processes for lack of it?

	Cost: some small files; where memory is short, one look at all processes. What the system keeps of files in memory and can drop counts as free.
	"""

	title = _("Memory of the machine")

	warning_share: float = 0.8
	critical_share: float = 0.85
	#: With more free than this, memory is not called short, whatever the share.
	plenty_gib: float = 2.0
	#: Share of the swap space in use, reported when memory is short, too.
	swap_share: float = 0.5
	#: Processes ended for lack of memory are reported when the machine started within this time.
	started_within: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		memory = site.host.memory()
		yield self.measure(
			used_percent=round(100 * memory.used_share, 1),
			available_gib=round(memory.available_bytes / GIB, 2),
			swap_used_mib=round(memory.swap_used_bytes / 1024**2),
		)
		short = memory.used_share >= self.warning_share
		if short and memory.available_bytes < self.plenty_gib * GIB:
			yield self._short(site, memory)
		yield from self._swap(site, memory, short)
		yield from self._kills(site)

	def _short(self, site: Site, memory: HostMemory) -> Finding:
		largest = [(name, round(size / 1024**2)) for name, size in site.host.largest_processes(_NAMED)]
		return (self.critical if memory.used_share >= self.critical_share else self.warning)(
			_("{host} has {available_gib} of {total_gib} GiB of memory left."),
			cause=_(
				"That is the limit of the container. When it is reached, the system ends a process in it."
			)
			if memory.in_container
			else _(
				"When none is left, the system ends some process: mostly the database, Redis or a worker."
			),
			remedy=_(
				"Most of it is taken by {largest}. Lower innodb_buffer_pool_size, Redis' maxmemory or the number of"
				" gunicorn_workers and background_workers, or give the machine more."
			),
			subject="short",
			subjects=[("Host", site.host.name)],
			host=site.host.name,
			available_gib=round(memory.available_bytes / GIB, 2),
			total_gib=round(memory.total_bytes / GIB, 1),
			container=memory.in_container,
			largest=", ".join(f"{name} ({mib} MiB)" for name, mib in largest),
			programs_mib=dict(largest),
		)

	def _swap(self, site: Site, memory: HostMemory, short: bool) -> Iterator[Finding]:
		if not short or not memory.swap_total_bytes:
			return
		if memory.swap_used_bytes >= memory.swap_total_bytes * self.swap_share:
			yield self.warning(
				_("{host} has moved {swap_mib} MiB of memory to the disk (swap), and memory is short."),
				cause=_(
					"What lies there takes a thousand times longer to reach: everything becomes slow at once."
				),
				remedy=_("Free memory as the finding about memory says; the swap then empties by itself."),
				subject="swap",
				subjects=[("Host", site.host.name)],
				host=site.host.name,
				swap_mib=round(memory.swap_used_bytes / 1024**2),
			)

	def _kills(self, site: Site) -> Answer:
		kills = site.host.memory_kills()
		if kills is None:
			return
		yield self.measure(processes_ended=kills)
		if kills and site.host.clock() - site.host.booted() <= self.started_within:
			yield self.warning(
				_("Processes that {host} has ended for lack of memory since its start: {count}."),
				cause=_(
					"A worker that is ended so leaves its job started and its mails in Sending; the database or Redis"
					" start again and lose what was not saved."
				),
				remedy=_(
					"`journalctl -k | grep -i 'out of memory'` names them and when. Give the machine more memory, or run"
					" fewer or smaller processes."
				),
				subject="ended",
				subjects=[("Host", site.host.name)],
				count=kills,
				host=site.host.name,
				started=site.host.booted(),
			)
