"""`bench build` failed on a full disk and left an empty list."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	(site.bench.folder / "sites" / "assets" / "assets.json").write_text("")


FAULT = Fault(
	title="The list of built assets is empty",
	breaks=breaks,
	check="config.assets",
	severity="critical",
	subjects=("assets.json",),
)
