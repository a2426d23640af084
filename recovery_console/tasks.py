"""Everything that the scheduler runs."""

import contextlib

import frappe

from recovery_console.core.errors import ConsoleError
from recovery_console.in_site import incidents_beside, runs, snapshots, sweeping
from recovery_console.in_site.transactions import log_failure


def hourly_snapshot() -> None:
	"""Take this hour's snapshot, unless another worker has it or Recovery Settings say not to."""
	if frappe.db.get_single_value("Recovery Settings", "snapshots_enabled"):
		snapshots.take("Schedule", snapshots.this_hour())


def thin_snapshots() -> None:
	"""Let go of snapshots and reports that Recovery Settings no longer keep."""
	snapshots.thin()


def advance_run(run_id: str) -> None:
	"""Do the next step of a run."""
	runs.advance_in_job(run_id)


def sweep_runs() -> None:
	"""Let lost runs go on, take in what break-glass kept beside the site, and tell the incidents how runs ended."""
	for part in (runs.sweep, runs.adopt, incidents_beside.adopt, runs.tell_incidents):
		try:
			with contextlib.suppress(ConsoleError):  # `bench recovery adopt` says which journal is damaged
				part()
		except Exception:  # noqa: BLE001 (logged; the other parts go on)
			log_failure("a part of the sweep failed")


def sweep() -> None:
	"""Do what time brings about by itself: clocks of incidents, calls, notices, reviews, duties."""
	sweeping.sweep()
