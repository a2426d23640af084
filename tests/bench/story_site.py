"""A site in which one incident is lived through from its beginning to its end, and what it leaves is removed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from recovery_console.core.times import UTC
from tests.bench.benches import BenchSite, environment
from tests.bench.browsers import wait_for
from tests.bench.test_desk_runs import Desk
from tests.support.services.receiver import Receiver

CHANNEL = "Story webhook"
SECRET = "signs every call of the story"
#: By role: how the people of the story are called.
NAMES = {"Recovery Operator": ("Olu", "Adeyemi"), "Recovery Manager": ("Marit", "Vos")}
#: What the story is about; incidents of an earlier day about the same are put aside, and brought back in the end.
PROBLEMS = ("jobs.", "console.recurring")
#: So long before the present the worker was killed, as the console sees it.
AGO = timedelta(minutes=70)

_ASIDE = """
rows = [row for row in frappe.get_all("Incident", fields=["name", "fingerprint", "check_id", "open_key", "next_due"],
	limit_page_length=0) if row.fingerprint.startswith(tuple(PROBLEMS))]
for row in rows:
	frappe.db.set_value("Incident", row.name, {"fingerprint": f"aside:{row.name}", "check_id": "", "next_due": "",
		"open_key": f"aside:{row.name}"}, update_modified=False)
frappe.db.delete("Suspected Problem", {"check_id": ("like", "jobs.%")})
""".replace("PROBLEMS", repr(PROBLEMS))
#: Puts others' things aside, names the people, and lists them as contacts. Returns how it was before.
PREPARE = (
	"""
people, names, channel, secret, url = json.loads(args[0])
from recovery_console.in_site import snapshots
before = {doctype: frappe.get_all(doctype, pluck="name", limit_page_length=0) for doctype in (
	"Incident", "Health Snapshot", "Suspected Problem", "Duty Sign-off", "Incident Review")}
"""
	+ _ASIDE
	+ """
for email, role in people.items():
	if role in names:
		first, last = names[role]
		frappe.db.set_value("User", email, {"first_name": first, "last_name": last, "full_name": f"{first} {last}"})
doc = frappe.new_doc("Recovery Channel")
doc.update({"kind": "Webhook", "secret_url": url, "secret": secret, "least_severity": "S2", "most_per_hour": 0})
doc.insert(set_name=channel)
settings = frappe.get_doc("Recovery Settings")
fields = ("contact_name", "tier", "category", "user", "email", "phone", "channel", "link", "hours")
kept = {"contacts": [{field: row.get(field) for field in fields} for row in settings.contacts],
	"quiet_from": settings.quiet_from, "quiet_until": settings.quiet_until, "snapshots_enabled": settings.snapshots_enabled}
emails = {role: email for email, role in people.items()}
settings.update({"contacts": [], "quiet_from": None, "quiet_until": None, "snapshots_enabled": 1})
for tier, role, reached in (("E1", "Recovery Operator", channel), ("E2", "Recovery Manager", "")):
	settings.append("contacts", {"contact_name": " ".join(names[role]), "tier": tier, "user": emails[role],
		"channel": reached})
settings.save()
slot = snapshots.this_hour()
frappe.db.set_value("Health Snapshot", {"slot": slot}, "slot", None, update_modified=False)
frappe.db.commit()
frappe.clear_cache()
print(json.dumps({"rows": rows, "before": before, "settings": kept}, default=str))
"""
)
#: Lets go of jobs. RQ's record of who worked on them may have expired, which keeps RQ from deleting them.
_DROP = """
from rq.job import Job
from frappe.utils.background_jobs import get_redis_conn
connection = get_redis_conn()
for job in Job.fetch_many(ids, connection):
	if job is not None:
		connection.delete(f"rq:executions:{job.id}")
		job.delete()
"""
DROP = f"ids = json.loads(args[0])\n{_DROP}"
#: Lets go of all that the story made, and brings back what was put aside.
FORGET = """
state, people, channel, jobs = json.loads(args[0])
frappe.flags.in_test = True
before = state["before"]
def new(doctype, **filters):
	found = frappe.get_all(doctype, filters=filters, pluck="name", limit_page_length=0)
	return [name for name in found if name not in before.get(doctype, ())]
shots = new("Health Snapshot", taken_by="Schedule")
seen = set()
for name in shots:
	report = json.loads(frappe.db.get_value("Health Snapshot", name, "report") or "{}")
	seen |= {finding["fingerprint"] for check in report.get("checks", ()) for finding in check["findings"]}
