"""Something else wrote into the counters of failed log-ins."""

from __future__ import annotations

import pickle

from tests.faults import Fault
from tests.faults.portal._help import fail_logins
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.cache.hset(site.cache_key("login_failed_count"), "192.0.2.44", b"12")
	fail_logins(site, "192.0.2.45", failures=11)
	site.cache.hset(site.cache_key("login_failed_time"), "192.0.2.45", pickle.dumps("2026-01-01"))


FAULT = Fault(
	title="Something else wrote into the counters of failed log-ins",
	breaks=breaks,
	check="portal.locked_out",
	severity="info",
	count=2,
	runbook="unlock-logins",
)
