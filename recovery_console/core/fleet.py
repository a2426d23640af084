"""One report over all sites of a bench: what they share is named once, with the sites that it hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.finding import Status, worst
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact, redact_text
from recovery_console.core.report import EXIT_STATUS
from recovery_console.core.sighting import root_of

VERSION = 1
#: What several sites stand on: its name, on which server of a site it depends, and the checks that look at it.
#: A family's name stands for all of its checks.
GROUNDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
	("This machine", "", ("host",)),
	("Redis for the cache", "cache", ("cache",)),
	("Redis for the queue", "queue", ("jobs.redis", "jobs.redis_writable")),
	(
		"Workers and scheduler of the bench",
		"queue",
		("jobs.workers", "jobs.unserved_queues", "jobs.misdirected", "scheduler.alive", "scheduler.clock"),
	),
	(
		"Database server",
		"database",
		(
			*("database.reachable", "database.connections", "database.latency", "database.buffer_pool"),
			*("database.binary_log", "database.redo_log", "database.replica", "database.read_only"),
		),
	),
	(
		"Code and configuration of the bench",
		"",
		(
			"config.apps_txt",
			"config.app_branches",
			"config.app_versions",
			"config.assets",
			"config.default_site",
		),
	),
)
#: These have one fingerprint for several problems: only those with the same text are the same.
_BY_TITLE = frozenset({"database.reachable"})


@dataclass(frozen=True)
class Diagnosed:
	"""What came of the diagnosis of one site.

	Args:
		site: Name of the site.
		report: Its report, version 1; None where there is none.
		failed: Why there is none, in a sentence.
		servers: Where its servers are, by name: ``database``, ``cache``, ``queue``.
	"""

	site: str
	report: Mapping[str, Any] | None
	failed: str = ""
	servers: Mapping[str, str] | None = None

	@property
	def status(self) -> Status:
		"""The status of the site; unknown where it could not be diagnosed."""
		return Status(self.report["status"]) if self.report is not None else Status.UNKNOWN

	@property
	def findings(self) -> list[Mapping[str, Any]]:
		checks = self.report["checks"] if self.report is not None else []
		return [{**finding, "check": check["id"]} for check in checks for finding in check["findings"]]

	@property
	def unknown(self) -> list[Mapping[str, Any]]:
		"""The checks that could not look."""
		checks = self.report["checks"] if self.report is not None else []
		return [check for check in checks if check["status"] == Status.UNKNOWN]


@dataclass(frozen=True)
class SharedCause:
	"""A problem of something that several sites stand on.

	Args:
		ground: What that is, such as ``Database server``.
		finding: The problem, as the worst hit site's report has it.
		sites: The sites that it hits.
	"""

	ground: str
	finding: Mapping[str, Any]
	sites: tuple[str, ...]


@dataclass(frozen=True)
class Fleet:
	"""The diagnosis of several sites.

	Args:
		bench: Folder of the bench.
		started: When it began, UTC.
		duration: How long it took.
		sites: One result per site.
	"""

	bench: str
	started: datetime
	duration: timedelta
	sites: tuple[Diagnosed, ...]

	@property
	def status(self) -> Status:
		"""The loudest status of any site; unknown for a bench without one."""
		return worst(site.status for site in self.sites) if self.sites else Status.UNKNOWN

	@property
	def exit_status(self) -> int:
		return EXIT_STATUS[self.status]

	@property
	def shared(self) -> list[SharedCause]:
		"""What several sites share, the most severe and farthest-reaching first."""
		return shared_causes(self.sites)

	def own(self, site: Diagnosed) -> tuple[list[Mapping[str, Any]], int]:
		"""Return a site's own problems, causes first, and how many of its findings others or shared causes explain."""
		shared = {(name, cause.finding["fingerprint"]) for cause in self.shared for name in cause.sites}
		found = {finding["fingerprint"]: finding for finding in site.findings}
		loud = {key: value for key, value in found.items() if value["severity"] != "info"}
		roots = {key: root_of(key, loud) for key in loud}
		own = [loud[key] for key, root in roots.items() if key == root and (site.site, key) not in shared]
		return sorted(own, key=_severity_first), len(loud) - len(own)

	def as_dict(self) -> dict[str, Any]:
		"""Return the report over all sites, redacted; each site's own report is in it, whole."""
		found: dict[str, Any] = redact(
			{
				"version": VERSION,
				"bench": self.bench,
				"started": self.started,
				"duration_ms": round(self.duration.total_seconds() * 1000),
				"status": self.status.value,
				"shared_causes": [
					{"ground": cause.ground, "sites": list(cause.sites), "finding": dict(cause.finding)}
					for cause in self.shared
				],
				"sites": [
					{
						"site": site.site,
						"status": site.status.value,
						"failed": redact_text(site.failed) or None,
						"report": site.report,
					}
					for site in self.sites
				],
			}
		)
		return found


def shared_causes(sites: Sequence[Diagnosed]) -> list[SharedCause]:
	"""Return the problems that several sites have because they stand on the same thing."""
	groups: dict[tuple[str, ...], list[tuple[str, Mapping[str, Any]]]] = {}
	for site in sites:
		for finding in site.findings:
			key = _ground(site, finding)
			if key is not None and finding["severity"] != "info":
				groups.setdefault(key, []).append((site.site, finding))
	causes = [
		SharedCause(key[0], min((finding for _site, finding in hit), key=_severity_first), _names(hit))
		for key, hit in groups.items()
		if len(_names(hit)) > 1
	]
	return sorted(causes, key=lambda cause: (_severity_first(cause.finding), -len(cause.sites), cause.ground))


def _names(hit: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[str, ...]:
	return tuple(dict.fromkeys(site for site, _finding in hit))


def _ground(site: Diagnosed, finding: Mapping[str, Any]) -> tuple[str, ...] | None:
	"""Return what makes a finding the same one on another site; None where it is the site's own."""
	check = finding["check"]
	for ground, server, checks in GROUNDS:
		if check in checks or check.partition(".")[0] in checks:
			where = (site.servers or {}).get(server, "") if server else ""
			title = finding["title"] if check in _BY_TITLE else ""
			return ground, where, finding["fingerprint"], title
	return None


def _severity_first(finding: Mapping[str, Any]) -> int:
	return -Status(finding["severity"]).rank