incidents = new("Incident", fingerprint=("in", sorted(seen) or [""]))
reviews = frappe.get_all("Incident Review", {"incident": ("in", incidents or [""])}, pluck="name")
runs = frappe.get_all("Runbook Run", {"requested_by": ("in", people)}, pluck="name")
for file in frappe.get_all("File", {"attached_to_doctype": "Incident", "attached_to_name": ("in", incidents or [""])},
	pluck="name"):
	frappe.delete_doc("File", file, force=True, ignore_permissions=True)
mine = incidents + reviews + runs
for doctype, filters in (
	("Incident Action Item", {"parent": ("in", reviews)}), ("ToDo", {"reference_name": ("in", mine)}),
	("Comment", {"reference_name": ("in", mine)}), ("Version", {"docname": ("in", mine)}),
	("Incident Review", {"name": ("in", reviews)}), ("Recovery Notice", {"incident": ("in", incidents)}),
	("Recovery Notice", {"channel": channel}), ("Recovery Notice", {"address": ("in", people)}),
	("Incident Event", {"incident": ("in", incidents)}), ("Incident Finding", {"parent": ("in", incidents)}),
	("Notification Log", {"document_name": ("in", mine)}), ("Notification Log", {"for_user": ("in", people)}),
	("Incident", {"name": ("in", incidents)}), ("Runbook Run Step", {"parent": ("in", runs)}),
	("Runbook Run Entry", {"run": ("in", runs)}), ("Runbook Run", {"name": ("in", runs)}),
	("Health Snapshot", {"name": ("in", shots)}), ("Suspected Problem", {"name": ("in", new("Suspected Problem"))}),
	("Duty Sign-off", {"name": ("in", new("Duty Sign-off"))}), ("Recovery Channel", {"name": channel}),
	("__Auth", {"doctype": "Recovery Channel", "name": channel}),
):
	if all(not isinstance(value, tuple) or value[1] for value in filters.values()):
		frappe.db.delete(doctype, filters)
for row in state["rows"]:
	if row["open_key"] and frappe.db.exists("Incident", {"open_key": row["open_key"]}):
		row |= {"open_key": row["name"], "status": "Closed"}  # another test has opened the same meanwhile
	frappe.db.set_value("Incident", row.pop("name"), row, update_modified=False)
settings = frappe.get_doc("Recovery Settings")
settings.update(state["settings"])
settings.flags.ignore_links = True
settings.save()
frappe.db.commit()
ids = [f"{frappe.local.site}{between}{name}" for name in jobs for between in ("::", "||")]
DROP_JOBS
from frappe.utils.background_jobs import get_queue
for job in get_queue("long").jobs:
	if job.kwargs.get("kwargs", {}).get("run_id") in runs:
		job.delete()
print(json.dumps([mine, shots]))
""".replace("DROP_JOBS", _DROP)
QUEUE = """
kept = {name: frappe.enqueue(method, queue=queue, job_id=name, at_front=True, **given).id
	for name, method, queue, given in json.loads(args[0])}
print(json.dumps(kept))
"""
LOOK = """
from recovery_console.in_site import diagnose, snapshots
print(json.dumps(snapshots.keep({**diagnose().as_dict(), "started": args[0]}, "Schedule")))
"""
SWEEP = """
from datetime import datetime
from recovery_console.in_site import sweeping
sweeping.sweep(datetime.fromisoformat(args[0]))
"""
#: The next look may be taken in the same hour; returns the snapshot that the last one made.
FREE = """
from recovery_console.in_site import snapshots
name = frappe.db.get_value("Health Snapshot", {"slot": snapshots.this_hour()})
frappe.db.set_value("Health Snapshot", name, "slot", None, update_modified=False)
frappe.db.commit()
print(json.dumps(name))
"""
READ = """
import dataclasses
from recovery_console.core.timeline import first_broken
from recovery_console.in_site import figures, timeline, utc
known, people = json.loads(args[0]), json.loads(args[1])
names = [row.name for row in frappe.get_all("Incident", {"fingerprint": ("like", "jobs.%")}) if row.name not in known]
suspects = frappe.get_all("Suspected Problem", {"fingerprint": ("like", "jobs.%")}, ["fingerprint", "state", "looks"])
found = {"incidents": names, "suspects": suspects}
if names:
	doc = frappe.get_doc("Incident", names[-1])
	lines = timeline.read(doc.name)
	stored = {key: utc(value).isoformat() if hasattr(value, "tzinfo") else value for key, value in doc.as_dict().items()}
	found |= {
		"doc": stored,
		"findings": [row.fingerprint for row in doc.findings],
		"lines": [[line.event, line.at.isoformat(), line.actor, line.detail] for line in lines],
		"broken": first_broken(doc.name, lines),
		"notices": frappe.get_all("Recovery Notice", {"incident": doc.name},
			["kind", "state", "channel_kind", "channel", "address", "person"], order_by="creation asc"),
		"rung": frappe.get_all("Notification Log", {"document_name": doc.name, "for_user": ("in", people)},
			["for_user", "subject"], order_by="creation asc"),
		"files": frappe.get_all("File", {"attached_to_name": doc.name}, ["name", "file_name", "is_private", "file_size"]),
		"reviews": frappe.get_all("Incident Review", {"incident": doc.name}, ["name", "docstatus", "signed_by"]),
		"life": dataclasses.asdict(next(life for life in figures.lives(None) if life.name == doc.name)),
	}
