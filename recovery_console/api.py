"""The HTTP API: everything that a browser or another server may call."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from recovery_console.core.engine import Engine, is_automatic
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.health import STALE_AFTER
from recovery_console.core.render_run import runbook_as_dict
from recovery_console.core.run import Run
from recovery_console.core.runbooks import find_runbook
from recovery_console.core.runs import kill_switch
from recovery_console.core.times import in_words
from recovery_console.in_site import badge as desk_badge
from recovery_console.in_site import diagnose as run_diagnosis
from recovery_console.in_site import explain as explain_text
from recovery_console.in_site import explain_query as explain_query_text
from recovery_console.in_site import health, live, plain, runs
from recovery_console.rescue.catalogue import rows

_MOST_CHARACTERS = 1_000_000
_MAY_EXPLAIN = frozenset({"System Manager", "Recovery Operator", "Recovery Manager"})
_COLOURS = {
	"OK": "green-600",
	"Info": "green-600",
	"Warning": "orange-600",
	"Critical": "red-600",
	"Unknown": "purple-600",
}


@frappe.whitelist(methods=["POST"])
def diagnose(families: str | list | None = None, checks: str | list | None = None) -> dict[str, Any]:
	"""Find out what is wrong with this site, now. Permission: read on Health Snapshot.

	Args:
		families: Only the checks of these families, such as ``["email", "jobs"]`` or ``"email, jobs"``.
		checks: Only these checks, such as ``"email.stuck_sending"``; also those that run only on request.

	Returns:
		The report, version 1.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
		frappe.ValidationError: HTTP 417. There is no such family or check.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	try:
		with live.one_at_a_time():
			return run_diagnosis(_names(families), _names(checks)).as_dict()
	except UsageError as error:
		frappe.throw(plain(f"{error.message} {error.remedy}"))


