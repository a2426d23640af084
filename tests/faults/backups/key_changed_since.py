"""The encryption key was replaced, the passwords saved anew, and no backup made since."""

import base64
import json

from tests.faults import Fault
from tests.faults.backups._files import part, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	values = json.loads(part(site, 2, "site_config_backup.json").read_text())
	values["encryption_key"] = base64.urlsafe_b64encode(b"another key of 32 bytes for sure").decode()
	replace(site, 2, "site_config_backup.json", json.dumps(values).encode())


FAULT = Fault(
	title="The newest backup holds another encryption key",
	breaks=breaks,
	check="backups.key",
	severity="warning",
)
