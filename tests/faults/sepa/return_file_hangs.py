"""The process that read a return file was ended."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert(
		"SEPA Return File Log", name="hangs", file_hash="h", status="Processing", creation=site.days_ago(1)
	)


FAULT = Fault(
	title="A return file is in work since yesterday",
	breaks=breaks,
	check="sepa.return_file",
	severity="warning",
	subjects=("hangs",),
)
