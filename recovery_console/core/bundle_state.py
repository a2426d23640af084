"""What an evidence bundle holds of the machine and the bench: queues, processes, versions, configuration."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from recovery_console import __version__
from recovery_console.core.backends.queues import REGISTRIES, of_site
from recovery_console.core.bundle import Part, Scene, as_json
from recovery_console.core.checks.config import _apps
from recovery_console.core.checks.jobs._errors import read_death
from recovery_console.core.checks.jobs._waiting import read_waiting
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.redact import MASK, redact
from recovery_console.core.site import Site
from recovery_console.core.times import hours

MOST_FAILED = 50
MOST_WORKERS = 100
MOST_PROCESSES = 200
#: A larger number may be a key.
_SMALL = 10**6
#: Settings whose text tells nothing that nobody may know; of others only their length is told.
_SHOWN = frozenset(
	{
		"db_type",
		"db_name",
		"db_host",
		"db_socket",
		"db_user",
		"redis_cache",
		"redis_queue",
		"redis_socketio",
		"host_name",
		"domains",
		"default_site",
		"background_workers",
		"gunicorn_workers",
		"webserver_port",
		"socketio_port",
		"file_watcher_port",
		"http_port",
		"server_script_enabled",
		"scheduler_interval",
		"workers",
		"limits",
		"max_file_size",
		"frappe_user",
		"installed_apps",
		"root_login",
		"rq_username",
		"logging",
		"lang",
		"backup_limit",
		"mail_server",
		"mail_port",
		"restart_supervisor_on_update",
		"restart_systemd_on_update",
		"serve_default_site",
		"shallow_clone",
		"update_bench_on_update",
		"use_redis_auth",
	}
)


def _queues(scene: Scene) -> Iterator[bytes]:
	site = scene.site
	return as_json(
		{
			"queues": [_queue(site, name) for name in site.queue.names()],
			"suspended": site.queue.suspended(),
			"workers": [
				{
					"name": worker.name,
					"queues": list(worker.queues),
					"state": worker.state,
					"pid": worker.pid,
					"host": worker.host,
					"born": worker.born_at,
					"last_heartbeat": worker.last_heartbeat,
				}
				for worker in site.queue.all_workers()[:MOST_WORKERS]
			],
			"failed": _failed(site),
		}
	)


def _queue(site: Site, name: str) -> Mapping[str, Any]:
	waiting = read_waiting(site, name)
	return {
		"name": name,
		"waiting": waiting.length,
		"waiting_of_this_site": waiting.of_this_site,
		"oldest_hours": hours(waiting.oldest_age),
		"most": [{"does": does, "number": number} for does, number in waiting.most],
		"registries": {registry: site.queue.registry_length(name, registry) for registry in REGISTRIES},
	}


def _failed(site: Site) -> list[dict[str, Any]]:
	"""Return the last jobs of this site that failed, each with its error and without its arguments."""
	found = []
	for queue in site.queue.names():
		ids = of_site((entry.id for entry in site.queue.registry_ids(queue, "failed")), site.name)
		for job in site.queue.jobs(ids[-MOST_FAILED:], with_exception=True):
			death = read_death(job.exception)
			found.append(
				{
					"id": job.id,
					"queue": queue,
					"does": job.does,
					"ended": job.ended_at,
					"error": death.error,
					"message": death.message,
				}
			)
	return found[:MOST_FAILED]


def _machine(scene: Scene) -> Iterator[bytes]:
	host = scene.site.host

	def processes() -> Any:
		found = host.bench_processes()
		if len(found) > MOST_PROCESSES:
			scene.notes.append(_("{count} more processes.").format(count=len(found) - MOST_PROCESSES))
		return [
			{
				"pid": process.pid,
				"parent": process.parent,
				"command": " ".join(process.command)[:1000],
				"started": process.started,
				"memory_bytes": process.memory_bytes,
			}
			for process in found[:MOST_PROCESSES]
		]

	def disks() -> Any:
		return [
			{
				"paths": [str(path) for path in found.paths],
				"total_bytes": found.total_bytes,
				"free_bytes": found.free_bytes,
				"inodes_free": found.inodes_free,
			}
			for found in host.file_systems([scene.site.path, Path("/")])
		]

	return as_json(
		_sections(
			scene,
			host=lambda: {"name": host.name, "booted": host.booted(), "clock": host.clock()},
			load=lambda: vars(host.load()),
			memory=lambda: vars(host.memory()),
			memory_kills=host.memory_kills,
			disks=disks,
			processes=processes,
		)
	)


def _versions(scene: Scene) -> Iterator[bytes]:
	site = scene.site

	def apps() -> Any:
		return [
			{
				"app": app,
				"version": _apps.version(site, app),
				"branch": _apps.branch(site, app),
				"commit": _apps.commit(site, app),
			}
			for app in _apps.listed(site)
		]

	return as_json(
		_sections(
			scene,
			frappe=lambda: site.frappe_version,
			console=lambda: __version__,
			python=platform.python_version,
			system=platform.platform,
			database=lambda: site.db.version(),
			redis=lambda: site.queue.redis.info().get("redis_version"),
			apps_of_the_bench=apps,
			apps_of_the_site=site.installed_apps,
		)
	)


def _config(scene: Scene) -> Iterator[bytes]:
	config = scene.site.config
	return as_json(
		{
			"site_config.json": shown_settings(config.site.values),
			"common_site_config.json": shown_settings(config.common.values),
			"environment": sorted(config.environment),
			"problems": [
				{"file": problem.path.name, "kind": problem.kind, "detail": problem.detail}
				for problem in config.problems
			],
		}
	)


def shown_settings(values: Mapping[str, Any]) -> dict[str, Any]:
	"""Return a configuration with what may be known of it: switches, numbers, and texts that are no secrets.

	An app may keep a secret under any name: of a setting that is not known to be harmless only its kind is told.
	"""
	return {
		str(key): _shown(str(key), value)
		for key, value in sorted(values.items(), key=lambda item: str(item[0]))
	}


def _shown(key: str, value: Any) -> Any:
	[known] = redact({key: value}).values()
	if known == MASK or value is None or isinstance(value, bool) or key in _SHOWN:
		return known
	if isinstance(value, (int, float)):
		return known if abs(value) < _SMALL else _("a number")
	if isinstance(value, str):
		return _("a text of {count} characters").format(count=len(value))
	if isinstance(value, (list, tuple)):
		return _("a list of {count}").format(count=len(value))
	return (
		_("{count} settings").format(count=len(value)) if isinstance(value, Mapping) else _("something else")
	)


def _sections(scene: Scene, **read: Callable[[], Any]) -> dict[str, Any]:
	"""Return what can be read; of what cannot, why not."""
	found: dict[str, Any] = {}
	for name, ask in read.items():
		try:
			found[name] = ask()
		except SourceUnavailable as error:
			found[name] = {"unknown": error.reason}
			scene.notes.append(_("{what}: {why}").format(what=name, why=error.reason))
	return found


STATE = (
	Part("state/queues.json", _("Queues, workers and failed jobs"), _queues),
	Part("state/machine.json", _("Load, memory, disks and processes of the bench"), _machine),
	Part("state/versions.json", _("Versions and commits of the apps"), _versions),
	Part("state/config.json", _("The configuration, without secrets"), _config),
)
