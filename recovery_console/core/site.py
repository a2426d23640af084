"""A site as a check sees it: everything it may look at, and nothing that it could change."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from recovery_console.core.backends.config import Config, read_config
from recovery_console.core.backends.database import WRITE_LIMIT, Database, unavailable
from recovery_console.core.backends.files import Files
from recovery_console.core.backends.host import Host
from recovery_console.core.backends.queues import Queues
from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.backends.sql import table
from recovery_console.core.bench import (
	bench_id,
	find_bench,
	major,
	queue_limits,
	read_frappe_version,
	site_names,
)
from recovery_console.core.errors import NotFoundError, SourceUnavailable
from recovery_console.core.times import UTC, moment, zone

Clock = Callable[[], datetime]
Fact = TypeVar("Fact")
#: Where Frappe 15 and 16 look for Redis when the configuration does not say.
DEFAULT_REDIS = {"redis_cache": "redis://127.0.0.1:13311", "redis_queue": "redis://127.0.0.1:11311"}


class Shared:
	"""What the views of one opened site share: its paths, its configuration and what is known to be down."""

	def __init__(self, bench: Path, name: str, clock: Clock) -> None:
		self.bench = bench
		self.name = name
		self.clock = clock
		self.path = bench / "sites" / name
		self.frappe_version = read_frappe_version(bench)
		self.config: Config = read_config(self.path, bench / "sites", major(self.frappe_version))
		self.lock = threading.Lock()
		self.idle: list[Database] = []
		self.database_failure: SourceUnavailable | None = None
		self.facts: dict[str, Any] = {}
		self.fact_locks: dict[str, threading.RLock] = {}
		self.known_tables: dict[str, frozenset[str]] = {}
		self.empty_tables: set[str] = set()
		self.files = Files(bench, self.path)
		self.host = Host(bench)
		self.cache = self._redis("cache")
		self.queue_redis = self._redis("queue")
		self.queue = self._queues()

	def reload_config(self) -> None:
		"""Read the configuration again, after it was changed; views made from now on see it."""
		self.config = read_config(self.path, self.bench / "sites", major(self.frappe_version))
		self.queue = self._queues()

	def _queues(self) -> Queues:
		return Queues(self.queue_redis, bench_id(self.bench, self.config), queue_limits(self.config))

	def _redis(self, name: str) -> RedisSource:
		key = f"redis_{name}"
		user = password = None
		if name == "queue" and self.config.flag("use_rq_auth"):
			user = self.config.get("rq_username") or bench_id(self.bench, self.config)
			password = self.config.get("rq_password")
		return RedisSource(name, str(self.config.get(key) or DEFAULT_REDIS[key]), user, password)

	def acquire(self) -> Database:
		with self.lock:
			if self.idle:
				return self.idle.pop()
			if self.database_failure is not None:
				raise self.database_failure
		try:
			database = connect(self.config, self.path)
		except SourceUnavailable as error:
			with self.lock:
				self.database_failure = error
			raise
		database.known = self.known_tables
		database.empty = self.empty_tables
		return database

	def release(self, database: Database) -> None:
		if database.broken:
			database.close()
			return
		with self.lock:
			self.idle.append(database)

	def close(self) -> None:
		with self.lock:
			while self.idle:
				self.idle.pop().close()
		self.cache.close()
		self.queue_redis.close()


class Site:
	"""One view of a site, for one check at a time. Everything read-only.

	Sources are opened when they are first asked for; one that does not answer raises ``SourceUnavailable``.

	Attributes:
		name: Name of the site, which is its folder in ``sites``.
		bench: Folder of the bench.
		path: Folder of the site.
		config: Both configuration files as Frappe merges them, and what is wrong with them.
		files: The bench's files.
		host: This machine.
		cache: The cache server.
		queue: The bench's queues and workers.
		frappe_version: Such as ``15.44.2``; empty when the bench holds no Frappe.
	"""

	def __init__(self, shared: Shared) -> None:
		self._shared = shared
		self._database: Database | None = None
		self._abandoned = False
		self.name = shared.name
		self.bench = shared.bench
		self.path = shared.path
		self.config = shared.config
		self.frappe_version = shared.frappe_version
		self.files = shared.files
		self.host = shared.host
		self.cache = shared.cache
		self.queue = shared.queue

	def now(self) -> datetime:
		"""Return the present moment, in UTC."""
		return self._shared.clock()

	@property
	def db(self) -> Database:
		"""The database.

		Raises:
			SourceUnavailable: It does not let us in.
		"""
		if self._database is None:
			if self._abandoned:
				raise unavailable("abandoned", "The time for this check is over.", "Repeat it.")
			self._database = self._shared.acquire()
		return self._database

	@property
	def frappe_major(self) -> int:
		"""Frappe's major version, 15 or 16; 0 when it is not known."""
		return major(self.frappe_version)

	@property
	def time_zone(self) -> tzinfo:
		"""The time zone of the site, in which its database keeps times."""
		return self.remember("time_zone", lambda: zone(self.single("System Settings", "time_zone")))

	def moment(self, value: Any) -> datetime | None:
		"""Return a time from the database as an aware UTC datetime; None where there is none."""
		return moment(value, self.time_zone)

	def age(self, value: Any) -> timedelta | None:
		"""Return how long ago a time from the database was; None where there is none."""
		then = self.moment(value)
		return None if then is None else self.now() - then

	def db_time(self, when: datetime) -> datetime:
		"""Return a moment as the database keeps it: naive, in the site's time zone."""
		return when.astimezone(self.time_zone).replace(tzinfo=None)

	def ago(self, duration: timedelta) -> datetime:
		"""Return the database time that lies ``duration`` in the past."""
		return self.db_time(self.now() - duration)

	def single(self, doctype: str, field: str) -> str | None:
		"""Return a field of a single DocType; None where it was never saved."""
		t = table("Singles")
		value = self.db.value(
			self.db.from_(t).select(t.value).where((t.doctype == doctype) & (t["field"] == field))
		)
		return None if value is None else str(value)

	def single_int(self, doctype: str, field: str, default: int = 0) -> int:
		"""Return a number or switch of a single DocType."""
		try:
			return int(float(self.single(doctype, field) or default))
		except ValueError:
			return default

	def default(self, key: str, parent: str = "__default") -> str | None:
		"""Return a default value, as ``frappe.db.get_default`` does."""
		t = table("DefaultValue")
		value = self.db.value(
			self.db.from_(t).select(t.defvalue).where((t.parent == parent) & (t.defkey == key)).limit(1)
		)
		return None if value is None else str(value)

	def installed_apps(self) -> tuple[str, ...]:
		"""Return the apps installed on this site, in order."""

		def read() -> tuple[str, ...]:
			try:
				apps = json.loads(self.default("installed_apps", "__global") or "[]")
			except ValueError:
				apps = []
			return tuple(str(app) for app in apps) if isinstance(apps, list) else ()

		return self.remember("installed_apps", read)

	def has_doctype(self, doctype: str, *columns: str) -> bool:
		"""Tell whether this site has a DocType's table, with these columns."""
		return self.db.has(doctype, *columns)

	@property
	def shared(self) -> Shared:
		"""What all views of this opened site share."""
		return self._shared

	def view(self) -> Site:
		"""Return another view of the same site, for another check."""
		return Site(self._shared)

	def release(self) -> None:
		"""Give the connection back for the next check."""
		database, self._database = self._database, None
		if database is None:
			return
		if self._abandoned:
			database.close()
		else:
			self._shared.release(database)

	def abandon(self) -> None:
		"""Cut the connection of a check that is no longer waited for; its thread then calls ``release``."""
		self._abandoned = True
		database = self._database
		if database is not None:
			database.cut()

	def close(self) -> None:
		"""Close all connections of all views."""
		self.release()
		self._shared.close()

	def __enter__(self) -> Site:
		return self

	def __exit__(self, *_: object) -> None:
		self.close()

	def remember(self, name: str, read: Callable[[], Fact]) -> Fact:
		"""Read something that holds for the whole diagnosis once, for all checks; who comes meanwhile waits.

		What cannot be read is not remembered: the next check tries by itself.

		Args:
			name: Names it among all that is remembered, such as ``sepa.mandates``.
			read: Reads it.
		"""
		shared = self._shared
		with shared.lock:
			lock = shared.fact_locks.setdefault(name, threading.RLock())
		with lock:
			if name not in shared.facts:
				shared.facts[name] = read()
			fact: Fact = shared.facts[name]
			return fact

	@cached_property
	def bench_id(self) -> str:
		"""The name under which this bench's queues stand in Redis."""
		return bench_id(self.bench, self.config)