@frappe.whitelist(methods=["POST"])
def take_snapshot() -> dict[str, str]:
	"""Diagnose this site, keep the report and bring the incidents up to date. Permission: read on Health Snapshot.

	It runs in this request and not in a job: it must work while no worker does.

	Returns:
		``{"name": <Health Snapshot>}``

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	return {"name": live.take()}


@frappe.whitelist(methods=["GET", "POST"])
def latest_snapshot() -> dict[str, Any] | None:
	"""Return the newest snapshot that came to its end. Permission: read on Health Snapshot.

	Returns:
		``name``, ``started`` (the site's time), ``status``, ``age_seconds``, the three counts, and ``report``
		(version 1; None once only the numbers are kept). None where there is no snapshot yet.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read snapshots.
	"""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	found = _latest("report")
	if found is None:
		return None
	return {**found, "report": json.loads(found.report) if found.report else None}


@frappe.whitelist(methods=["GET", "POST"])
def explain(text: str) -> dict[str, Any]:
	"""Look for known errors in an error text, a traceback or a log. Permission: read on Known Error.

	Args:
		text: At most a million characters; of a longer one the end is looked at.

	Returns:
		``matches``, most specific first, each with its cause and fix, and ``notes``.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read known errors.
	"""
	frappe.has_permission("Known Error", "read", throw=True)
	return explain_text(text[-_MOST_CHARACTERS:])


@frappe.whitelist(methods=["POST"])
def explain_query(query: str) -> dict[str, Any]:
	"""Say how the database would carry out a query, and what would help. For a System Manager or Recovery Operator.

	The query is not run; the database is asked for its plan only, in a session that cannot write.

	Args:
		query: One SELECT.

	Returns:
		``steps`` in their order, ``sorts``, ``temporary_table`` and ``advice``.

	Raises:
		frappe.PermissionError: HTTP 403. The user has neither role.
		frappe.ValidationError: HTTP 417. It is not one SELECT, or the database does not answer or understand it.
	"""
	if not _MAY_EXPLAIN.intersection(frappe.get_roles()):  # frappe.only_for lets everybody pass in tests
		frappe.throw(_("Only a System Manager or Recovery Operator may do this."), frappe.PermissionError)
	try:
		return explain_query_text(query)
	except ConsoleError as error:
		frappe.throw(plain(f"{error.message} {error.remedy}"))


@frappe.whitelist(methods=["GET", "POST"])
def checks() -> list[dict[str, Any]]:
	"""List the checks with their thresholds and defaults. Permission: read on Recovery Settings."""
	frappe.has_permission("Recovery Settings", "read", throw=True)
	return rows("checks")


@frappe.whitelist(methods=["GET", "POST"])
def runbooks(
	names: str | list | None = None, checks: str | list | None = None, automatic: str | int = 0
) -> list[dict[str, Any]]:
	"""List the runbooks of this site. Permission: read on Runbook.

	Args:
		names: Only these, such as ``["release-stuck-emails"]``; those that there are not are left out.
		checks: Beside them those of other apps and of the site itself that answer these checks.
		automatic: 1: Only those that may be switched on to run by themselves.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not read runbooks.
	"""
	frappe.has_permission("Runbook", "read", throw=True)
	works = runs.engine()
	wanted, answered = set(_names(names)), set(_names(checks))
	return [
		runbook_as_dict(found, works.actions)
		for found in works.runbooks.values()
		if (
			not (wanted or answered)
			or found.id in wanted
			or (found.origin != "console" and answered.intersection(found.findings))
		)
		and (not cint(automatic) or is_automatic(found, works.actions))
	]


@frappe.whitelist(methods=["POST"])
def plan_runbook(runbook: str, parameters: str | dict | None = None) -> dict[str, Any]:
	"""Find out exactly what a runbook would change. Nothing is changed or kept. Permission: read on Runbook Run.

	Args:
		runbook: Its id, such as ``release-stuck-emails``.
		parameters: Values by name, or their JSON.

	Returns:
		The run as it would begin, with every step's plan; ``stopped`` says why it may not be started now, if so.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
		frappe.ValidationError: HTTP 417. There is no such runbook, or a parameter does not fit.
	"""
	frappe.has_permission("Runbook Run", "read", throw=True)
	works = runs.engine()
	with runs.in_words():
		chosen = find_runbook(runbook, works.runbooks)
		run, _plans = works.plan(chosen, runs.parameters(parameters), runs.actor())
		with works.open_site() as site:
			stopped = kill_switch(site, chosen.id)
		return {**_shown(works, run), "stopped": plain(stopped)}


@frappe.whitelist(methods=["POST"])
def start_run(runbook: str, parameters: str | dict | None = None, reason: str = "") -> dict[str, Any]:
	"""Plan a runbook and keep the plan as a run, which waits for its approval. Role: Recovery Operator.

	Args:
		runbook: Its id.
		parameters: Values by name, or their JSON.
		reason: Why, for the record.

	Returns:
		The run. One that needs no approval goes on at once.

	Raises:
		frappe.PermissionError: HTTP 403. The user may not.
		frappe.ValidationError: HTTP 417. There is no such runbook, or a parameter does not fit.
	"""
	frappe.has_permission("Runbook Run", "read", throw=True)
	works = runs.engine()
	with runs.in_words():
		chosen = find_runbook(runbook, works.runbooks)
		run = works.create(chosen, runs.parameters(parameters), runs.actor(), reason[:1000])
		if run.state.value == "Planned":
			runs.tell_incidents_of(run)
			runs.go_on(run.id)
		return _shown(works, run)


@frappe.whitelist(methods=["POST"])
def approve_run(run: str, reason: str = "", typed: str = "", digest: str = "") -> dict[str, Any]:
	"""Agree to what a run has planned; it goes on in a job. Role: that of the plan's risk.

	Args:
		run: Its name.
		reason: Why.
		typed: The site's name, where something is lost for good.
		digest: That of the run as it was looked at; nobody agrees to a plan that came after.

	Raises:
		frappe.PermissionError: HTTP 403. This user may not, or not yet; the message says why.
		frappe.ValidationError: HTTP 417. Something else is planned by now than what was looked at.
	"""
	if digest:
		frappe.has_permission("Runbook Run", "read", throw=True)
		with runs.in_words():
			if runs.engine().journal.load(run).digest != digest:
				frappe.throw(
					_("Something else is planned by now than what you saw. Look at it again, then approve.")
				)
	return _ask(run, lambda works: works.approve(run, runs.actor(), reason[:1000], typed=typed))


@frappe.whitelist(methods=["POST"])
def reject_run(run: str, reason: str = "") -> dict[str, Any]:
	"""Refuse what a run has planned; it is abandoned. Role: Recovery Operator."""
	return _ask(run, lambda works: works.reject(run, runs.actor(), reason[:1000]))


@frappe.whitelist(methods=["POST"])
def pause_run(run: str, reason: str = "") -> dict[str, Any]:
	"""Stop a run before its next change. Role: Recovery Operator."""
	return _ask(run, lambda works: works.pause(run, runs.actor(), reason[:1000]))


@frappe.whitelist(methods=["POST"])
def cancel_run(run: str, reason: str = "") -> dict[str, Any]:
	"""End a run before its next change; what it made stays, and can be undone. Role: Recovery Operator."""
	return _ask(run, lambda works: works.cancel(run, runs.actor(), reason[:1000]))


@frappe.whitelist(methods=["POST"])
def resume_run(run: str, reason: str = "") -> dict[str, Any]:
	"""Let a paused or failed run go on in a job. Role: Recovery Operator."""
	return _ask(run, lambda works: works.resume(run, runs.actor(), reason[:1000]))


@frappe.whitelist(methods=["POST"])
def confirm_step(run: str, note: str = "") -> dict[str, Any]:
	"""Say that the manual step whose turn it is was done; its check must agree. Role: Recovery Operator."""
	return _ask(run, lambda works: works.confirm(run, runs.actor(), note[:1000]))


@frappe.whitelist(methods=["POST"])
def undo_run(run: str, reason: str = "") -> dict[str, Any]:
	"""Take back what a run made, in the opposite order, in a job. Role: Recovery Operator."""
	return _ask(run, lambda works: works.undo(run, runs.actor(), reason[:1000]))


@frappe.whitelist(methods=["POST"])
def advance_run(run: str) -> dict[str, Any]:
	"""Do the next step of a run in this request: for when no worker does it. Role: Recovery Operator."""
	return _ask(run, lambda works: works.advance(run, runs.actor()), in_job=False)


@frappe.whitelist(methods=["GET", "POST"])
def run_details(run: str) -> dict[str, Any]:
	"""Return a run with everything that it planned and made. Permission: read on Runbook Run."""
	frappe.has_permission("Runbook Run", "read", throw=True)
	works = runs.engine()
	with runs.in_words():
		return _shown(works, works.journal.load(run))


def _ask(run: str, ask: Callable[[Engine], Run], *, in_job: bool = True) -> dict[str, Any]:
	frappe.has_permission("Runbook Run", "read", throw=True)
	if not {"Recovery Operator", "Recovery Manager", "System Manager"} & set(frappe.get_roles()):
		frappe.throw(_("Only a Recovery Operator or Recovery Manager may do this."), frappe.PermissionError)
	works = runs.engine()
	with runs.in_words():
		found = ask(works)
		runs.tell_incidents_of(found)
		if in_job and found.state.moves:
			runs.go_on(run)
		return _shown(works, found)


def _shown(works: Engine, run: Run) -> dict[str, Any]:
	return {**runs.shown(works, run), "digest": run.digest}


@frappe.whitelist(methods=["GET", "POST"])
def site_status_card(filters: str | list | dict | None = None) -> str:  # noqa: ARG001 (Desk sends it)
	"""Return the site's status for the workspace. Permission: read on Health Snapshot."""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	found = _latest()
	if found is None:
		return _("Not looked at yet")
	status = found.status if health.age(found) <= STALE_AFTER else "Unknown"
	return f'<span style="color: var(--{_COLOURS.get(status, "gray-700")})">{_(status)}</span>'


@frappe.whitelist(methods=["GET", "POST"])
def last_snapshot_card(filters: str | list | dict | None = None) -> str:  # noqa: ARG001 (Desk sends it)
	"""Return how long ago the last snapshot was taken. Permission: read on Health Snapshot."""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	found = _latest()
	if found is None:
		return _("Never")
	return _("{0} ago").format(in_words(timedelta(seconds=found.age_seconds)))


@frappe.whitelist(methods=["GET", "POST"])
def critical_findings_card(filters: str | list | dict | None = None) -> dict[str, Any]:  # noqa: ARG001
	"""Return how many findings of the last snapshot are critical. Permission: read on Health Snapshot."""
	frappe.has_permission("Health Snapshot", "read", throw=True)
	found = _latest()
	return {
		"value": found.critical_count if found else 0,
		"fieldtype": "Int",
		"route": ["Form", "Health Snapshot", found.name] if found else ["List", "Health Snapshot"],
	}


def may_use_console() -> bool:
	"""Tell the apps screen whether to show the console to this user."""
	return desk_badge.may_look()


def _latest(*fields: str) -> Any:
	"""Return the newest snapshot that came to its end, with its age."""
	counts = ("critical_count", "warning_count", "unknown_count")
	found = health.newest("started", "status", *counts, *fields)
	if found is not None:
		found.age_seconds = int(health.age(found).total_seconds())
	return found


def _names(given: str | list | None) -> list[str]:
	"""Read a list that came as JSON, as a text with commas, or as a list."""
	if isinstance(given, str):
		given = json.loads(given) if given.lstrip().startswith("[") else given.split(",")
	return [str(name).strip() for name in given or [] if str(name).strip()]
