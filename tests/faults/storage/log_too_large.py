"""Nothing rotates the worker's log, and one error repeats."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, size in (("worker.error.log", 100 * 1024**2 + 1), ("web.log", 100 * 1024**2)):
		with (site.bench.folder / "logs" / name).open("wb") as log:
			log.truncate(size)


FAULT = Fault(
	title="A log file is too large",
	breaks=breaks,
	check="storage.logs",
	severity="warning",
	subjects=("worker.error.log",),
	runbook="cut-large-logs",
)
