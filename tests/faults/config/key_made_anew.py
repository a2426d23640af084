"""The key was lost, Frappe made a new one, and some passwords were entered again."""

import base64

from cryptography.fernet import Fernet

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	old = Fernet(base64.urlsafe_b64encode(b"another key of 32 bytes for sure"))
	for number in range(2):
		site.insert(
			"__Auth",
			doctype="Connected App",
			name=f"app{number}",
			fieldname="client_secret",
			password=old.encrypt(b"secret").decode(),
			encrypted=1,
		)


FAULT = Fault(
	title="Some stored passwords were saved with an earlier key",
	breaks=breaks,
	check="config.encryption_key",
	severity="warning",
	count=2,
	subjects=(
		"app0",
		"app1",
	),
)
