"""An integration logs every request in full: its table grows by 120 MiB, or 200 000 rows, a day."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(20):
		days = 5 - number / 4
		measured = {
			"integration_request_mib": 900 - 120 * days + (5 if number % 2 else 0),
			"integration_request_rows": 1_500_000 - 200_000 * days,
			"version_mib": 4000 - 60 * days,
			"version_rows": 5_000_000 - 60_000 * days,
			"gl_entry_mib": 800 + days,
		}
		console.snapshot(
			site.hours_ago(1 + 24 * days),
			measurements={f"database.growth.{name}": value for name, value in measured.items()},
		)


FAULT = Fault(
	title="The table of an integration grows by 120 MiB a day",
	breaks=breaks,
	check="database.growth",
	severity="warning",
	count=2,
	subjects=("Integration Request", "Version"),
)
