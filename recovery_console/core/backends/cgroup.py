"""The limits of the container in which the console runs: control groups of both versions."""

from __future__ import annotations

from pathlib import Path

from recovery_console.core.record import dataclass

#: Version 1 writes a number of this size where there is no limit.
_NO_LIMIT = 2**60


@dataclass(frozen=True)
class Throttling:
	"""How often the container was stopped because it had used up its share of processor time."""

	periods: int
	throttled: int


class Cgroup:
	"""The control group of this process. What cannot be read is None: most machines set no limits.

	Args:
		root: Where ``proc`` and ``sys`` lie.
	"""

	def __init__(self, root: Path) -> None:
		self.root = root

	def memory(self) -> tuple[int, int] | None:
		"""Return limit and use in bytes, the file cache that can be dropped left out; None without a limit."""
		for folder in self._folders("memory"):
			limit = _number(folder / "memory.max", folder / "memory.limit_in_bytes")
			used = _number(folder / "memory.current", folder / "memory.usage_in_bytes")
			if limit is not None and used is not None and limit < _NO_LIMIT:
				stat = _pairs(folder / "memory.stat")
				return limit, max(0, used - stat.get("total_inactive_file", stat.get("inactive_file", 0)))
		return None

	def memory_kills(self) -> int | None:
		"""Return how many processes of the container were ended for lack of memory."""
		for folder in self._folders("memory"):
			for name in ("memory.events", "memory.oom_control"):
				kills = _pairs(folder / name).get("oom_kill")
				if kills is not None:
					return kills
		return None

	def throttling(self) -> Throttling | None:
		"""Return how often the container was throttled; None where its processor time has no limit."""
		for folder in self._folders("cpu"):
			stat = _pairs(folder / "cpu.stat")
			if stat.get("nr_periods"):
				return Throttling(stat["nr_periods"], stat.get("nr_throttled", 0))
		return None

	def _folders(self, controller: str) -> list[Path]:
		"""Return the folders of the group and of those above it, the innermost first."""
		base = self.root / "sys/fs/cgroup"
		two = (base / "cgroup.controllers").exists()
		own = self._own("" if two else controller)
		top = base if two else base / controller
		inner = top / own
		folders = [inner, *(folder for folder in inner.parents if folder.is_relative_to(top))]
		return [folder for folder in folders if folder.is_dir()]

	def _own(self, controller: str) -> str:
		try:
			lines = (self.root / "proc/self/cgroup").read_text().splitlines()
		except OSError:
			return ""
		for line in lines:
			controllers, path = line.split(":", 2)[1:]
			if controller in controllers.split(","):
				return path.lstrip("/")
		return ""


def _number(*paths: Path) -> int | None:
	for path in paths:
		try:
			return int(path.read_text())
		except (OSError, ValueError):
			continue  # not of this version, or the word max
	return None


def _pairs(path: Path) -> dict[str, int]:
	try:
		lines = path.read_text().splitlines()
	except OSError:
		return {}
	found = (line.split() for line in lines)
	return {parts[0]: int(parts[1]) for parts in found if len(parts) == 2 and parts[1].isdigit()}
