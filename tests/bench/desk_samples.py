"""Snapshots as a bad night leaves them behind, stored on a site for tests of Desk and let go of afterwards."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from typing import Any

from recovery_console.core.overview import FAMILY_NAMES
from tests.bench.benches import BenchSite

#: What somebody may put into a title who wants to be seen by an administrator.
EVIL = '<img src=x onerror="document.title=\'injected\'"><b id="injected">evil</b>'
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 6
STORE = """
from recovery_console.in_site import local
from datetime import datetime, timedelta, timezone
names = []
for report in json.loads(sys.stdin.read()):
	report["started"] = (datetime.now(timezone.utc) - timedelta(seconds=report.pop("age"))).isoformat()
	doc = frappe.new_doc("Health Snapshot")
	doc.update({"status": "OK" if report["status"] == "ok" else report["status"].capitalize(), "title": "a test",
		"started": local(datetime.fromisoformat(report["started"])), "taken_by": "Person", "duration_ms": 4200,
		"host": "test", "families": json.dumps(report["families"]), "report": json.dumps(report)})
	doc.insert()
	names.append(doc.name)
frappe.db.commit()
print(json.dumps(names))
"""
FORGET = """
for name in json.loads(args[0]):
	frappe.db.delete("Health Snapshot", {"name": name})
frappe.db.commit()
"""


def finding(fingerprint: str, severity: str = "warning", *caused_by: str, **given: Any) -> dict[str, Any]:
	"""Return a finding as a report holds it."""
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": f"Something is wrong with {fingerprint}.",
		"cause": "Nobody has looked after it.",
		"remedy": "Look after it, with `bench --site all doctor`.",
		"count": 1,
		"subjects": [],
		"evidence": {},
		"runbooks": [],
		"caused_by": list(caused_by),
		**given,
	}


def report(findings: list[dict[str, Any]], *, age: timedelta = timedelta(0)) -> dict[str, Any]:
	"""Return a report with these findings, of so long before it is stored; every family that has none is well."""
	ranks = ["ok", "info", "warning", "critical"]
	checks: dict[str, dict[str, Any]] = {
		f"{family}.well": _check(f"{family}.well", family) for family in FAMILY_NAMES
	}
	for item in findings:
		check_id = item["fingerprint"].partition(":")[0]
		check = checks.setdefault(check_id, _check(check_id, check_id.split(".", maxsplit=1)[0]))
		check["findings"].append(item)
		check["status"] = max(check["status"], item["severity"], key=ranks.index)
	families = {
		family: max((c["status"] for c in checks.values() if c["family"] == family), key=ranks.index)
		for family in FAMILY_NAMES
	}
	return {
		"version": 1,
		"age": age.total_seconds(),
		"status": max(families.values(), key=ranks.index),
		"families": families,
		"checks": list(checks.values()),
		"changes": [],
		"notes": [],
	}


def _check(check_id: str, family: str) -> dict[str, Any]:
	return {
		"id": check_id,
		"family": family,
		"title": FAMILY_NAMES[family],
		"status": "ok",
		"reason": None,
		"remedy": "",
		"duration_ms": 1.0,
		"measurements": {},
		"findings": [],
	}


def many_findings() -> dict[str, Any]:
	"""Return a report with 500 findings, of which one explains 99, that name 10 000 subjects."""
	names = [{"doctype": "User", "name": f"somebody-{number:04}@example.org"} for number in range(20)]
	families = list(FAMILY_NAMES)
	found = [
		finding(
			f"{families[number % len(families)]}.many:{number}",
			"critical" if number % 7 == 0 else "warning",
			*(["cache.root"] if number % 5 == 0 else []),
			count=200,
			subjects=names,
			evidence={"oldest": "2026-11-20T18:30:00+00:00", "share": 0.25, "text": LONG[:80]},
		)
		for number in range(499)
	]
	root = finding("cache.root", "critical", title=f"{EVIL} {LONG}", cause=f"`{EVIL}` {LONG}", remedy=EVIL)
	return report([root, *found])


def store(site: BenchSite, reports: list[dict[str, Any]]) -> list[str]:
	"""Keep reports as snapshots of a site and return their names."""
	process: subprocess.Popen[str] = site.start(STORE, stdin=subprocess.PIPE)
	output, errors = process.communicate(json.dumps(reports), timeout=120)
	assert process.returncode == 0, errors[-3000:]
	names: list[str] = json.loads(output.strip().splitlines()[-1])
	return names


def forget(site: BenchSite, names: list[str]) -> None:
	"""Let go of snapshots."""
	site.python(FORGET, json.dumps(names))