print(json.dumps(found, default=lambda value: sorted(value) if isinstance(value, frozenset) else str(value)))
"""


@dataclass
class Story:
	"""One site, its people, and what has happened there."""

	desk: Desk
	phone: Receiver
	log: Path
	state: dict[str, Any]
	begun: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - AGO)

	@property
	def site(self) -> BenchSite:
		return self.desk.site

	def user(self, role: str) -> str:
		return next(email for email, given in self.desk.people.items() if given == role)

	def read(self) -> dict[str, Any]:
		"""Return the incident of the story with all that belongs to it, as the site stores it."""
		people = json.dumps(list(self.desk.people))
		found: dict[str, Any] = self.site.python(READ, json.dumps(self.state["before"]["Incident"]), people)
		return found

	def look_at(self, moment: datetime) -> str:
		"""Diagnose the site in a process of its own; the report says that it was at a moment."""
		return str(self.site.python(LOOK, moment.isoformat()))

	def sweep(self, moment: datetime) -> None:
		"""Let a sweeper pass at a moment, in a process of its own."""
		self.site.python(SWEEP, moment.isoformat())

	def hourly_snapshot(self) -> str:
		"""Take the snapshot of the scheduler now, by bench."""
		said = self.site.run("execute", "recovery_console.tasks.hourly_snapshot")
		name = self.site.python(FREE)
		assert name, f"there is no snapshot of this hour\n{said.stdout}\n{said.stderr}"
		return str(name)

	def calls(self, incident: str) -> list[tuple[str, str]]:
		"""Return what came by webhook about an incident: the event, and what was said."""
		bodies = [json.loads(call.body) for call in self.phone.calls]
		mine = [body for body in bodies if (body["incident"] or {}).get("name") == incident]
		return [(body["event"], json.dumps(body, ensure_ascii=False)) for body in mine]


@contextmanager
def told(desk: Desk, log: Path, jobs: list[str]) -> Iterator[Story]:
	"""Prepare a site for the story, and bring it back to where it was."""
	with Receiver() as phone:
		given = [dict(desk.people), NAMES, CHANNEL, SECRET, f"{phone.url}/hook"]
		state = patiently(desk.site, PREPARE, given)
		try:
			yield Story(desk, phone, log, state)
		finally:
			patiently(desk.site, FORGET, [state, list(desk.people), CHANNEL, jobs])


def patiently(site: BenchSite, code: str, given: Any) -> Any:
	"""Run code in one transaction, and again when others at the site were in its way."""
	errors = ""
	for _attempt in range(4):
		process = site.start(code, json.dumps(given))
		output, errors = process.communicate(timeout=300)
		if process.returncode == 0:
			return json.loads(output.strip().splitlines()[-1])
		assert re.search(r"QueryDeadlockError|QueryTimeoutError|is locked", errors), errors[-4000:]
	raise AssertionError(errors[-4000:])


def worker(site: BenchSite, log: Path, *queues: str) -> subprocess.Popen[bytes]:
	"""Start a worker of the bench."""
	with log.open("ab") as output:
		return subprocess.Popen(
			[*site.frappe, "worker", "--queue", ",".join(queues)],
			cwd=site.bench / "sites",
			env=environment() | {"NO_PROXY": "127.0.0.1"},
			stdout=output,
			stderr=output,
			start_new_session=True,
		)


def kill(process: subprocess.Popen[bytes]) -> None:
	"""End a worker and the process that does its job, as the kernel does for lack of memory: neither says goodbye."""
	children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
	for number in (process.pid, *map(int, children)):
		os.kill(number, signal.SIGKILL)
	process.wait(timeout=20)


def stop(process: subprocess.Popen[bytes]) -> None:
	"""Let a worker end as it should."""
	if process.poll() is None:
		process.terminate()
		try:
			process.wait(timeout=20)
		except subprocess.TimeoutExpired:
			kill(process)


def no_worker_lives(site: BenchSite) -> None:
	"""Wait until the workers of other tests at this bench have ended."""
	code = (
		"from recovery_console.in_site import diagnose\n"
		"[check] = diagnose(checks=['jobs.workers']).as_dict()['checks']\n"
		"print(json.dumps(check['measurements'].get('alive')))"
	)
	wait_for(lambda: site.python(code) == 0, "no worker of another test lives", 120)
