"""The disk was full when apps.txt was written."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.folder.joinpath("sites", "apps.txt").write_text("")


FAULT = Fault(
	title="apps.txt is empty",
	breaks=breaks,
	check="config.apps_txt",
	severity="critical",
	subjects=("apps.txt",),
	also=("config.apps_installed",),
	runbook="mend-apps-txt",
)
