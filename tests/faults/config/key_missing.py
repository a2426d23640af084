"""site_config.json was written anew, without encryption_key."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.unset_config("encryption_key")


FAULT = Fault(
	title="The encryption key is gone",
	breaks=breaks,
	check="config.encryption_key",
	severity="critical",
	subjects=("Notifications",),
	runbook="restore-encryption-key",
)
