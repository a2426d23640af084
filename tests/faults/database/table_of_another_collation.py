"""A table came from a server with another collation."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("ALTER TABLE `tabCustomer` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")


FAULT = Fault(
	title="A table came from a server with another collation",
	breaks=breaks,
	check="database.collations",
	severity="warning",
	databases=("mariadb",),
	subjects=("tabCustomer",),
	blinds=True,
	runbook="unify-collations",
)
