"""A program fails to make mandates."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	text = traceback("Could not find Member: Assoc-Member-9999", app="verenigingen").replace(
		"model/document.py", "verenigingen/doctype/sepa_mandate/sepa_mandate.py"
	)
	for number in range(3):
		log(site, f"mandate{number}", site.hours_ago(2 + number), text, "Mandate import")
	log(site, "earlier", site.hours_ago(25), text)
	log(site, "other", site.hours_ago(2), traceback("Could not find Item: X"))


FAULT = Fault(
	title="A program fails to make mandates",
	breaks=breaks,
	check="sepa.mandate_failures",
	severity="warning",
	count=3,
	subjects=("mandate0", "mandate1", "mandate2"),
)
