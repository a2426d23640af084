"""The console's own tables have grown beyond what the site allows them."""

import random

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	for number in range(16):
		console.snapshot(site.days_ago(1 + number / 10), report=_noise(number))
	if site.database.dialect == "mariadb":
		site.sql("ANALYZE TABLE `tabHealth Snapshot`")  # it counts anew only now and then
	set_threshold(site, "console.size", most_mib=1)


def _noise(seed: int) -> str:
	"""Text that no database can compress."""
	return random.Random(seed).randbytes(100_000).hex()


FAULT = Fault(
	title="The console's own tables have grown",
	breaks=breaks,
	check="console.size",
	severity="info",
	databases=("mariadb", "postgres"),
)
