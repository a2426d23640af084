"""Processes that belong to a sample bench, until it is restored."""

from __future__ import annotations

import subprocess
import sys

from tests.support.sample import SampleSite

_READY = "print('ready', flush=True); import time; time.sleep(300)"


def start_process(site: SampleSite, code: str, *arguments: str) -> int:
	"""Run Python code in the bench's folder and return its process id once the code is through."""
	process = subprocess.Popen(
		[sys.executable, "-c", f"{code}\n{_READY}", *arguments],
		cwd=site.bench.folder,
		stdout=subprocess.PIPE,
	)

	def end() -> None:
		process.kill()
		process.communicate()

	site.bench.redis_cache.on_reset(end)
	assert process.stdout is not None
	process.stdout.readline()
	return process.pid
