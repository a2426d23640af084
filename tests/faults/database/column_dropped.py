"""An update was interrupted before it made a new column."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("ALTER TABLE `tabPatch Log` DROP COLUMN traceback")


FAULT = Fault(
	title="An update was interrupted before it made a new column",
	breaks=breaks,
	check="database.missing_columns",
	severity="critical",
	subjects=("Patch Log.traceback",),
)
