"""The key was cut off when it was copied."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(encryption_key=site.encryption_key[:-6])


FAULT = Fault(
	title="The encryption key is damaged",
	breaks=breaks,
	check="config.encryption_key",
	severity="critical",
	subjects=("Notifications",),
	runbook="restore-encryption-key",
)
