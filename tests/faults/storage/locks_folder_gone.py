"""The folder of locks did not come along when the site was moved."""

import shutil

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	shutil.rmtree(site.path / "locks")


FAULT = Fault(
	title="A folder of the site is missing",
	breaks=breaks,
	check="storage.folders",
	severity="critical",
	subjects=("locks",),
	runbook="make-missing-folders",
)