def open_site(bench_path: str | Path, site_name: str, *, clock: Clock | None = None) -> Site:
	"""Open a site from outside, to read.

	Nothing is connected yet: opening succeeds while database and Redis are down and while the configuration
	is damaged.

	Args:
		bench_path: Folder of the bench, which holds ``sites``.
		site_name: Name of the site.
		clock: Gives the present moment, aware; the machine's clock by default.

	Raises:
		NotFoundError: There is no such bench or site.
	"""
	bench = find_bench(Path(bench_path))
	if not site_name or Path(site_name).name != site_name or site_name in ("assets", ".", ".."):
		raise NotFoundError(
			f"{site_name!r} is not the name of a site.",
			remedy="Name one of: " + (", ".join(site_names(bench)) or "there are none in this bench") + ".",
		)
	if not (bench / "sites" / site_name).is_dir():
		raise NotFoundError(
			f"Bench {bench} has no site {site_name}.",
			remedy="Name one of: " + (", ".join(site_names(bench)) or "there are none in this bench") + ".",
		)
	return Site(Shared(bench, site_name, clock or (lambda: datetime.now(UTC))))


def connect(
	config: Config, site_path: Path, *, writable: bool = False, limit: timedelta = WRITE_LIMIT
) -> Database:
	"""Connect to a site's database, read-only unless it is to be writable.

	Args:
		config: The site's configuration.
		site_path: Folder of the site.
		writable: For a repair.
		limit: How long one statement of a repair may take.

	Raises:
		SourceUnavailable: The configuration does not say how, or the server does not let us in.
	"""
	name = config.get("db_name")
	if not name:
		raise unavailable(
			"config",
			f"{config.site.path} does not say which database is the site's (db_name).",
			"Mend site_config.json from its last good copy: a *-site_config_backup.json in private/backups.",
		)
	try:
		return _connect(config, site_path, str(name), writable=writable, limit=limit)
	except ImportError as error:
		raise unavailable(
			"driver",
			f"The driver of {config.get('db_type') or 'mariadb'} cannot be loaded: {error}.",
			"Mend db_type in site_config.json if it is wrong; else install the driver where the console runs.",
		) from error
	except (TypeError, ValueError, OverflowError) as error:
		raise unavailable(
			"config",
			f"The database settings of {config.site.path} make no sense: {error}.",
			"Mend db_name, db_host, db_port, db_socket, db_user and db_password from its last good copy.",
		) from error


