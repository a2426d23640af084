"""Users must set up an app for codes, and the mail with the code to scan cannot go."""

from __future__ import annotations

from tests.faults import Fault
from tests.faults.portal._help import stop_outgoing_mail, turn_two_factor_on
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	turn_two_factor_on(site, "OTP App", role="Customer")
	stop_outgoing_mail(site)
	for user in (
		"carla.smit@example.org",
		"daan.mulder@example.org",
		"eva.bos@example.org",
		"fleur.vos@example.org",
	):
		site.set_default(f"{user}_otplogin", 1, parent="__2fa")


FAULT = Fault(
	title="Users must set up an app for codes, and the mail with the code to scan cannot go",
	breaks=breaks,
	check="portal.two_factor",
	severity="warning",
	count=2,
	subjects=(
		"gijs.peters@example.org",
		"hanna.dekker@example.org",
	),
	also=("email.outgoing_account", "security.second_factor"),
)
