"""One site of a sample bench: its database, folder, configuration and keys in Redis."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from tests.support import bench_folder, fill, rq_keys
from tests.support.databases import Database
from tests.support.doctypes import Schema
from tests.support.folders import FolderSnapshot
from tests.support.mariadb_database import MariaDBDatabase
from tests.support.postgres_database import PostgresDatabase
from tests.support.services import MariaDB, Postgres
from tests.support.site_data import SiteData
from tests.support.sqlite_database import SqliteDatabase, SqliteTarget

if TYPE_CHECKING:
	from tests.support.sample import SampleBench

QUEUES = ("short", "default", "long")
TIMEOUTS = {"short": 300, "default": 300, "long": 1500}
TIME_ZONE = "Europe/Amsterdam"

Target = SqliteTarget | MariaDB | Postgres


class SampleSite(SiteData):
	"""One site of a sample bench. What it inherits reads and writes rows."""

	def __init__(
		self, bench: SampleBench, name: str, target: Target, schema: Schema, encryption_key: str | None
	) -> None:
		self.bench = bench
		self.name = name
		self.frappe = schema.frappe
		self.apps = schema.apps
		self.path = bench.folder / "sites" / name
		self.config_path = self.path / "site_config.json"
		self.time_zone = ZoneInfo(TIME_ZONE)
		digest = hashlib.sha256(name.encode()).digest()
		self.encryption_key = encryption_key or base64.urlsafe_b64encode(digest).decode()
		where = hashlib.sha256(f"{bench.folder}/{name}".encode()).hexdigest()
		self.db_name = f"_{where[:16]}"
		self.db_password = where[16:32]
		self.cache, self.queue = bench.cache, bench.queue
		self._snapshot: FolderSnapshot | None = None
		super().__init__(
			self._database(target, schema),
			schema,
			bench.now.astimezone(self.time_zone).replace(tzinfo=None),
		)

	# -- configuration

	def config(self) -> dict[str, Any]:
		"""What `site_config.json` says now."""
		return bench_folder.read_json(self.config_path)

	def set_config(self, **values: Any) -> None:
		"""Change keys of `site_config.json`; None removes a key."""
		bench_folder.edit_json(self.config_path, values)

	def unset_config(self, *keys: str) -> None:
		"""Remove keys of `site_config.json`."""
		bench_folder.edit_json(self.config_path, dict.fromkeys(keys))

	# -- secrets

	def encrypt(self, text: str) -> str:
		"""A text as Frappe stores a password field."""
		return Fernet(self.encryption_key).encrypt(text.encode()).decode()

	def set_password(self, doctype: str, name: str, password: str, fieldname: str = "password") -> None:
		"""Store a password field of a document; the column itself shows stars."""
		self.delete("__Auth", {"doctype": doctype, "name": name, "fieldname": fieldname})
		secret = self.encrypt(password)
		self.insert("__Auth", doctype=doctype, name=name, fieldname=fieldname, password=secret, encrypted=1)

	# -- Redis

	@property
	def bench_id(self) -> str:
		"""The prefix of the bench's queues."""
		return self.bench.bench_id

	def cache_key(self, key: str) -> str:
		"""A key of this site in redis_cache."""
		return f"{self.db_name}|{key}"

	def queue_key(self, queue: str) -> str:
		"""See `SampleBench.queue_key`."""
		return self.bench.queue_key(queue)

	def job_id(self, job_id: str) -> str:
		"""A job id of this site in the format of its Frappe version."""
		if self.frappe == 15:
			return f"{self.name}::{job_id}"
		return f"{self.name}||{job_id.replace(':', '|')}"

	def add_worker(self, **options: Any) -> str:
		"""See `SampleBench.add_worker`."""
		return self.bench.add_worker(**options)

	def add_job(
		self,
		queue: str = "default",
		*,
		method: str = "frappe.utils.background_jobs.run_doc_method",
		status: rq_keys.Status = "queued",
		job_id: str | None = None,
		site: str | None = None,
		enqueued_at: datetime | None = None,
		started_at: datetime | None = None,
		ended_at: datetime | None = None,
		last_heartbeat: datetime | None = None,
		timeout: int | None = None,
		user: str = "Administrator",
		kwargs: Mapping[str, Any] | None = None,
		worker: str = "",
		exc: str | None = None,
		score: float | None = None,
		at_front: bool = False,
	) -> str:
		"""Write a job as RQ would hold it. Naive times are the site's, aware ones are taken as they are.

		The full id. `job_id` is the unprefixed one; `site` another site's name; `score` the registry's.
		"""
		enqueued = self._utc(enqueued_at) or self.bench.now - timedelta(seconds=20)
		started = self._utc(started_at)
		if started is None and status in ("started", "failed", "finished", "stopped"):
			started = enqueued + timedelta(seconds=1)
		ended = self._utc(ended_at)
		if ended is None and started and status != "started":
			ended = started + timedelta(seconds=2)
		full = self.job_id(job_id or self.new_name("RQ Job"))
		if site is not None:
			full = full.replace(self.name, site, 1)
		job = rq_keys.Job(
			id=full,
			queue=self.queue_key(queue),
			site=site or self.name,
			method=method,
			status=status,
			created_at=enqueued,
			enqueued_at=enqueued,
			started_at=started,
			ended_at=ended,
			last_heartbeat=self._utc(last_heartbeat) or (self.bench.now if status == "started" else ended),
			timeout=timeout or TIMEOUTS.get(queue, 300),
			user=user,
			kwargs=kwargs or {},
			worker=worker,
			exc=exc
			if exc is not None or status != "failed"
			else "Traceback (most recent call last):\nValueError",
			score=score,
		)
		rq_keys.write_job(self.queue, job, self.frappe, self.bench.now, at_front=at_front)
		return full

	# -- the healthy state

	def build(self) -> None:
		"""Make everything from nothing and remember it as the healthy state."""
		bench_folder.make_site_folder(self.path)
		config = {**self.database.config(), "encryption_key": self.encryption_key}
		bench_folder.write_json(self.config_path, config)
		self.config_path.chmod(0o600)
		self.database.create()
		fill.fill_site(self)
		fill.fill_cache(self)
		self.freeze()

	def freeze(self) -> None:
		"""Take the present state as the one that `restore` goes back to."""
		self.database.freeze()
		self._snapshot = FolderSnapshot(self.path, skip=("db",))

	def restore(self) -> None:
		"""Put this site, both Redis servers and the bench's files back to the healthy state."""
		self.restore_site()
		self.bench.restore_shared()

	def restore_site(self) -> None:
		"""Put back this site's database and folder only."""
		self.database.restore()
		if self._snapshot is not None:
			self._snapshot.restore()

	def checksums(self) -> dict[str, str]:
		"""Every table with a text that changes when any of its rows changes."""
		return self.database.checksums()

	def close(self) -> None:
		"""Let go of the database; the next statement connects again."""
		self.database.close()

	def utc(self, moment: datetime) -> datetime:
		"""A naive time of this site as an aware one in UTC."""
		return moment.replace(tzinfo=self.time_zone).astimezone(timezone.utc)

	def _utc(self, moment: datetime | None) -> datetime | None:
		return moment if moment is None or moment.tzinfo else self.utc(moment)

	def _database(self, target: Target, schema: Schema) -> Database:
		if isinstance(target, MariaDB):
			return MariaDBDatabase(self.db_name, self.db_password, schema, target)
		if isinstance(target, Postgres):
			return PostgresDatabase(self.db_name, self.db_password, schema, target)
		if self.frappe == 15:
			raise ValueError("Frappe 15 has no SQLite: take frappe=16, or MariaDB or Postgres")
		return SqliteDatabase(self.db_name, self.db_password, schema, self.path, self.bench._spare)
