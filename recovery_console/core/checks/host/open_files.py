"""Do processes run out of open files?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.host._processes import processes
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class OpenFiles(Check):
	"""Do processes of this bench, or the whole machine, run out of files and connections that may be open?

	Cost: one look at the machine's processes. Those of other users are not seen.
	"""

	title = _("Open files")

	#: Warn when this share of the limit is in use.
	warning_share: float = 0.8

	def run(self, site: Site) -> Answer:
		found = site.host.open_files(processes(site))
		own = [item for item in found if item.process is not None]
		yield self.measure(most_open_files=max((item.used for item in own), default=0))
		for item in found:
			if item.process is None and item.used >= item.limit * self.warning_share:
				yield self.critical(
					_("Machine {host} holds {used} of at most {limit} files open."),
					cause=_("At the limit no process can open a file or accept a connection any more."),
					remedy=_("Find with `lsof` the process that holds the most, and restart it."),
					subject="machine",
					subjects=[("Host", site.host.name)],
					host=site.host.name,
					used=item.used,
					limit=item.limit,
				)
		near = [item for item in own if item.used >= item.limit * self.warning_share]
		if near:
			worst = max(near, key=lambda item: item.used / item.limit)
			yield self.warning(
				_("Processes of this bench near the number of files that they may hold open: {count}."),
				cause=_(
					"One holds {used} of {limit}. At the limit it fails with 'Too many open files', for files and"
					" connections alike. It does not close what it opened, or serves more users than the limit foresees."
				),
				remedy=_(
					"Restart it with `bench restart`. If the number grows again, raise its limit (LimitNOFILE of its service,"
					" minfds in supervisor's configuration) and report which job or page it happens with."
				),
				subjects=[("Process", str(item.process.pid)) for item in near if item.process],
				used=worst.used,
				limit=worst.limit,
			)
