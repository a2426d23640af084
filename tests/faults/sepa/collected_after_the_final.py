"""A further collection was made on a mandate that had had its final one."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	name = sepa.mandate(site, 0)
	for days, kind in ((80, "FNAL"), (40, "RCUR")):
		site.insert(
			"SEPA Mandate Usage",
			parent=name,
			usage_date=site.days_ago(days).date(),
			reference_doctype="Sales Invoice",
			sequence_type=kind,
			amount=25,
			status="Pending",
		)


FAULT = Fault(
	title="A collection follows the final one of a mandate",
	breaks=breaks,
	check="sepa.mandate_sequence",
	severity="warning",
)
