"""Nothing cleans up behind a job that changes all rows again and again."""

import time

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.dead_rows", at_least=1000, share=0.5)
	for _number in range(2):
		site.sql("UPDATE `tabDocField` SET idx = idx")
	site.close()
	time.sleep(1)


FAULT = Fault(
	title="Nothing cleans up behind a job that changes all rows again and again",
	breaks=breaks,
	check="database.dead_rows",
	severity="warning",
	databases=("postgres",),
	subjects=("tabDocField",),
	runbook="give-back-database-space",
)
