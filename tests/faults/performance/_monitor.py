"""Lines of Frappe's monitor, and a site that has it on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.support.sample import SampleSite


def request(
	site: SampleSite, number: int, seconds: float, path: str = "/api/method/frappe.ping", status: int = 200
) -> dict[str, Any]:
	"""A request as the monitor writes it."""
	return {
		**_common(site, number, seconds, "request"),
		"request": {
			"ip": "192.0.2.1",
			"method": "GET",
			"path": path,
			"status_code": status,
			"response_length": 9,
		},
	}


def job(site: SampleSite, number: int, seconds: float, wait: float, method: str) -> dict[str, Any]:
	"""A background job as the monitor writes it."""
	return {
		**_common(site, number, seconds, "job"),
		"job": {"method": method, "scheduled": False, "wait": int(wait * 1e6)},
	}


def _common(site: SampleSite, number: int, seconds: float, kind: str) -> dict[str, Any]:
	at = site.bench.now - timedelta(minutes=1 + number)
	return {
		"site": site.name,
		"timestamp": f"{at:%Y-%m-%d %H:%M:%S.%f+00:00}",
		"transaction_type": kind,
		"uuid": f"{kind}-{number}",
		"duration": int(seconds * 1e6),
	}


def monitored(site: SampleSite, entries: Iterable[dict[str, Any]]) -> None:
	"""Turn the monitor on and let it have written these, between what another site did and a line cut off."""
	site.set_config(monitor=1)
	lines = [json.dumps(entry, sort_keys=True, separators=(",", ":")) for entry in entries]
	other = json.dumps({**request(site, 0, 99.0, status=500), "site": "other.example.org"})
	path = site.bench.folder / "logs" / "monitor.json.log"
	path.write_text("\n".join([other, *lines, lines[-1], lines[0][:40]]) + "\n")
