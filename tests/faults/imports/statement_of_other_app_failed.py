"""Two MT940 files could not be imported."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number in range(2):
		site.insert(
			"MT940 Import",
			name=f"mt940-{number}",
			bank_account="Main",
			import_status="Failed",
			error_log="Traceback (most recent call last):\nValueError: no transactions found",
			modified=site.hours_ago(5),
		)
	site.insert(
		"MT940 Import", name="cancelled", import_status="Failed", docstatus=2, modified=site.hours_ago(5)
	)


FAULT = Fault(
	title="MT940 files could not be imported",
	breaks=breaks,
	check="imports.app_failed",
	severity="warning",
	count=2,
	subjects=("mt940-0", "mt940-1"),
)
