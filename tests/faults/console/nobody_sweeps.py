"""An incident should have been escalated two hours ago, and no sweeper came."""

from datetime import timedelta

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	due = (site.bench.now - timedelta(hours=2)).isoformat(timespec="seconds")
	console.incident("RC-INC-2026-00003", "Seen", next_due=due)
	console.incident("RC-INC-2026-00004", "Over", next_due=due, status="Closed")


FAULT = Fault(
	title="The clocks of incidents run out unseen",
	breaks=breaks,
	check="console.clocks_late",
	severity="critical",
	subjects=("RC-INC-2026-00003",),
)
