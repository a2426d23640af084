"""db_name names a database that is not there."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(db_name="_0000000000000000", db_user=site.db_name)


FAULT = Fault(
	title="The site's database does not exist",
	breaks=breaks,
	check="database.reachable",
	severity="critical",
	subjects=("_0000000000000000",),
	blinds=True,
)
