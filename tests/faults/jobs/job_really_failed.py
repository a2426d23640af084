"""A job failed in a real worker of RQ."""

import logging

import rq

from tests.faults import Fault
from tests.support.sample import SampleSite

METHOD = "custom_app.reports.close_month"


def breaks(site: SampleSite) -> None:
	queue = rq.Queue(site.queue_key("default"), connection=site.queue)
	queue.enqueue_call(
		"tests.faults.jobs._work.execute_job",
		kwargs={
			"site": site.name,
			"user": "Administrator",
			"method": METHOD,
			"event": None,
			"job_name": METHOD,
			"is_async": True,
			"kwargs": {"company": "Example"},
		},
		timeout=300,
		job_id=site.job_id("really-failed"),
	)
	logging.getLogger("rq.worker").setLevel(logging.CRITICAL)
	rq.SimpleWorker([queue], connection=site.queue).work(burst=True, logging_level="CRITICAL")


FAULT = Fault(
	title="A job of an unknown app failed in a real worker",
	breaks=breaks,
	check="jobs.failed",
	severity="warning",
	frappe=(16,),  # newer versions of RQ refuse the colons in the ids of Frappe 15
	runbook="drop-failed-jobs",
)
