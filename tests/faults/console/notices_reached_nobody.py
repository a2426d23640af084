"""Two notices were given up after hours; another one was sent, and one was given up long ago."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number, (state, hours) in enumerate(
		(("Given Up", 2), ("Given Up", 5), ("Sent", 3), ("Given Up", 60))
	):
		console.data.insert(
			"Recovery Notice",
			name=f"notice-{number}",
			kind="Opened",
			state=state,
			channel_kind="Webhook",
			creation=site.hours_ago(hours),
			modified=site.hours_ago(hours),
		)


FAULT = Fault(
	title="Notices reached nobody",
	breaks=breaks,
	check="console.notices_given_up",
	severity="warning",
	count=2,
	subjects=("notice-0", "notice-1"),
)
