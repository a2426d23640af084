"""A migrate ended before it had added a column that the DocType already names."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("ALTER TABLE `tabSEPA Mandate` DROP COLUMN `expiry_date`")


FAULT = Fault(
	title="The table of mandates lacks a column",
	breaks=breaks,
	check="sepa.profile",
	severity="warning",
	subjects=("SEPA Mandate",),
	also=("database.missing_columns",),
)
