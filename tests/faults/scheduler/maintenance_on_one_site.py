"""A failed migration left the site in maintenance mode; its lock file is there, but nobody holds it."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(maintenance_mode=1)
	(site.path / "locks" / "bench_migrate.lock").touch()


FAULT = Fault(
	title="A failed migration left the site in maintenance mode",
	breaks=breaks,
	check="scheduler.maintenance",
	severity="critical",
	runbook="leave-maintenance",
)
