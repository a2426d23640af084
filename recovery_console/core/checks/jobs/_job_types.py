"""The ids under which the scheduler queues its job types."""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.site import Site


def scheduled_ids(site: Site) -> dict[str, tuple[str, str]]:
	"""Return the name and method of each job type that is not stopped, by the full id of its job.

	Frappe queues a job type only while no job of that id is queued or started.
	"""
	t = table("Scheduled Job Type")
	rows = site.db.run(site.db.from_(t).select(t["name"], t.method).where(t.stopped == 0))
	found: dict[str, tuple[str, str]] = {}
	for row in rows:
		named = (str(row["name"]), str(row["method"]))
		if site.frappe_major != 16:
			found[f"{site.name}::scheduled_job::{named[1]}"] = named
		if site.frappe_major != 15:
			found[f"{site.name}||scheduled_job||{named[0]}"] = named
	return found
