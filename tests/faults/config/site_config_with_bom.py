"""Somebody saved site_config.json with an editor that adds a byte order mark."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.config_path.write_bytes(b"\xef\xbb\xbf" + site.config_path.read_bytes())


FAULT = Fault(
	title="site_config.json begins with a byte order mark",
	breaks=breaks,
	check="config.readable",
	severity="critical",
	runbook="drop-byte-order-mark",
)
