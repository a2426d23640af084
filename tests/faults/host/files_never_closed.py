"""A worker opens files and never closes them."""

from tests.faults import Fault
from tests.faults.host._help import start_process
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	start_process(
		site,
		"import os, resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100));"
		"held = [os.open('/dev/null', os.O_RDONLY) for _ in range(85)]",
	)


FAULT = Fault(
	title="A worker opens files and never closes them",
	breaks=breaks,
	check="host.open_files",
	severity="warning",
)
