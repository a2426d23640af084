"""Sample benches: real sites of Frappe's shape, healthy until a test breaks them. See README.md here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

from tests.support import bench_folder, fill, rq_keys
from tests.support.doctypes import Frappe, load
from tests.support.folders import FolderSnapshot
from tests.support.sample_site import QUEUES, SampleSite, Target
from tests.support.services import Redis
from tests.support.sqlite_database import SqliteTarget

__all__ = ["APPS", "QUEUES", "SampleBench", "SampleSite", "SqliteTarget", "Target"]


class MailServer(Protocol):
	"""Where a sample site sends its mail."""

	host: str
	port: int


APPS = ("frappe", "erpnext", "verenigingen")


class SampleBench:
	"""A bench folder with its two Redis servers; sites are added to it. All sites share one Frappe version."""

	def __init__(
		self,
		folder: Path,
		redis_cache: Redis,
		redis_queue: Redis,
		now: datetime,
		smtp: MailServer | None = None,
	) -> None:
		self.folder = folder
		self.redis_cache = redis_cache
		self.redis_queue = redis_queue
		self.smtp = smtp
		self.now = now
		"""The moment for which every site of the bench is healthy, in UTC. Give it to the console as its clock."""
		self.sites: dict[str, SampleSite] = {}
		self.frappe: Frappe | None = None
		self.queue = redis_queue.client()
		self.cache = redis_cache.client()
		self._spare = folder.parent / f".{folder.name}-frozen"
		self._snapshot: FolderSnapshot | None = None

	@classmethod
	def create(
		cls,
		folder: Path,
		*,
		redis_cache: Redis,
		redis_queue: Redis,
		now: datetime | None = None,
		smtp: MailServer | None = None,
	) -> SampleBench:
		"""An empty bench in a folder that does not exist yet; both Redis servers must run.

		The default Email Account of its sites points at `smtp`, or at a host that does not exist.
		"""
		moment = (now or datetime.now(timezone.utc)).astimezone(timezone.utc)
		bench = cls(folder.resolve(), redis_cache, redis_queue, moment, smtp)
		bench._spare.mkdir(parents=True, exist_ok=True)
		bench_folder.make_bench(bench.folder, bench._common_config())
		return bench

	def add_site(
		self,
		name: str,
		*,
		database: Target,
		frappe: Frappe,
		apps: Sequence[str] = APPS,
		encryption_key: str | None = None,
	) -> SampleSite:
		"""Build a site: database, folder, configuration and a healthy content."""
		if self.frappe not in (None, frappe):
			raise ValueError(f"this bench has Frappe {self.frappe}: make another bench for {frappe}")
		self.frappe = frappe
		for app in apps:
			bench_folder.add_app(self.folder, app, frappe)
		site = SampleSite(self, name, database, load(frappe, tuple(apps)), encryption_key)
		self.sites[name] = site
		site.build()
		fill.fill_queue(self)
		self._snapshot = FolderSnapshot(
			self.folder, skip=(f"sites/{name}", *(f"sites/{s}" for s in self.sites))
		)
		return site

	@property
	def bench_id(self) -> str:
		"""The prefix of this bench's queues."""
		configured: str | None = self.common_config().get("bench_id")
		return configured or str(self.folder).strip("/").replace("/", "-")

	def queue_key(self, queue: str) -> str:
		"""A queue's name on the wire, as after `rq:queue:`."""
		return f"{self.bench_id}:{queue}"

	@property
	def common_config_path(self) -> Path:
		"""`sites/common_site_config.json`."""
		return self.folder / "sites" / "common_site_config.json"

	def common_config(self) -> dict[str, Any]:
		"""What it says now."""
		return bench_folder.read_json(self.common_config_path)

	def set_common_config(self, **values: Any) -> None:
		"""Change keys of it; None removes a key."""
		bench_folder.edit_json(self.common_config_path, values)

	def add_worker(
		self,
		*,
		queues: Sequence[str] = QUEUES,
		heartbeat_age: float = 5,
		state: str = "idle",
		current_job: str | None = None,
		name: str | None = None,
		ttl: int | None = None,
	) -> str:
		"""Register a worker as RQ does; `heartbeat_age` in seconds. Its name."""
		number = self.queue.scard("rq:workers")
		seed = hashlib.sha256(f"{self.bench_id} {number} {queues}".encode()).hexdigest()[:32]
		pid = 4200 + int(number)
		worker = rq_keys.Worker(
			name=name or f"{seed}.bench-host.{pid}.{','.join(queues)}",
			queues=[self.queue_key(queue) for queue in queues],
			birth=self.now - timedelta(hours=30),
			last_heartbeat=self.now - timedelta(seconds=heartbeat_age),
			state=state,
			current_job=current_job,
			pid=pid,
		)
		rq_keys.write_worker(self.queue, worker, self.frappe or 15, 86400 if ttl is None else ttl)
		return worker.name

	def restore(self) -> None:
		"""Put every site, both Redis servers and the bench's own files back to the healthy state."""
		for site in self.sites.values():
			site.restore_site()
		self.restore_shared()

	def restore_shared(self) -> None:
		"""Put back what the sites share: the bench's files and both Redis servers."""
		if self._snapshot is not None:
			self._snapshot.restore()
		for server, client in ((self.redis_cache, self.cache), (self.redis_queue, self.queue)):
			server.start()
			server.reset()
			client.config_set("maxmemory", server.config["maxmemory"])
			client.config_set("maxmemory-policy", server.config.get("maxmemory-policy", "noeviction"))
			client.config_set("save", server.config["save"])
			client.replicaof("NO", "ONE")
			client.flushall()
		fill.fill_queue(self)
		for site in self.sites.values():
			fill.fill_cache(site)

	def _common_config(self) -> dict[str, Any]:
		return {
			"background_workers": 1,
			"default_site": "",
			"file_watcher_port": 6787,
			"frappe_user": "frappe",
			"gunicorn_workers": 5,
			"live_reload": False,
			"rebase_on_pull": False,
			"redis_cache": self.redis_cache.url,
			"redis_queue": self.redis_queue.url,
			"redis_socketio": self.redis_cache.url,
			"restart_supervisor_on_update": False,
			"restart_systemd_on_update": False,
			"serve_default_site": True,
			"shallow_clone": True,
			"socketio_port": 9000,
			"use_redis_auth": False,
			"webserver_port": 8000,
		}
