"""Two mandates end within the month."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for number, days in ((0, 0), (1, -29.9), (2, -32)):
		site.update(
			"SEPA Mandate",
			sepa.mandate(site, number),
			name=f"m{number}",
			expiry_date=site.days_ago(days).date(),
		)


FAULT = Fault(
	title="Two mandates end within the month",
	breaks=breaks,
	check="sepa.mandate_expiring",
	severity="info",
	count=2,
	subjects=("m0", "m1"),
	also=("sepa.line_mandate",),
)
