"""Somebody replaced the content of common_site_config.json by something that is JSON, but no configuration."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(redis_cache=site.bench.redis_cache.url, redis_queue=site.bench.redis_queue.url)
	site.bench.common_config_path.write_text("[]")


FAULT = Fault(
	title="common_site_config.json holds a list",
	breaks=breaks,
	check="config.readable",
	severity="critical",
	runbook="rebuild-common-config",
)
