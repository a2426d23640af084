"""The bench's processes on this machine, listed once for all checks."""

from __future__ import annotations

from recovery_console.core.backends.host import Process
from recovery_console.core.site import Site


def processes(site: Site) -> list[Process]:
	"""Return the bench's processes: see ``Host.bench_processes``."""
	return site.remember("host.processes", site.host.bench_processes)
