"""One notice was due an hour ago and nobody sent it, one fails and fails; others are as they should be."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite

#: State, attempts, and in how many minutes the next one is due.
NOTICES = {
	"forgotten": ("Waiting", 0, -60),
	"failing": ("Failed", 7, 20),
	"due-now": ("Waiting", 0, -1),
	"failed-once": ("Failed", 1, 1),
	"for-the-morning": ("Held", 0, 300),
	"sent": ("Sent", 9, -60),
}


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for name, (state, attempts, minutes) in NOTICES.items():
		console.data.insert(
			"Recovery Notice",
			name=name,
			kind="Opened",
			state=state,
			attempts=attempts,
			channel_kind="Webhook",
			error="The receiver answered with HTTP 503." if attempts else "",
			happened=_utc(site, -90),
			next_attempt=_utc(site, minutes),
			creation=site.minutes_ago(90),
			modified=site.minutes_ago(90),
		)


def _utc(site: SampleSite, minutes: float) -> str:
	return (site.bench.now + timedelta(minutes=minutes)).isoformat(timespec="seconds")


FAULT = Fault(
	title="Notices wait and nobody sends them",
	breaks=breaks,
	check="console.notices_late",
	severity="warning",
	count=2,
	subjects=("forgotten", "failing"),
)
