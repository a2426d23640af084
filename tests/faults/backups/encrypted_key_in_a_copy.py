"""backup_encryption_key was lost, but the copies of the configuration still have it."""

import json

from tests.faults import Fault
from tests.faults.backups import encrypted_without_key
from tests.faults.backups._files import part
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	encrypted_without_key.breaks(site)
	path = part(site, 8, "site_config_backup-enc.json")
	path.write_text(
		json.dumps({**json.loads(path.read_text()), "backup_encryption_key": site.encryption_key})
	)


FAULT = Fault(
	title="Encrypted backups whose key only stands in a copy",
	breaks=breaks,
	check="backups.encrypted",
	severity="critical",
	count=2,
	runbook="put-back-backup-key",
)
