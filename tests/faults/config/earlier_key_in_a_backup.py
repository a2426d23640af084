"""Frappe made a new encryption key; an old backup still holds the one with which some passwords were saved."""

import base64
import json
import os

from cryptography.fernet import Fernet

from tests.faults import Fault
from tests.support.sample import SampleSite

EARLIER = base64.urlsafe_b64encode(b"another key of 32 bytes for sure").decode()


def breaks(site: SampleSite) -> None:
	oldest = min((site.path / "private" / "backups").glob("*-site_config_backup.json"))
	made = oldest.stat().st_mtime
	oldest.write_text(json.dumps({**json.loads(oldest.read_text()), "encryption_key": EARLIER}))
	os.utime(oldest, (made, made))
	site.insert(
		"__Auth",
		doctype="Connected App",
		name="app",
		fieldname="client_secret",
		password=Fernet(EARLIER).encrypt(b"secret").decode(),
		encrypted=1,
	)


FAULT = Fault(
	title="Passwords were saved with an earlier key that a backup still holds",
	breaks=breaks,
	check="config.encryption_key",
	severity="warning",
	subjects=("app",),
	runbook="save-passwords-anew",
)
