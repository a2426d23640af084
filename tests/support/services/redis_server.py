"""A private Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import redis

from tests.support.services.process import Service, program


class Redis(Service):
	"""A Redis without persistence unless `config` asks for it. `config` holds redis.conf directives."""

	title: ClassVar[str] = "Redis"

	def __init__(
		self, folder: Path, *, maxmemory: str | None = None, config: Mapping[str, str] | None = None
	) -> None:
		super().__init__(folder)
		self.config = {"save": "", "appendonly": "no", "maxmemory": maxmemory or "0", **(config or {})}

	@property
	def url(self) -> str:
		"""The address as a bench's configuration writes it."""
		return f"redis://{self.host}:{self.port}"

	def client(self, timeout: float = 5.0) -> redis.Redis:
		"""A new client that answers bytes."""
		return redis.Redis(
			host=self.host, port=self.port, socket_timeout=timeout, password=self.config.get("requirepass")
		)

	def prepare(self) -> None:
		return None

	def command(self) -> Sequence[str]:
		options = [part for key, value in self.config.items() for part in (f"--{key}", value)]
		return [
			program("redis-server"),
			*("--port", str(self.port), "--bind", self.host, "--dir", str(self.folder)),
			*options,
		]

	def answers(self) -> bool:
		try:
			with self.client(1) as client:
				return bool(client.ping())
		except redis.exceptions.RedisError:
			return False
