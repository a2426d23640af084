"""A mandate reference was used again for somebody else, written in small letters."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	sepa.add_mandate(site, 1, "M-1", name="capital", used_for_memberships=0)
	sepa.add_mandate(site, 2, "m-1", name="small", status="Cancelled")


FAULT = Fault(
	title="Two mandates have references that differ only in case",
	breaks=breaks,
	check="sepa.mandate_reference",
	severity="critical",
	subjects=(
		"capital",
		"small",
	),
	databases=("sqlite", "postgres"),  # the unique index of MariaDB does not tell case
)
