"""The index that joins addresses to their contact was dropped."""

from tests.faults import Fault
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.missing_indexes", big_rows=1)
	if site.database.dialect == "sqlite":
		site.sql("DROP INDEX `tabContact Email_parent_idx`")
	else:
		site.sql("ALTER TABLE `tabContact Email` DROP INDEX parent")
		site.sql("ANALYZE TABLE `tabContact Email`")


FAULT = Fault(
	title="The index that joins addresses to their contact was dropped",
	breaks=breaks,
	check="database.missing_indexes",
	severity="warning",
	databases=("sqlite", "mariadb"),
	subjects=("Contact Email.parent",),
	runbook="make-missing-indexes",
	given={"big_rows": 1},
)
