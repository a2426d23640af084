"""The site was restored without its old site_config.json: the key is another one."""

import base64

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(encryption_key=base64.urlsafe_b64encode(b"another key of 32 bytes for sure").decode())


FAULT = Fault(
	title="The encryption key does not fit the stored passwords",
	breaks=breaks,
	check="email.account_login",
	severity="critical",
	also=("config.encryption_key", "backups.key"),
	subjects=("Notifications",),
)
