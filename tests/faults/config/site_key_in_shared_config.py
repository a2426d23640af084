"""A site's encryption key was written with `bench set-config -g`."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.bench.set_common_config(encryption_key=site.encryption_key)
	site.bench.common_config_path.chmod(0o600)


FAULT = Fault(
	title="common_site_config.json holds a site's encryption key",
	breaks=breaks,
	check="config.misplaced",
	severity="warning",
	subjects=("encryption_key",),
	runbook="move-site-secrets",
)
