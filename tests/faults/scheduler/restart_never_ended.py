"""A restart was cut off and left its mark, for which Frappe 15 waits for ever."""

import os

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	mark = site.bench.folder / "sites" / ".restarting"
	mark.touch()
	left = site.bench.now.timestamp() - 3600
	os.utime(mark, (left, left))


FAULT = Fault(
	title="A restart that never ended holds the scheduler",
	breaks=breaks,
	check="scheduler.switches",
	severity="critical",
	frappe=(15,),
	databases=("mariadb", "postgres"),
	runbook="end-stuck-restart",
)
