"""Somebody ran `git pull` in an app; the site was not migrated, and an error comes that nobody saw before."""

import os

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	moved = site.bench.folder / "apps" / "frappe" / ".git" / "logs" / "HEAD"
	moved.parent.mkdir(parents=True, exist_ok=True)
	moved.touch()
	when = site.bench.now.timestamp() - 2 * 3600
	os.utime(moved, (when, when))
	for number in range(4):
		log(site, f"pulled{number}", site.minutes_ago(5 + number), traceback("no such name", "ImportError"))


FAULT = Fault(
	title="A git pull brought an error",
	breaks=breaks,
	check="errors.new_since_update",
	severity="warning",
	count=4,
)
