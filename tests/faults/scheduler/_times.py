"""What several faults do to the scheduler's job types and their log."""

from __future__ import annotations

from datetime import timedelta

from tests.support.sample import SampleSite


def name_of(site: SampleSite, method: str) -> str:
	"""Return the name of a job type, which differs by version."""
	return str(site.value("Scheduled Job Type", {"method": method}, "name"))


def let_it_rest(site: SampleSite, hours: float) -> None:
	"""Let nothing scheduled have run for so long."""
	for row in site.rows("Scheduled Job Type", None, ["name"]):
		site.update("Scheduled Job Type", row["name"], last_execution=site.hours_ago(hours))


def log_runs(site: SampleSite, method: str, status: str, count: int, details: str | None = None) -> list[str]:
	"""Write log rows for the latest runs of a job type, two minutes apart, the last two minutes ago."""
	times = [site.now - timedelta(minutes=2 * number) for number in range(count, 0, -1)]
	return site.insert_many(
		"Scheduled Job Log",
		[
			{
				"scheduled_job_type": name_of(site, method),
				"status": status,
				"details": details,
				"creation": moment,
				"modified": moment,
			}
			for moment in times
		],
	)
