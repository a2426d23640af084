"""The disk has a small share in use, but too little space is left for a backup."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "host.disk", warning_share=2, critical_share=2, least_gib=1_000_000)


FAULT = Fault(
	title="The disk has a small share in use, but too little space is left for a backup",
	breaks=breaks,
	check="host.disk",
	severity="critical",
)
