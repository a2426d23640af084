"""The console itself, installed on a sample site: its tables, jobs and snapshots, healthy until broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.journal import sealed
from recovery_console.core.knowledge import known_errors
from recovery_console.core.profile_file import shipped_profiles
from recovery_console.core.run import Entry, EntryKind
from recovery_console.core.timeline import Line, moment_of, seal_of
from tests.support import bench_folder
from tests.support.ddl import Ddl
from tests.support.doctypes import Schema, load
from tests.support.fill.jobs import last_due
from tests.support.sample import SampleSite
from tests.support.site_data import SiteData

APP = "recovery_console"
HOURLY, DAILY = f"{APP}.tasks.hourly_snapshot", f"{APP}.tasks.thin_snapshots"
SWEEP_RUNS, SWEEP = f"{APP}.tasks.sweep_runs", f"{APP}.tasks.sweep"


class Console:
	"""What the console keeps on a sample site. `restore` of the site takes it all away again."""

	def __init__(self, site: SampleSite) -> None:
		self.site = site
		schema = load(site.frappe, (*site.apps, APP))
		own = {name: doctype for name, doctype in schema.doctypes.items() if doctype.app == APP}
		self._make_tables(Schema(site.frappe, (APP,), own, {}))
		self.data = SiteData(site.database, schema, site.now)

	def _make_tables(self, schema: Schema) -> None:
		database = self.site.database
		for statement in Ddl(database.dialect, self.site.frappe).statements(schema):
			self.site.sql(statement)
		if database.dialect == "postgres":
			for doctype in schema.doctypes.values():
				self.site.sql(f"ALTER TABLE `{doctype.table}` OWNER TO `{self.site.db_name}`")

	def snapshot(
		self,
		at: datetime,
		*,
		name: str | None = None,
		status: str = "OK",
		measurements: Mapping[str, float] | None = None,
		checks: tuple[Mapping[str, Any], ...] = (),
		**values: Any,
	) -> str:
		"""A snapshot that the scheduler had taken; `checks` is what its report says of them."""
		report = {"version": 1, "status": status.lower(), "checks": [_check(check) for check in checks]}
		return self.data.insert(
			"Health Snapshot",
			**({"name": name} if name else {}),
			**{
				"title": status,
				"status": status,
				"started": at,
				"creation": at,
				"modified": at,
				"taken_by": "Schedule",
				"families": "{}",
				"measurements": json.dumps(dict(measurements or {})),
				"report": json.dumps(report),
				**values,
			},
		)

	def incident(self, name: str, *details: str, ends: str = "Note", **values: Any) -> str:
		"""An incident with a timeline of these lines, an hour apart, the last one an hour ago and of the kind `ends`."""
		seen = self.site.hours_ago(len(details))
		self.data.insert(
			"Incident",
			**{
				"name": name,
				"title": name,
				"status": "Detected",
				"severity": "S3",
				"check_id": "cache.memory",
				"fingerprint": name,
				"open_key": name,
				"first_seen": seen,
				"creation": seen,
				"modified": seen,
				"lines": len(details),
				**values,
			},
		)
		last = Line(0, self.site.bench.now, "", "")
		for number, detail in enumerate(details, 1):
			at = self.site.bench.now - timedelta(hours=len(details) - number + 1)
			kind = ends if number == len(details) else "Note"
			line = Line(number, at, kind, detail, "anna@example.org", "", ("", ""), last.seal)
			last = replace(line, seal=seal_of(name, line))
			self._insert_line(name, last)
		return name

	def run(self, name: str) -> str:
		"""A run that succeeded, with a journal of three entries."""
		self.data.insert(
			"Runbook Run",
			name=name,
			title="Release mails",
			state="Succeeded",
			creation=self.site.hours_ago(2),
		)
		last: Entry | None = None
		for kind, data in (
			(EntryKind.CREATED, {"title": "Release mails"}),
			(EntryKind.APPROVED, {"reason": "Go on."}),
			(EntryKind.STATE, {"state": "Succeeded"}),
		):
			last = sealed(name, last, kind, data, "anna@example.org")
			self.data.insert(
				"Runbook Run Entry",
				run=name,
				number=last.number,
				at=last.at.isoformat(),
				actor=last.actor,
				kind=last.kind.value,
				seal=last.seal,
				data=json.dumps(data),
			)
		return name

	def _insert_line(self, incident: str, line: Line) -> None:
		self.data.insert(
			"Incident Event",
			incident=incident,
			number=line.number,
			at=self.site.hours_ago(1),
			moment=moment_of(line.at),
			event=line.event,
			detail=line.detail,
			actor=line.actor,
			snapshot="",
			reference_doctype="",
			reference_name="",
			previous=line.previous,
			seal=line.seal,
		)


def _check(said: Mapping[str, Any]) -> dict[str, Any]:
	return {"status": "ok", "reason": "", "duration_ms": 5.0, "measurements": {}, "findings": [], **said}


def _install_app(site: SampleSite) -> None:
	bench_folder.add_app(site.bench.folder, APP, site.frappe)
	site.set_default("installed_apps", json.dumps([*site.apps, APP]), parent="__global")
	site.insert(
		"Installed Application",
		parent="Installed Applications",
		parenttype="Installed Applications",
		parentfield="installed_applications",
		idx=len(site.apps) + 1,
		app_name=APP,
		app_version=bench_folder.version(APP, site.frappe),
		git_branch=bench_folder.BRANCHES[site.frappe],
		creation=site.days_ago(30),
	)


def _utc(site: SampleSite, hours: float) -> str:
	"""The moment so many hours from now, as an incident keeps what is due."""
	return (site.bench.now + timedelta(hours=hours)).isoformat(timespec="seconds")


def install_console(site: SampleSite, *, snapshots: int = 26) -> Console:
	"""Install the console on a site, with a snapshot for each of the last hours."""
	console = Console(site)
	_install_app(site)
	for method, frequency in (
		(HOURLY, "Hourly Long"),
		(DAILY, "Daily Long"),
		(SWEEP_RUNS, "All"),
		(SWEEP, "All"),
	):
		bench_folder.add_function(site.bench.folder, method)
		ran = min(last_due(site, frequency, site.now) + timedelta(seconds=20), site.now)
		name = {"name": ".".join(method.split(".")[-2:])} if site.frappe == 15 else {}
		job = site.insert(
			"Scheduled Job Type",
			**name,
			method=method,
			frequency=frequency,
			create_log=0 if frequency == "All" else 1,
			last_execution=ran,
			creation=site.days_ago(30),
			modified=ran,
		)
		if frequency != "All":
			site.insert(
				"Scheduled Job Log", scheduled_job_type=job, status="Complete", creation=ran, modified=ran
			)
	site.set_single("Recovery Settings", snapshots_enabled=1, report_days=7, hourly_days=90, daily_days=730)
	for number in range(snapshots):
		console.snapshot(site.hours_ago(0.2 + number), checks=({"id": "cache.reachable", "title": "Cache"},))
	console.incident(
		"RC-INC-2026-00001", "It was seen.", "It is over. — œ ✓", status="Resolved", open_key=None
	)
	console.incident("RC-INC-2026-00002", "It was seen.", "Somebody looks at it.", next_due=_utc(site, 4))
	for kind, is_fallback in (("E-mail", 0), ("Desk", 0), ("Slack", 1)):
		console.data.insert("Recovery Channel", name=kind, kind=kind, enabled=1, is_fallback=is_fallback)
	for error in known_errors():
		console.data.insert("Known Error", name=error.id, title=error.title, pattern="x", is_standard=1)
	for profile in shipped_profiles():
		console.data.insert("SEPA Profile", name=profile.id, title=profile.title, is_standard=1)
	return console
