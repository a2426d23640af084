"""site_config.json was written anew, without encryption_key."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.unset_config("encryption_key")


FAULT = Fault(
	title="The encryption key is gone",
	breaks=breaks,
	check="email.account_login",
	severity="critical",
	also=("config.encryption_key", "backups.key"),
	subjects=("Notifications",),
)
