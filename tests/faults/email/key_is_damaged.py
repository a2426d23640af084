"""The key in site_config.json was cut off when it was copied."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(encryption_key=site.encryption_key[:-6])


FAULT = Fault(
	title="The encryption key is damaged",
	breaks=breaks,
	check="email.account_login",
	severity="critical",
	also=("config.encryption_key", "backups.key"),
	subjects=("Notifications",),
)
