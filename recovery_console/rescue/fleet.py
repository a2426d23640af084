"""Diagnosing all sites of a bench side by side, each in a process of its own: none holds the others up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from pathlib import Path

import recovery_console
from recovery_console.core.errors import ConsoleError
from recovery_console.core.fleet import Diagnosed, Fleet
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.site import open_site
from recovery_console.core.times import UTC

#: So many sites are diagnosed at once: more than there are processors would make each slower.
AT_ONCE = max(2, min(8, os.cpu_count() or 2))
#: Starting a process and writing its report may take so many seconds beside the diagnosis.
GRACE = 20.0


@dataclass(frozen=True)
class Asked:
	"""What is asked of each site.

	Args:
		families: Only the checks of these families.
		ids: Only these checks.
		deadline: Seconds for the diagnosis of one site.
	"""

	families: Sequence[str] = ()
	ids: Sequence[str] = ()
	deadline: float = 30.0

	def arguments(self) -> list[str]:
		"""Return it as the command line takes it."""
		families = [part for family in self.families for part in ("--family", family)]
		ids = [part for check in self.ids for part in ("--check", check)]
		return ["diagnose", "--format", "json", "--deadline", str(self.deadline), *families, *ids]


def diagnose_fleet(
	bench: Path,
	names: Sequence[str],
	asked: Asked,
	*,
	on_progress: Callable[[Diagnosed, int, int], None] | None = None,
	at_once: int = AT_ONCE,
) -> Fleet:
	"""Diagnose sites and return the report over all of them. A site that cannot be diagnosed is unknown.

	Args:
		bench: Folder of the bench.
		names: Its sites.
		asked: What is asked of each.
		on_progress: Called after each site with its result, how many are done, and of how many.
		at_once: So many are diagnosed side by side.
	"""
	started, begun = datetime.now(UTC), time.monotonic()
	found: dict[str, Diagnosed] = {}
	with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="recovery-console-site") as pool:
		for done in as_completed([pool.submit(_diagnose, bench, name, asked) for name in names]):
			result = done.result()
			found[result.site] = result
			if on_progress is not None:
				on_progress(result, len(found), len(names))
	sites = tuple(found[name] for name in names)
	return Fleet(str(bench), started, timedelta(seconds=time.monotonic() - begun), sites)


def _diagnose(bench: Path, name: str, asked: Asked) -> Diagnosed:
	"""Diagnose one site in a process of its own: what it does to itself, it does not to the others."""
	command = [sys.executable, "-m", "recovery_console.rescue", "--bench", str(bench), "--site", name]
	package = str(Path(recovery_console.__file__).resolve().parents[1])
	path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
	try:
		done = subprocess.run(  # noqa: S603 (our own program, and names of folders)
			[*command, *asked.arguments()],
			capture_output=True,
			timeout=asked.deadline + GRACE,
			cwd="/",
			env={**os.environ, "PYTHONPATH": path},
			check=False,
		)
	except subprocess.TimeoutExpired:
		return Diagnosed(name, None, f"It was given up after {asked.deadline + GRACE:.0f} s.")
	except OSError as error:
		return Diagnosed(name, None, f"Its diagnosis could not be started: {error.strerror or error}.")
	try:
		return Diagnosed(name, json.loads(done.stdout), servers=_servers(bench, name))
	except ValueError:
		return Diagnosed(name, None, _why(done))


def _why(done: subprocess.CompletedProcess[bytes]) -> str:
	if done.returncode < 0:
		return f"The process that diagnosed it was ended by signal {-done.returncode}."
	said = redact_text(done.stderr.decode("utf-8", "replace"))
	text = " ".join(line.strip() for line in said.splitlines() if line.strip())
	return (
		text.removeprefix("error: ")[:500] or f"Its diagnosis ended with {done.returncode} and said nothing."
	)


def _servers(bench: Path, name: str) -> dict[str, str]:
	"""Return where a site's servers are, as far as its configuration says so; nothing is connected."""
	try:
		with open_site(bench, name) as site:
			config = site.config
			kind = str(config.get("db_type") or "mariadb")
			place = config.get("db_socket") or config.get("db_host") or "127.0.0.1"
			return {
				"database": name if kind == "sqlite" else f"{kind} {place}:{config.get('db_port') or ''}",
				"cache": site.cache.address,
				"queue": site.queue.redis.address,
			}
	except (ConsoleError, OSError):
		return {}
