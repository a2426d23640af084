"""The database server's root password was left in common_site_config.json."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(root_login="root", root_password="swordfish")
	site.bench.common_config_path.chmod(0o600)


FAULT = Fault(
	title="common_site_config.json holds the database server's root password",
	breaks=breaks,
	check="config.misplaced",
	severity="info",
	subjects=("root_password",),
	runbook="move-site-secrets",
)
