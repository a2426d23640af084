"""What the outside world may be told of this site: read from the newest snapshot, and never by looking anew."""

import hmac
import json
import time
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import get_datetime, get_system_timezone
from frappe.utils.password import get_decrypted_password

from recovery_console import __version__
from recovery_console.core.allowance import Allowance
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.health import Health, age_of, judge
from recovery_console.core.incident import IncidentStatus
from recovery_console.core.metrics import SEVERITIES, State, Taken, metrics_of
from recovery_console.core.openmetrics import render
from recovery_console.core.times import UTC, zone
from recovery_console.in_site import open_site, utc

SNAPSHOT = "Health Snapshot"
SETTINGS = "Recovery Settings"
#: So long an answer is kept in this process, so that strangers cannot make the site work.
KEPT_SECONDS = 10
#: Per web process and address: a monitor asks a few times a minute.
ALLOWANCE = Allowance(120, timedelta(minutes=1))
TOKEN_HEADER = "X-Recovery-Token"  # noqa: S105 (the name of a header)
#: Shorter ones could be guessed.
SHORTEST_TOKEN = 20

_kept: dict[str, tuple[float, Health]] = {}


def health() -> Health:
	"""Return the word for strangers; at most one look at the database every few seconds, however many ask.

	What cannot be read is unknown, which is a 503.
	"""
	ends, known = _kept.get(frappe.local.site, (0.0, None))
	if known is not None and time.monotonic() < ends:
		return known
	try:
		found = newest("started", "status")
		said = judge(found.status, age(found)) if found else judge(None, None)
	except Exception:  # noqa: BLE001 (logged, and told as unknown)
		frappe.logger("recovery_console").exception("The health of the site cannot be read")
		said = judge(None, None)
	_kept[frappe.local.site] = (time.monotonic() + KEPT_SECONDS, said)
	return said


def forget() -> None:
	"""Let the next one who asks be answered anew."""
	_kept.pop(frappe.local.site, None)


def newest(*fields: str) -> Any:
	"""Return the newest snapshot that came to its end; None where there is none."""
	rows = frappe.get_all(
		SNAPSHOT,
		filters={"status": ("not in", ["Running", "Failed"])},
		fields=["name", *fields],
		order_by="started desc",
		limit_page_length=1,
	)
	return rows[0] if rows else None


def age(found: Any) -> timedelta:
	"""Return how old a snapshot is; never less than nothing."""
	return age_of(get_datetime(found.started), zone(get_system_timezone()), datetime.now(UTC))


def allowed(address: str | None) -> bool:
	"""Count a question from an address and tell whether it may be answered."""
	return ALLOWANCE.allows(f"{frappe.local.site} {address or ''}", datetime.now(UTC))


def fits(token: str) -> bool:
	"""Tell whether a token is the one of Recovery Settings, in a time that does not tell how much of it fits."""
	wanted = get_decrypted_password(SETTINGS, SETTINGS, "health_token", raise_exception=False) or ""
	if len(wanted) < SHORTEST_TOKEN:
		return False
	return hmac.compare_digest(token.encode(), wanted.encode())


def taken(found: Any) -> datetime:
	"""Return when a snapshot was taken, aware."""
	return utc(found.started)


def details() -> dict[str, Any]:
	"""Return how the site is, with its families and counts; no texts, no names of documents."""
	found = newest(
		"started", "status", "families", "critical_count", "warning_count", "unknown_count", "duration_ms"
	)
	said = judge(found.status, age(found)) if found else judge(None, None)
	answer: dict[str, Any] = {
		"version": 1,
		"status": said.word.value,
		"snapshot": None,
		"incidents": open_incidents(),
		"console": __version__,
		"frappe": frappe.__version__,
	}
	if found:
		answer["snapshot"] = {
			"status": found.status.lower(),
			"taken": taken(found).isoformat(timespec="seconds"),
			"age_seconds": int(age(found).total_seconds()),
			"duration_ms": found.duration_ms,
			"families": json.loads(found.families or "{}"),
			"counts": {
				"critical": found.critical_count,
				"warning": found.warning_count,
				"unknown": found.unknown_count,
			},
		}
	return answer


def open_incidents() -> dict[str, int]:
	"""Return how many incidents are open, by severity."""
	over = [status.value for status in IncidentStatus if not status.is_open]
	numbers = dict.fromkeys(SEVERITIES, 0)
	for severity in frappe.get_all("Incident", filters={"status": ("not in", over)}, pluck="severity"):
		if severity in numbers:
			numbers[severity] += 1
	return numbers


def metrics(*, openmetrics: bool) -> str:
	"""Return what a monitor may scrape.

	Args:
		openmetrics: In that format; else in the older one of Prometheus.
	"""
	up, queues = _right_now()
	state = State(
		console=__version__,
		frappe=frappe.__version__,
		taken=_newest_taken(),
		incidents=open_incidents(),
		up={"database": True, **up},
		queues=queues,
	)
	return render(metrics_of(state, datetime.now(UTC)), openmetrics=openmetrics)


def _newest_taken() -> Taken | None:
	found = newest("started", "status", "families", "measurements", "duration_ms", "report")
	if found is None:
		return None
	return Taken(
		at=taken(found),
		duration_seconds=(found.duration_ms or 0) / 1000,
		status=found.status.lower(),
		families=json.loads(found.families or "{}"),
		measurements=json.loads(found.measurements or "{}"),
		report=json.loads(found.report) if found.report else None,
	)


def _right_now() -> tuple[dict[str, bool], dict[str, int]]:
	"""Return which of the Redis servers answer, and how long the queues are."""
	up: dict[str, bool] = {"cache": True, "queue": True}
	queues: dict[str, int] = {}
	with open_site() as site:
		try:
			with site.cache.client() as client:
				client.ping()
		except SourceUnavailable:
			up["cache"] = False
		try:
			queues = {name: site.queue.length(name) for name in site.queue.limits}
		except SourceUnavailable:
			up["queue"] = False
	return up, queues
