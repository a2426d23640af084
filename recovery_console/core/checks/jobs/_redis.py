"""The state of the queue Redis, as INFO and CONFIG tell it."""

from __future__ import annotations

from typing import Any

from redis.exceptions import ResponseError

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.record import dataclass

_SETTINGS = ("stop-writes-on-bgsave-error", "save")


@dataclass(frozen=True)
class Server:
	"""What INFO says, and where they may be read the settings that decide what follows from it."""

	info: dict[str, Any]
	settings: dict[str, str]

	@property
	def loading(self) -> bool:
		return bool(int(self.info.get("loading") or 0))

	@property
	def loading_seconds(self) -> int:
		return int(float(self.info.get("loading_eta_seconds") or 0))

	@property
	def is_replica(self) -> bool:
		writable = str(self.info.get("slave_read_only", 1)) == "0"
		return self.info.get("role") == "slave" and not writable

	@property
	def master(self) -> str:
		return f"{self.info.get('master_host')}:{self.info.get('master_port')}"

	@property
	def save_failed(self) -> str:
		"""What could not be written last time: empty when all was."""
		if self.info.get("aof_last_write_status", "ok") != "ok":
			return "append-only file"
		return "snapshot" if self.info.get("rdb_last_bgsave_status", "ok") != "ok" else ""

	@property
	def refuses_after_failed_save(self) -> bool:
		"""Redis refuses writes by default, but not when it was told to go on or never to save."""
		if self.save_failed == "append-only file":
			return True
		stops = self.settings.get("stop-writes-on-bgsave-error", "yes") == "yes"
		return stops and self.settings.get("save", "default") != ""

	@property
	def unsaved_changes(self) -> int:
		return int(self.info.get("rdb_changes_since_last_save") or 0)

	@property
	def used_bytes(self) -> int:
		return int(self.info.get("used_memory") or 0)

	@property
	def limit_bytes(self) -> int:
		"""The most memory it may use; 0 when it has no limit."""
		return int(self.info.get("maxmemory") or 0)

	@property
	def policy(self) -> str:
		return str(self.info.get("maxmemory_policy", ""))

	@property
	def evicts(self) -> bool:
		return self.policy not in ("", "noeviction")

	@property
	def evicted(self) -> int:
		return int(self.info.get("evicted_keys") or 0)


def read_server(redis: RedisSource) -> Server:
	"""Read the server's state.

	Raises:
		SourceUnavailable: It does not answer.
	"""
	info = redis.info()
	settings: dict[str, str] = {}
	with redis.client() as client:
		for name in _SETTINGS:
			try:
				settings |= {_text(key): _text(value) for key, value in client.config_get(name).items()}
			except ResponseError:
				break  # Frappe's own Redis users may not; Redis' defaults are assumed
	return Server(info, settings)


def _text(value: Any) -> str:
	return value.decode() if isinstance(value, bytes) else str(value)


def mib(count: int) -> float:
	"""Return bytes as MiB, with one decimal."""
	return round(count / 1024**2, 1)
