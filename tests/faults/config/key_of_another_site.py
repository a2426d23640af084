"""The site was restored without its old site_config.json."""

import base64

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(encryption_key=base64.urlsafe_b64encode(b"another key of 32 bytes for sure").decode())


FAULT = Fault(
	title="The encryption key is another site's",
	breaks=breaks,
	check="config.encryption_key",
	severity="critical",
	subjects=("Notifications",),
	runbook="restore-encryption-key",
)
