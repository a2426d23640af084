"""Custom fields were brought in without their columns."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	for name in ("chamber_of_commerce", "chapter_code"):
		site.insert("Custom Field", dt="Customer", fieldname=name, label=name, fieldtype="Data")


FAULT = Fault(
	title="Custom fields were brought in without their columns",
	breaks=breaks,
	check="database.missing_columns",
	severity="critical",
	count=2,
	subjects=("Customer.chamber_of_commerce", "Customer.chapter_code"),
)
