"""The bench's processes on this machine, listed once for all checks."""

from __future__ import annotations

from itertools import pairwise

from recovery_console.core.backends.host import Process
from recovery_console.core.site import Site


def processes(site: Site) -> list[Process]:
	"""Return the bench's processes: see ``Host.bench_processes``."""
	return site.remember("host.processes", site.host.bench_processes)


def migrations(site: Site) -> list[Process]:
	"""Return the processes on this machine that migrate this site now; not those of another site of the bench."""
	return [found for found in processes(site) if "migrate" in found.command and _is_of(site, found.command)]


def _is_of(site: Site, command: tuple[str, ...]) -> bool:
	"""Tell whether a command of bench is about this site: it names it, or all, or none and so the default one."""
	named = [value for option, value in pairwise(command) if option == "--site"]
	named += [part.partition("=")[2] for part in command if part.startswith("--site=")]
	return not named or any({site.name, "all"} & set(sites.split(",")) for sites in named)
