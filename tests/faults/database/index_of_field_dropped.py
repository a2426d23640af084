"""The index of a field was dropped by hand."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.missing_indexes", big_rows=1)
	if site.database.dialect == "postgres":
		site.sql("DROP INDEX `customer_name`")
		site.sql("ANALYZE `tabCustomer`")
	else:
		site.sql("ALTER TABLE `tabCustomer` DROP INDEX customer_name")
		site.sql("ANALYZE TABLE `tabCustomer`")


FAULT = Fault(
	title="The index of a field was dropped by hand",
	breaks=breaks,
	check="database.missing_indexes",
	severity="warning",
	databases=("mariadb", "postgres"),
	subjects=("Customer.customer_name",),
	runbook="make-missing-indexes",
	given={"big_rows": 1},
)
