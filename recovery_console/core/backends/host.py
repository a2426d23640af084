"""This machine, through psutil."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil

from recovery_console.core.backends.cgroup import Cgroup
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.record import dataclass
from recovery_console.core.times import UTC


@dataclass(frozen=True)
class Process:
	"""A process of the bench."""

	pid: int
	command: tuple[str, ...]
	started: datetime
	memory_bytes: int
	parent: int = 0


@dataclass(frozen=True)
class Load:
	"""How many processes wanted to run at once, on average over the last 5 and 15 minutes."""

	five: float
	fifteen: float
	cores: int


@dataclass(frozen=True)
class HostMemory:
	"""Memory of this machine, or of the container when that has a limit of its own."""

	total_bytes: int
	available_bytes: int
	swap_total_bytes: int
	swap_used_bytes: int
	in_container: bool

	@property
	def used_share(self) -> float:
		return 1 - self.available_bytes / self.total_bytes if self.total_bytes else 0.0


@dataclass(frozen=True)
class FileSystem:
	"""A file system that the bench or its database uses. ``free_bytes`` is what an ordinary user may still take."""

	device: int
	paths: tuple[Path, ...]
	total_bytes: int
	used_bytes: int
	free_bytes: int
	inodes: int
	inodes_free: int

	@property
	def used_share(self) -> float:
		usable = self.used_bytes + self.free_bytes
		return self.used_bytes / usable if usable else 0.0

	@property
	def inodes_used_share(self) -> float:
		return 1 - self.inodes_free / self.inodes if self.inodes else 0.0


@dataclass(frozen=True)
class OpenFiles:
	"""Files and connections that a process, or the whole machine (``process`` None), holds open."""

	process: Process | None
	used: int
	limit: int


class Host:
	"""The machine on which the console runs: with several servers, only one of them.

	Args:
		bench: Folder of the bench; processes are the bench's when they run in it or name it.
		root: Where ``proc`` and ``sys`` lie.
	"""

	def __init__(self, bench: Path, root: Path = Path("/")) -> None:
		self.bench = bench
		self.root = root
		self.cgroup = Cgroup(root)
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

	def largest_processes(self, most: int) -> list[tuple[str, int]]:
		"""Return the programs that take most memory on this machine, each with the bytes of all its processes.

		Raises:
			SourceUnavailable: Processes cannot be listed here.
		"""
		sums: dict[str, int] = {}
		with _explained("The processes of this machine"):
			for process in psutil.process_iter(["name", "memory_info"]):
				memory = process.info["memory_info"]
				if memory is not None:
					name = str(process.info["name"] or "?")
					sums[name] = sums.get(name, 0) + int(memory.rss)
		return sorted(sums.items(), key=lambda item: item[1], reverse=True)[:most]

	def clock(self) -> datetime:
		"""Return the time by this machine's clock, in UTC."""
		return datetime.now(UTC)

	def booted(self) -> datetime:
		"""Return when this machine started."""
		return datetime.fromtimestamp(psutil.boot_time(), UTC)

	def load(self) -> Load:
		"""Return the load of the machine; a container sees that of its whole machine.

		Raises:
			SourceUnavailable: It cannot be read here.
		"""
		with _explained("The load of this machine"):
			_one, five, fifteen = os.getloadavg()
			return Load(five, fifteen, psutil.cpu_count() or 1)

	def memory(self) -> HostMemory:
		"""Return the memory of this machine or container.

		Raises:
			SourceUnavailable: It cannot be read here.
		"""
		with _explained("The memory of this machine"):
			machine, swap = psutil.virtual_memory(), psutil.swap_memory()
		total, available = machine.total, machine.available
		own = self.cgroup.memory()
		limited = own is not None and own[0] < total
		if own is not None and limited:
			total, available = own[0], min(available, own[0] - own[1])
		return HostMemory(total, max(available, 0), swap.total, swap.used, limited)

	def memory_kills(self) -> int | None:
		"""Return how many processes the system ended for lack of memory: in this container, else since the start.

		None where the system does not tell.
		"""
		own = self.cgroup.memory_kills()
		if own:
			return own
		try:
			lines = (self.root / "proc/vmstat").read_text().splitlines()
		except OSError:
			return own
		found = dict(line.split()[:2] for line in lines if " " in line)
		return int(found["oom_kill"]) if "oom_kill" in found else own

	def file_systems(self, paths: list[Path]) -> list[FileSystem]:
		"""Describe the file systems on which these folders lie, each once.

		Raises:
			SourceUnavailable: One of the folders cannot be reached.
		"""
		by_device: dict[int, list[Path]] = {}
		found: list[FileSystem] = []
		with _explained("The disks of this machine"):
			for path in paths:
				by_device.setdefault(path.stat().st_dev, []).append(path)
			for device, own in by_device.items():
				state = os.statvfs(own[0])
				found.append(
					FileSystem(
						device=device,
						paths=tuple(own),
						total_bytes=state.f_blocks * state.f_frsize,
						used_bytes=(state.f_blocks - state.f_bfree) * state.f_frsize,
						free_bytes=state.f_bavail * state.f_frsize,
						inodes=state.f_files,
						inodes_free=state.f_ffree,
					)
				)
		return found

	def open_files(self, processes: Iterable[Process]) -> list[OpenFiles]:
		"""Return what the machine and each of these processes hold open, where this user may see it."""
		found = [own for process in processes if (own := _open_files(process)) is not None]
		try:
			used, _free, limit = (self.root / "proc/sys/fs/file-nr").read_text().split()
		except (OSError, ValueError):
			return found
		return [OpenFiles(None, int(used), int(limit)), *found]

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
			return Process(process.pid, command, started, process.memory_info().rss, process.ppid())
		except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
			return None

	def _is_ours(self, process: psutil.Process, command: tuple[str, ...]) -> bool:
		inside = str(self.bench)
		if any(part == inside or part.startswith(inside + "/") for part in command):
			return True
		working_directory = process.cwd()
		return working_directory == inside or working_directory.startswith(inside + "/")


def _open_files(process: Process) -> OpenFiles | None:
	try:
		own = psutil.Process(process.pid)
		limit = own.rlimit(psutil.RLIMIT_NOFILE)[0]
		return OpenFiles(process, own.num_fds(), limit) if limit > 0 else None
	except (psutil.Error, OSError, AttributeError):
		return None  # ended meanwhile, another user's, or a system that does not tell


@contextmanager
def _explained(what: str) -> Iterator[None]:
	try:
		yield
	except (OSError, psutil.Error) as error:
		raise SourceUnavailable(
			"host", f"{what} cannot be read: {error}.", remedy="Run as the bench's user."
		) from error
