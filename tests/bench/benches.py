"""Real benches of this machine, and how to run things in them. Only sites made for these tests are touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from recovery_console.core.bench import site_names
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import open_site

ROOT = Path(__file__).resolve().parents[2]
#: Sites with such a name were made for these tests; no other is opened.
PREFIX = "recovery-console"
#: Such a site was made by ``python -m tests.benchmarks``.
BENCHMARK = "recovery-console-benchmark"
DEFAULT = ("~/frappe-bench", "~/frappe-bench-16")
APP = "recovery_console"


@dataclass(frozen=True)
class BenchSite:
	"""A site of a real bench that was made for tests."""

	bench: Path
	name: str

	def __str__(self) -> str:
		return f"{self.bench.name}:{self.name}"

	def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
		"""Run a bench command on this site, as `bench --site` does."""
		done = subprocess.run(
			[*self.frappe, "--site", self.name, *command],
			cwd=self.bench / "sites",
			env=environment(),
			capture_output=True,
			text=True,
			timeout=600,
		)
		assert not check or done.returncode == 0, (
			f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
		)
		return done

	@property
	def frappe(self) -> list[str]:
		return [str(self.bench / "env" / "bin" / "python"), "-m", "frappe.utils.bench_helper", "frappe"]

	def start(self, code: str, *arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
		"""Start Python code on this site; ``frappe`` is connected and ``args`` holds the arguments."""
		text = (
			"import json, sys, frappe\nsite, *args = sys.argv[1:]\n"
			f"frappe.init(site, sites_path='.')\nfrappe.connect()\nfrappe.flags.in_test = False\n{code}\n"
		)
		return subprocess.Popen(
			[str(self.bench / "env" / "bin" / "python"), "-c", text, self.name, *arguments],
			cwd=self.bench / "sites",
			env=environment(),
			stdin=stdin,
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
		)

	def python(self, code: str, *arguments: str) -> Any:
		"""Run Python code on this site and return what it printed last, read as JSON."""
		return result(self.start(code, *arguments))

	@property
	def installed(self) -> bool:
		return APP in self.python("print(json.dumps(frappe.get_installed_apps()))")

	def install(self) -> None:
		if not self.installed:
			self.run("install-app", APP)


def result(process: subprocess.Popen[str]) -> Any:
	"""Wait for ``BenchSite.start`` and return what it printed last, read as JSON."""
	output, errors = process.communicate(timeout=300)
	assert process.returncode == 0, f"{output[-2000:]}\n{errors[-4000:]}"
	return json.loads(output.strip().splitlines()[-1]) if output.strip() else None


def environment() -> dict[str, str]:
	"""Return an environment in which a bench finds itself by where it is, and not by what a shell has set.

	With ``CI`` set, Frappe 15's ``run-tests`` exits with a failure when a test fails; without, it does not.
	"""
	kept = {
		key: value
		for key, value in os.environ.items()
		if key not in ("FRAPPE_BENCH_ROOT", "SITES_PATH", "FRAPPE_SITE")
	}
	return {**kept, "CI": "true"}


def benches() -> list[Path]:
	"""Return the benches of this machine that have this checkout of the console, and whose servers answer."""
	return [bench for bench, reason in found().items() if not reason]


def sites() -> list[BenchSite]:
	"""Return the sites on them that were made for tests."""
	return [BenchSite(bench, name) for bench in benches() for name in test_sites(bench)]


@lru_cache(maxsize=1)
def found() -> dict[Path, str]:
	"""Return the benches of this machine, each with why it cannot be used; an empty text when it can."""
	named = os.environ.get("FRAPPE_BENCH")
	folders = [Path(path).expanduser() for path in (named.split(os.pathsep) if named else DEFAULT)]
	return {folder.resolve(): why_not(folder.resolve()) for folder in folders if (folder / "sites").is_dir()}


def why_not(bench: Path) -> str:
	"""Say why a bench cannot be used for tests; nothing when it can."""
	linked = (bench / "apps" / APP).resolve()
	if APP not in apps_of(bench):
		return f"{bench}: the console is not linked into it"
	if linked != ROOT:
		return f"{bench}: it has another checkout of the console, {linked}"
	if not test_sites(bench):
		return f"{bench}: it has no site whose name begins with {PREFIX}"
	try:
		for name in test_sites(bench):
			with open_site(bench, name) as site:
				site.db.has("DocType")
				site.queue.names()
				site.cache.info()
	except SourceUnavailable as error:
		return f"{bench}: {error.reason}"
	return ""


def apps_of(bench: Path) -> list[str]:
	listed = bench / "sites" / "apps.txt"
	return listed.read_text().split() if listed.is_file() else []


def test_sites(bench: Path) -> list[str]:
	"""Return the sites of a bench that were made for tests; one that a benchmark has filled is not."""
	return [name for name in site_names(bench) if name.startswith(PREFIX) and not name.startswith(BENCHMARK)]


def break_glass(site: BenchSite, *command: str) -> subprocess.CompletedProcess[str]:
	"""Run the command line that needs no Frappe, with the Python of these tests."""
	code = "from recovery_console.rescue.cli import main; main()"
	return subprocess.run(
		[sys.executable, "-c", code, "--bench", str(site.bench), "--site", site.name, *command],
		env=environment(),
		capture_output=True,
		text=True,
		timeout=120,
	)


@contextmanager
def running(bench: Path, commands: Sequence[Sequence[str]], log: Path) -> Iterator[None]:
	"""Run processes of a bench, each in a group of its own, and end them and what they started."""
	with log.open("w") as output:
		processes = [
			subprocess.Popen(
				[*BenchSite(bench, "").frappe, *command],
				cwd=bench / "sites",
				env=environment(),
				stdout=output,
				stderr=output,
				start_new_session=True,
			)
			for command in commands
		]
		try:
			yield
		finally:
			for process in processes:
				os.killpg(process.pid, signal.SIGTERM)
			for process in processes:
				try:
					process.wait(timeout=20)
				except subprocess.TimeoutExpired:
					os.killpg(process.pid, signal.SIGKILL)
					process.wait()
