"""The authorisation of a Connected App ran out."""

from __future__ import annotations

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.insert("Connected App", name="app1", provider_name="Storage")
	for user, hours in (
		("bram.visser@example.org", 3),
		("anna.bakker@example.org", 1.9),
		("eva.bos@example.org", 50),
	):
		site.insert(
			"Token Cache",
			name=f"app1-{user}",
			user=user,
			connected_app="app1",
			expires_in=3600,
			modified=site.hours_ago(hours),
		)
	site.set_password("Token Cache", "app1-eva.bos@example.org", "renews it", fieldname="refresh_token")


FAULT = Fault(
	title="The authorisation of a Connected App ran out",
	breaks=breaks,
	check="integrations.connected_apps",
	severity="warning",
	count=1,
	subjects=("app1-bram.visser@example.org",),
	runbook="delete-dead-authorisations",
)