def _connect(config: Config, site_path: Path, name: str, *, writable: bool, limit: timedelta) -> Database:
	# A driver is loaded where it is needed: each takes its time, and a bench may lack those of the other databases.
	kind = str(config.get("db_type") or "mariadb")
	if kind == "sqlite":
		from recovery_console.core.backends import sqlite

		return sqlite.connect(site_path / "db" / f"{name}.db", name, writable=writable, limit=limit)
	if kind == "postgres":
		from recovery_console.core.backends import postgres

		return postgres.connect(
			_server(config, 5432, "dbname"), name, config.get("db_schema"), writable=writable, limit=limit
		)
	if kind == "mariadb":
		from recovery_console.core.backends import mariadb

		return mariadb.connect(_server(config, 3306, "database"), name, writable=writable, limit=limit)
	raise unavailable(
		"config", f"db_type is {kind!r}, which no Frappe knows.", "Set it to mariadb, postgres or sqlite."
	)


def _server(config: Config, port: int, database: str) -> dict[str, Any]:
	name = str(config.get("db_name"))
	settings: dict[str, Any] = {
		"host": config.get("db_host") or "127.0.0.1",
		"port": config.number("db_port", port) or port,
		"user": config.get("db_user") or name,
		"password": str(config.get("db_password") or ""),
		database: name,
	}
	certificates = {part: config.get(f"db_ssl_{part}") for part in ("ca", "cert", "key")}
	socket = str(config.get("db_socket") or "")
	if (
		database == "dbname" and socket
	):  # as Frappe does it: a host wins over the socket, the port is left out
		settings["host"] = config.get("db_host") or socket
		del settings["port"]
	if database == "database":
		if socket:
			settings["unix_socket"] = socket
		if all(certificates.values()):
			settings["ssl"] = certificates
	return settings
