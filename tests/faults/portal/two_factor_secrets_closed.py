"""After a restore the two-factor secrets do not open with the site's key."""

from __future__ import annotations

from cryptography.fernet import Fernet

from tests.faults import Fault
from tests.faults.portal._help import turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "OTP App")
	foreign = Fernet(Fernet.generate_key()).encrypt(b"JBSWY3DPEHPK3PXP").decode()
	for user in ("anna.bakker@example.org", "bram.visser@example.org", "gone@example.org"):
		site.set_default(f"{user}_otpsecret", foreign, parent="__2fa")
	site.set_default("eva.bos@example.org_otpsecret", site.encrypt("JBSWY3DPEHPK3PXP"), parent="__2fa")


FAULT = Fault(
	title="After a restore the two-factor secrets do not open with the site's key",
	breaks=breaks,
	check="portal.two_factor_secrets",
	severity="critical",
	count=2,
	subjects=(
		"anna.bakker@example.org",
		"bram.visser@example.org",
	),
	runbook="reset-second-factors",
)
