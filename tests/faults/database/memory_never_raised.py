"""The memory for the database was never raised from its default."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(
		site, "database.buffer_pool", data_at_least_mib=0, reads_at_least=0, disk_reads=0.0, pool_share=1000.0
	)


FAULT = Fault(
	title="The memory for the database was never raised from its default",
	breaks=breaks,
	check="database.buffer_pool",
	severity="warning",
	databases=("mariadb",),
)
