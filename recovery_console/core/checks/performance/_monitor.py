"""What Frappe's monitor wrote about requests and jobs, read from the end of its file."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, moment

#: So much of the file is read; it holds the entries of all sites of the bench and is never cut by Frappe.
MOST_BYTES = 4 * 1024 * 1024
#: Entries of so long are looked at.
WINDOW = timedelta(hours=24)
_NAME = re.compile(r"[^/]{0,140}\d[^/]{0,140}|[^/]{0,140}[%@ ][^/]{0,140}|[^/]{41,}")
#: The first parts of these paths name what is asked for; what follows names a document.
_KEPT = {"api/method": 3, "api/resource": 3, "app": 2, "files": 1, "private": 2, "assets": 1}


@dataclass(frozen=True)
class Entry:
	"""One request or job of this site."""

	at: datetime
	kind: str
	what: str
	seconds: float
	wait_seconds: float
	failed: bool


@dataclass(frozen=True)
class Work:
	"""Requests or jobs that do the same."""

	what: str
	seconds: tuple[float, ...]

	@property
	def slowest_usual(self) -> float:
		return percentile(self.seconds, 0.95)


def requests(site: Site) -> list[Entry]:
	"""Return the requests of the last day, as far as the file's end reaches.

	Raises:
		NotApplicable: The monitor is off, or has nothing of the last day.
	"""
	return _of_kind(site, "request")


def jobs(site: Site) -> list[Entry]:
	"""Return the jobs of the last day. See ``requests``."""
	return _of_kind(site, "job")


def is_on(site: Site) -> bool:
	"""Tell whether Frappe's monitor is on for this site."""
	return site.config.flag("monitor")


def percentile(values: Iterable[float], share: float) -> float:
	"""Return the value that this share of all does not exceed."""
	ordered = sorted(values)
	return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else 0.0


def by_work(entries: Iterable[Entry]) -> list[Work]:
	"""Group by what is done, the largest sum of time first."""
	found: dict[str, list[float]] = defaultdict(list)
	for entry in entries:
		found[entry.what].append(entry.seconds)
	works = [Work(what, tuple(seconds)) for what, seconds in found.items()]
	return sorted(works, key=lambda work: (-sum(work.seconds), work.what))


def _of_kind(site: Site, kind: str) -> list[Entry]:
	if not is_on(site):
		raise NotApplicable(
			_("Frappe's monitor is off. `bench --site {0} set-config monitor 1` turns it on.").format(
				site.name
			)
		)
	found = [
		entry for entry in site.remember("performance.monitor", lambda: _read(site)) if entry.kind == kind
	]
	if not found:
		raise NotApplicable(
			_("Frappe's monitor is on and has written nothing about this site in the last day.")
		)
	return found


def _read(site: Site) -> list[Entry]:
	path = site.bench / "logs" / "monitor.json.log"
	if not site.files.exists(path):
		return []
	since = site.now() - WINDOW
	found: dict[str, Entry] = {}
	mark = f'"{site.name}"'
	for line in site.files.read_text(path, most_bytes=MOST_BYTES).splitlines():
		if mark not in line:
			continue
		entry = _entry(line, site.name)
		if entry is not None and entry[1].at >= since:
			found[entry[0]] = entry[1]  # the last line of one flush is the first of the next
	return list(found.values())


def _entry(line: str, site: str) -> tuple[str, Entry] | None:
	"""Return an entry and what tells it from others; None for one of another site, or one that was cut off."""
	try:
		data = json.loads(line)
		at = moment(data["timestamp"], UTC)
		if data["site"] != site or at is None:
			return None
		kind, seconds = str(data["transaction_type"]), float(data["duration"]) / 1e6
		inner: dict[str, Any] = data.get(kind) or {}
		what = path_of(str(inner.get("path"))) if kind == "request" else str(inner.get("method"))
		status = int(inner.get("status_code") or 0)
		entry = Entry(at, kind, what, seconds, float(inner.get("wait") or 0) / 1e6, status >= 500)
		return f"{data.get('uuid')} {data['timestamp']}", entry
	except (ValueError, KeyError, TypeError, AttributeError):
		return None


def path_of(path: str) -> str:
	"""Return what a path asks for, without the names of documents and people."""
	parts = [part for part in path.partition("?")[0].split("/") if part]
	for start, kept in _KEPT.items():
		if parts[: start.count("/") + 1] == start.split("/"):
			more = "/…" if len(parts) > kept else ""
			return "/" + "/".join(_NAME.sub("…", part) for part in parts[:kept]) + more
	return "/" + "/".join(_NAME.sub("…", part) for part in parts[:3])
