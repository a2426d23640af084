"""Does each part of the bench run once?"""

from __future__ import annotations

from pathlib import PurePath

from recovery_console.core.backends.host import Process
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.host._processes import processes
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_ROLES = {
	"schedule": "scheduler",
	"worker": "workers",
	"worker-pool": "workers",
	"serve": "web",
	"gunicorn": "web",
	"socketio.js": "socketio",
}


@dataclass(frozen=True)
class Processes(Check):
	"""Does the scheduler of this bench run more than once on this machine?

	Cost: one look at the machine's processes. The measurements say how much memory each part of the bench takes.
	"""

	title = _("Processes of the bench")

	def run(self, site: Site) -> Answer:
		found = processes(site)
		by_role: dict[str, list[Process]] = {}
		for process in found:
			role = _role(process)
			if role:
				by_role.setdefault(role, []).append(process)
		for role, own in by_role.items():
			memory = sum(process.memory_bytes for process in own)
			yield self.measure(
				**{f"{role}_processes": len(own), f"{role}_memory_mib": round(memory / 1024**2)}
			)
		schedulers = _roots(by_role.get("scheduler", []))
		if len(schedulers) < 2:
			return
		yield self.warning(
			_("The scheduler of this bench runs {count} times on {host}."),
			cause=_(
				"Each of them queues what is due, and after an update or a change of the configuration one of them still runs"
				" the old code. Mostly a `bench start` was left running beside supervisor or systemd, or an old one did not end."
			),
			remedy=_(
				"Look at them with `ps -fp {numbers}`. Keep the one that supervisor or systemd started, and end the others:"
				" `kill` and their number."
			),
			subjects=[("Process", str(process.pid)) for process in schedulers],
			host=site.host.name,
			numbers=",".join(str(process.pid) for process in schedulers),
			started=[process.started for process in schedulers],
		)


def _role(process: Process) -> str:
	names = [PurePath(part).name for part in process.command]
	return next((_ROLES[name] for name in names if name in _ROLES), "")


def _roots(processes: list[Process]) -> list[Process]:
	"""Return processes that were not started by one of the others, the oldest first."""
	pids = {process.pid for process in processes}
	return sorted(
		(process for process in processes if process.parent not in pids), key=lambda process: process.started
	)
