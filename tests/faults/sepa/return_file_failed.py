"""A return file could not be read; the money went back, the books do not say so."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name, status in (("broken", "Failed"), ("half", "Partially Processed")):
		site.insert(
			"SEPA Return File Log", name=name, file_hash=name, status=status, creation=site.days_ago(2)
		)


FAULT = Fault(
	title="A return file failed, and another was booked in part",
	breaks=breaks,
	check="sepa.return_file",
	severity="critical",
	count=2,
	subjects=(
		"broken",
		"half",
	),
)
