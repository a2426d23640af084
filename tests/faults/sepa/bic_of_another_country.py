"""An import invented the BIC of a mandate."""

from tests.faults import Fault
from tests.faults.sepa import _data as sepa
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.update("SEPA Mandate", sepa.mandate(site, 0), bic="DEUTDEFF")
	site.update("SEPA Mandate", sepa.mandate(site, 1), bic="RABO")


FAULT = Fault(
	title="The BIC of one mandate is German beside a Dutch IBAN, that of another is too short",
	breaks=breaks,
	check="sepa.mandate_bic",
	severity="warning",
	count=2,
	runbook="correct-bics",
)
