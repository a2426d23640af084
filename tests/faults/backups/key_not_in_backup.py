"""The site's key was made after the last backup."""

import json

from tests.faults import Fault
from tests.faults.backups._files import part, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	values = json.loads(part(site, 2, "site_config_backup.json").read_text())
	del values["encryption_key"]
	replace(site, 2, "site_config_backup.json", json.dumps(values).encode())


FAULT = Fault(
	title="The newest backup holds no encryption key",
	breaks=breaks,
	check="backups.key",
	severity="warning",
)
