"""The mail server's password stands in a file that everybody can read."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(mail_password="swordfish")
	site.bench.common_config_path.chmod(0o644)


FAULT = Fault(
	title="common_site_config.json can be read by everybody and holds a password",
	breaks=breaks,
	check="config.exposed",
	severity="warning",
	subjects=("common_site_config.json",),
	runbook="close-config-files",
)
