"""What every private server has in common: a process, a folder, a log, and a wait until it answers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from glob import glob
from pathlib import Path
from types import TracebackType
from typing import ClassVar, TypeVar

PROGRAMS = {
	"mariadbd": "mariadb-server",
	"mariadb-install-db": "mariadb-server",
	"postgres": "postgresql",
	"initdb": "postgresql",
	"redis-server": "redis-server",
	"setpriv": "util-linux",
}
EXTRA_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin")
STARTUP_SECONDS = 60.0
STOP_SECONDS = 20.0

AnyService = TypeVar("AnyService", bound="Service")


class ServiceError(RuntimeError):
	"""A private server did not start, with the end of its log."""


def find_program(name: str) -> str | None:
	"""Where a server program is: on PATH, or in the folders where Debian hides it."""
	found = shutil.which(name)
	if found:
		return found
	for pattern in EXTRA_FOLDERS:
		for folder in sorted(glob(pattern), reverse=True):
			if os.access(f"{folder}/{name}", os.X_OK):
				return f"{folder}/{name}"
	return None


def program(name: str) -> str:
	"""Like `find_program`, but it must be there."""
	found = find_program(name)
	if found is None:
		raise ServiceError(f"{name} is not installed (Debian: apt-get install {PROGRAMS.get(name, name)})")
	return found


def missing(*names: str) -> dict[str, str]:
	"""The server programs that are not installed, each with the Debian package that has it; {} is good."""
	return {name: PROGRAMS[name] for name in names or PROGRAMS if find_program(name) is None}


def free_port() -> int:
	"""A TCP port that nobody listens on just now."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port: int = probe.getsockname()[1]
		return port


class Service(ABC):
	"""A server process in a folder of its own. Restartable: `start` after `stop` or `kill` keeps the data."""

	title: ClassVar[str]
	stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		self.log = folder / "server.log"
		self.host = "127.0.0.1"
		self.port = 0
		self.process: subprocess.Popen[bytes] | None = None
		self._undo: list[Callable[[], object]] = []

	def on_reset(self, undo: Callable[[], object]) -> None:
		"""Have something that no copy of files or rows brings back (a server variable) undone by `reset`."""
		self._undo.append(undo)

	def reset(self) -> None:
		"""Undo what was left to undo, the last first."""
		while self._undo:
			self._undo.pop()()

	@abstractmethod
	def prepare(self) -> None:
		"""Make the data folder before the first start."""

	@abstractmethod
	def command(self) -> Sequence[str]:
		"""The command line of the server, in the foreground."""

	@abstractmethod
	def answers(self) -> bool:
		"""Whether the server takes requests now."""

	@property
	def running(self) -> bool:
		"""Whether the process is alive."""
		return self.process is not None and self.process.poll() is None

	def start(self: AnyService) -> AnyService:
		"""Start and wait until it answers; a server that runs already is left as it is."""
		if self.running:
			return self
		if not self.folder.exists():
			self.folder.mkdir(parents=True)
			self.prepare()
		self.port = self.port or free_port()
		with self.log.open("ab") as log:
			self.process = subprocess.Popen(
				self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
			)
		self._wait()
		return self

	def stop(self) -> None:
		"""End it in an orderly way."""
		self._end(self.stop_signal)

	def kill(self) -> None:
		"""End it as a crash would."""
		self._end(signal.SIGKILL)

	def tail(self, characters: int = 2000) -> str:
		"""The end of the server's log."""
		return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else "(no log)"

	def run(self, command: Sequence[str]) -> None:
		"""Run a preparing command; its output goes to the log."""
		with self.log.open("ab") as log:
			code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode
		if code:
			raise ServiceError(f"{self.title}: {command[0]} ended with {code}\n{self.tail()}")

	def __enter__(self: AnyService) -> AnyService:
		return self.start()

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()

	def _wait(self) -> None:
		limit = time.monotonic() + STARTUP_SECONDS
		while not self.answers():
			if not self.running:
				raise ServiceError(f"{self.title} ended while starting\n{self.tail()}")
			if time.monotonic() > limit:
				self.kill()
				raise ServiceError(f"{self.title} did not answer in {STARTUP_SECONDS:.0f} s\n{self.tail()}")
			time.sleep(0.02)

	def _end(self, how: signal.Signals) -> None:
		process, self.process = self.process, None
		if process is None:
			return
		if process.poll() is None:
			os.killpg(process.pid, how)
		try:
			process.wait(STOP_SECONDS)
		except subprocess.TimeoutExpired:
			os.killpg(process.pid, signal.SIGKILL)
			process.wait(STOP_SECONDS)
