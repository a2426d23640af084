"""A Redis server of the bench, read by key: no KEYS, nothing unpickled, nothing cleaned up in passing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import (
	AuthenticationError,
	BusyLoadingError,
	NoPermissionError,
	RedisError,
)
from redis.exceptions import (
	ConnectionError as RedisConnectionError,
)
from redis.exceptions import (
	TimeoutError as RedisTimeoutError,
)
from redis.retry import Retry

from recovery_console.core.errors import SourceUnavailable

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.5


class RedisSource:
	"""One Redis server, as the site's configuration names it.

	Args:
		name: ``cache`` or ``queue``.
		url: Its address, as in ``redis_cache`` or ``redis_queue``.
		username: User for Redis access lists, or None.
		password: Its password, or None.
	"""

	def __init__(self, name: str, url: str, username: str | None = None, password: str | None = None) -> None:
		self.name = name
		self._url = url
		self._login = {"username": username, "password": password} if password else {}
		self._client: Any = None
		self._lock = threading.Lock()
		self._failure: SourceUnavailable | None = None

	@property
	def address(self) -> str:
		"""Host and port, without credentials."""
		# A password may hold any character, so what stands before the last @ is never shown.
		shown = self._url.partition("://")[2].rpartition("@")[2].partition("/")[0]
		return shown or "(no address)"

	@contextlib.contextmanager
	def client(self) -> Iterator[Any]:
		"""Give the redis-py client (``decode_responses`` off); its errors become ``SourceUnavailable``.

		After a failure to connect the source is not tried again: one dead server must not cost every check
		its time limit.
		"""
		if self._failure is not None:
			raise self._failure
		try:
			yield self._connected()
		except (RedisError, OSError, ValueError) as error:
			unavailable = self.explain(error)
			if unavailable.kind in ("refused", "timeout", "loading", "denied", "address"):
				self._failure = unavailable
			raise unavailable from error

	def _connected(self) -> Any:
		with self._lock:
			if self._client is not None:
				return self._client
			self._look_at_address()
			self._client = redis.Redis.from_url(
				self._url,
				socket_connect_timeout=CONNECT_SECONDS,
				socket_timeout=ANSWER_SECONDS,
				retry=Retry(NoBackoff(), 0),
				**self._login,
			)
			return self._client

	def _look_at_address(self) -> None:
		"""Refuse an address that redis-py would stumble over only when it connects."""
		try:
			parts = urlsplit(self._url)
			_ = parts.port, (parts.hostname or "").encode("idna")
		except ValueError as error:
			raise _AddressError("it cannot be read as host and port") from error

	def info(self) -> dict[str, Any]:
		"""Return the server's INFO."""
		with self.client() as client:
			return dict(client.info())

	def explain(self, error: Exception) -> SourceUnavailable:
		"""Put an error of redis-py into words."""
		known = next((known[1:] for known in _KNOWN if isinstance(error, known[0])), None)
		kind, reason, remedy = known or _by_text(str(error))
		return SourceUnavailable(
			self.name,
			reason.format(name=self.name, address=self.address, text=error),
			remedy=remedy,
			kind=kind,
		)

	def close(self) -> None:
		if self._client is not None:
			with contextlib.suppress(RedisError, OSError):
				self._client.close()
				self._client.connection_pool.disconnect()


class _AddressError(ValueError):
	"""The address of a server cannot be one."""


_Known = tuple[tuple[type[Exception], ...], str, str, str]
# The order matters: redis-py derives busy, authentication and time-out errors from its connection error.
_KNOWN: tuple[_Known, ...] = (
	(
		(_AddressError,),
		"address",
		"The address of Redis {name} is not one: {address} ({text}).",
		"Mend it in common_site_config.json; it looks like redis://127.0.0.1:11000.",
	),
	(
		(BusyLoadingError,),
		"loading",
		"Redis {name} at {address} is still loading its data.",
		"Wait; if it does not end, its log says how large the file is that it loads.",
	),
	(
		(AuthenticationError, NoPermissionError),
		"denied",
		"Redis {name} at {address} refuses our user or password.",
		"Compare rq_username and rq_password in site_config.json, or run `bench create-rq-users`.",
	),
	(
		(RedisTimeoutError, TimeoutError),
		"timeout",
		"Redis {name} at {address} did not answer in time.",
		"See whether the server is swapping or blocked by a long command.",
	),
	(
		(RedisConnectionError, ConnectionError, OSError),
		"refused",
		"Redis {name} at {address} cannot be reached.",
		"Start it (`bench start` or supervisor), or mend its address in common_site_config.json.",
	),
)


def _by_text(text: str) -> tuple[str, str, str]:
	for sign, kind, reason, remedy in _TEXTS:
		if sign in text:
			return kind, reason, remedy
	return "unavailable", "Redis {name} at {address} answered with an error: {text}", "See its log."


_TEXTS = (
	(
		"NOAUTH",
		"denied",
		"Redis {name} at {address} asks for a password.",
		"Set use_rq_auth, rq_username and rq_password in the site's configuration.",
	),
	(
		"used memory",  # newer versions of redis-py leave out the word OOM
		"memory",
		"Redis {name} at {address} is out of memory.",
		"Raise maxmemory, or find what fills it; the queue must never evict.",
	),
	(
		"DUMP payload",
		"constraint",
		"Redis {name} at {address} cannot read the key that was kept: another version wrote it.",
		"Make it anew by hand if it is missed.",
	),
	(
		"scheme",
		"address",
		"The address of Redis {name} is not one: {address}.",
		"It begins with redis:// in common_site_config.json.",
	),
)
