"""This machine, through psutil."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.times import UTC


@dataclass(frozen=True)
class Process:
	"""A process of the bench."""

	pid: int
	command: tuple[str, ...]
	started: datetime
	memory_bytes: int


class Host:
	"""The machine on which the console runs: with several servers, only one of them.

	Args:
		bench: Folder of the bench; processes are the bench's when they run in it or name it.
	"""

	def __init__(self, bench: Path) -> None:
		self.bench = bench
		self.name = socket.gethostname()

	def bench_processes(self) -> list[Process]:
		"""Return this bench's processes (web, workers, scheduler) that this user may see.

		Raises:
			SourceUnavailable: Processes cannot be listed here.
		"""
		try:
			return [
				found for process in psutil.process_iter() if (found := self._describe(process)) is not None
			]
		except (psutil.Error, OSError) as error:
			raise SourceUnavailable(
				"host",
				f"The processes of this machine cannot be listed: {error}.",
				remedy="Run as the bench's user.",
			) from error

	def is_running(self, pid: int) -> bool:
		"""Tell whether a process of this machine lives; one that ended and was not collected does not."""
		try:
			return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
		except psutil.NoSuchProcess:
			return False
		except psutil.Error:
			return True

	def _describe(self, process: psutil.Process) -> Process | None:
		try:
			command = tuple(process.cmdline())
			if not command or not self._is_ours(process, command):
				return None
			started = datetime.fromtimestamp(process.create_time(), UTC)
			return Process(process.pid, command, started, process.memory_info().rss)
		except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
			return None

	def _is_ours(self, process: psutil.Process, command: tuple[str, ...]) -> bool:
		inside = str(self.bench)
		if any(part == inside or part.startswith(inside + "/") for part in command):
			return True
		working_directory = process.cwd()
		return working_directory == inside or working_directory.startswith(inside + "/")
