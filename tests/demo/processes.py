"""Processes of the demonstration: started, waited for, and killed when the story says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(module: str, *arguments: str) -> subprocess.Popen[str]:
	"""Start a module of ours as a process group of its own."""
	return subprocess.Popen(
		[sys.executable, "-W", "ignore", "-m", module, *arguments],
		cwd=ROOT,
		stdout=subprocess.PIPE,
		stderr=subprocess.DEVNULL,
		text=True,
		start_new_session=True,
	)


def wait_for_line(process: subprocess.Popen[str], line: str) -> None:
	"""Wait until a process prints a line."""
	assert process.stdout is not None
	for printed in process.stdout:
		if printed.strip() == line:
			return
	raise RuntimeError(f"the process ended before it said {line!r}")


def kill(process: subprocess.Popen[str]) -> None:
	"""Kill a process and its children as the kernel does when memory runs out."""
	os.killpg(process.pid, signal.SIGKILL)
	process.wait()
	if process.stdout is not None:
		process.stdout.close()


def wait_until(holds: Callable[[], object], what: str, seconds: float = 30) -> None:
	"""Wait for a condition."""
	ends = time.monotonic() + seconds
	while not holds():
		if time.monotonic() > ends:
			raise RuntimeError(f"waited {seconds:.0f} s in vain: {what}")
		time.sleep(0.05)
