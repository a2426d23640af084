"""The scheduler dies again and again; most of it stands in a log that was rotated and gzipped."""

import gzip

from tests.faults import Fault
from tests.faults.errors._errors import traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	at = site.bench.now.astimezone()
	entries = [
		f"{at:%Y-%m-%d %H:%M:%S},{number:03} ERROR scheduler Exception in Enqueue Events for Job {number}\n"
		+ traceback("Connection refused.", "redis.exceptions.ConnectionError")
		for number in range(6)
	]
	folder = site.path / "logs"
	with gzip.open(folder / "scheduler.log.1.gz", "wt") as packed:
		packed.write("".join(entries[:4]))
	(folder / "scheduler.log").write_text("".join(entries[4:]))


FAULT = Fault(
	title="The scheduler dies again and again",
	breaks=breaks,
	check="errors.log_files",
	severity="warning",
	count=6,
)
