"""The worker that submitted a document was killed."""

import hashlib
import os

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	locks = site.path / "locks"
	for number, age in enumerate((7300, 60)):
		lock = locks / f"{hashlib.sha224(f'Sales Invoice:{number}'.encode()).hexdigest()}.lock"
		lock.touch()
		os.utime(lock, (site.bench.now.timestamp() - age,) * 2)
	lock = locks / "bench_migrate.lock"  # of a process: its age means nothing
	lock.touch()
	os.utime(lock, (0, 0))


FAULT = Fault(
	title="A document stays locked",
	breaks=breaks,
	check="config.locks",
	severity="warning",
	subjects=("d9b66ca6a4ef6470c92c49b31afa307c14be43416423def9ae91aaff.lock",),
	runbook="unlock-documents",
)
