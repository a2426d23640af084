"""Runs in a site: who may do what, and the jobs that let them go on."""

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_to_date, get_bench_path, now_datetime

from recovery_console.core import runs as decisions
from recovery_console.core.approval import RefusedError
from recovery_console.core.engine import Engine, is_automatic
from recovery_console.core.errors import ConsoleError
from recovery_console.core.journal import LockedError
from recovery_console.core.people import SCHEDULER, Actor
from recovery_console.core.render_run import run_as_dict
from recovery_console.core.run import MOVING, Run
from recovery_console.core.runbooks import answers, find_runbook
from recovery_console.core.times import UTC
from recovery_console.in_site import chronicle, incident_runs, open_site, plain
from recovery_console.in_site.documents import FrappeDocuments
from recovery_console.in_site.transactions import log_failure
from recovery_console.rescue.engines import break_glass_engine

DOCTYPE = "Runbook Run"
#: A run that moves and gave no sign of life for so long has lost its worker.
LOST_AFTER = timedelta(minutes=3)
#: A job waits at most so long for a run's next attempt; for later ones the sweeper comes.
LONGEST_WAIT = timedelta(seconds=45)


def engine() -> Engine:
	"""Return the engine of the site that Frappe is at; it changes documents as the user of this session."""
	frappe.db.commit()  # the engine has connections of its own, which must not wait for ours
	made = break_glass_engine(get_bench_path(), frappe.local.site, FrappeDocuments())
	return Engine(
		made.open_site,
		made.journal,
		made.actions,
		made.runbooks,
		on_progress=_tell,
		on_boundary=made.on_boundary,
	)


def actor() -> Actor:
	"""Return the user of this session."""
	return Actor(frappe.session.user, frozenset(frappe.get_roles()))


def _tell(run: Run) -> None:
	"""Tell whoever looks at a run that it moved. Nothing depends on it: pages ask again by themselves."""
	with contextlib.suppress(Exception):
		frappe.publish_realtime(
			"recovery_run",
			{"run": run.id, "state": run.state.value, "made": run.made, "planned": run.planned},
			doctype=DOCTYPE,
			docname=run.id,
		)


def shown(works: Engine, run: Run) -> dict[str, Any]:
	"""Return a run for a page."""
	with works.open_site() as site:
		found = run_as_dict(run, works.actions, site)
	frappe.db.commit()
	return found


@contextmanager
def in_words() -> Iterator[None]:
	"""Turn the console's errors into what Frappe shows, with the status that fits."""
	try:
		yield
	except RefusedError as error:
		frappe.throw(plain(f"{error.message} {error.changed} {error.remedy}"), frappe.PermissionError)
	except ConsoleError as error:
		frappe.throw(plain(f"{error.message} {error.changed} {error.remedy}"))


def parameters(given: str | Mapping[str, Any] | None) -> dict[str, Any]:
	"""Read the parameters of a runbook as a page sends them."""
	if isinstance(given, str):
		try:
			given = json.loads(given or "{}")
		except ValueError:
			frappe.throw(_("The parameters are not JSON. Nothing was changed."))
	if given is not None and not isinstance(given, Mapping):
		frappe.throw(_("The parameters are no names with values. Nothing was changed."))
	return dict(given or {})


def go_on(run_id: str) -> None:
	"""Let a run go on in a job. Where the queue does not work, ``advance`` or the command line do it."""
	with contextlib.suppress(Exception):
		frappe.enqueue(
			"recovery_console.tasks.advance_run",
			queue="long",
			job_id=f"recovery_run_{run_id}",
			deduplicate=True,
			run_id=run_id,
		)


def advance_in_job(run_id: str) -> None:
	"""Do one step of a run, and have the next one done by another job."""
	works = engine()
	who = actor() if frappe.session.user != "Guest" else SCHEDULER
	run = works.journal.load(run_id)
	if run.next_attempt is not None:
		wait = run.next_attempt - datetime.now(UTC)
		if wait > LONGEST_WAIT:
			return
		time.sleep(max(0.0, wait.total_seconds()))
	try:
		run = works.advance(run_id, who)
	except LockedError:
		return  # whoever holds it goes on, and the sweeper looks after both
	tell_incidents_of(run)
	if run.state.moves:
		frappe.enqueue("recovery_console.tasks.advance_run", queue="long", run_id=run_id)


def sweep() -> None:
	"""Let runs go on whose worker died, and those whose next attempt is due."""
	moving = [state.value for state in MOVING]
	lost = add_to_date(now_datetime(), seconds=-LOST_AFTER.total_seconds(), as_datetime=True)
	for row in frappe.get_all(
		DOCTYPE, filters={"state": ("in", moving)}, fields=["name", "heartbeat", "next_attempt"], limit=100
	):
		due = row.next_attempt and row.next_attempt <= now_datetime()
		if due or (not row.next_attempt and row.heartbeat < lost):
			go_on(row.name)


def run_automatic(report: Mapping[str, Any]) -> list[str]:
	"""Start the runbooks that this site lets run by themselves and that answer a report's findings.

	Returns:
		The runs that were started.
	"""
	with open_site() as site:
		chosen = decisions.automatic_runbooks(site)
		if not chosen or decisions.kill_switch(site, ""):
			return []
	found = {
		finding["fingerprint"]
		for check in report["checks"]
		for finding in check["findings"]
		if finding["severity"] != "info"
	}
	wanted = {name for fingerprint in found for name in answers.for_finding(fingerprint)} & chosen.keys()
	works = engine()
	started = []
	for name in sorted(wanted):
		runbook = works.runbooks.get(name)
		if runbook is None or not is_automatic(runbook, works.actions):
			continue
		if _runs_today(name) >= chosen[name] or _is_open(name):
			continue
		try:
			run = works.create(find_runbook(name, works.runbooks), {}, SCHEDULER, "It runs by itself.")
			run = works.approve(run.id, SCHEDULER, "It runs by itself.", requester=True)
		except ConsoleError as error:  # the others may start all the same
			frappe.log_error(title=f"Recovery Console: {name} could not start by itself", message=str(error))
			continue
		started.append(run.id)
		go_on(run.id)
	return started


def _runs_today(runbook: str) -> int:
	since = add_to_date(now_datetime(), days=-1, as_datetime=True)
	return frappe.db.count(
		DOCTYPE, {"runbook": runbook, "creation": (">", since), "requested_by": SCHEDULER.name}
	)


def _is_open(runbook: str) -> bool:
	states = ["Planned", "Awaiting Approval", "Running", "Verifying", "Paused"]
	return bool(frappe.db.exists(DOCTYPE, {"runbook": runbook, "state": ("in", states)}))


def adopt() -> list[str]:
	"""Take in the runs that were kept beside the site while it could not keep them. Repeating it changes nothing.

	Returns:
		The runs that were taken in or completed.
	"""
	from recovery_console.core.adopting import adopt_runs

	with open_site() as site:
		return adopt_runs(site)


def tell_incidents_of(run: Run) -> None:
	"""Write into the timelines of a run's incidents how it stands. What goes wrong there is the sweeper's to make good."""
	try:
		chronicle.tell_of_run(run, engine().journal)
		incident_runs.tell_of_run(run)
	except Exception:  # noqa: BLE001 (kept in Error Log; a repair must not fail by its record)
		log_failure("incidents are not told of a run", run.id)


def tell_incidents() -> None:
	"""Write into the timelines of incidents how the latest runs ended."""
	journal = engine().journal
	chronicle.tell_of_runs(journal)
	incident_runs.tell_of_runs(journal.load)
