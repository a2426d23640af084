"""Checkpoints are forced again and again, between those that the clock makes."""

from tests.faults import Fault
from tests.faults.database._help import postgres
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.redo_log", checkpoints=4, running_for="0 s")
	server = postgres(site)
	server.admin("SELECT pg_stat_reset_shared('bgwriter')")
	server.on_reset(lambda: server.admin("SELECT pg_stat_reset_shared('bgwriter')"))
	server.admin("CHECKPOINT", "CHECKPOINT", "CHECKPOINT", "CHECKPOINT")


FAULT = Fault(
	title="Checkpoints are forced again and again",
	breaks=breaks,
	check="database.redo_log",
	severity="warning",
	databases=("postgres",),
)
