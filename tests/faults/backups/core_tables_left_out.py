"""A setting excludes tables without which no site starts."""

from tests.faults import Fault
from tests.faults.backups._files import dump, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	tables = "".join(f"CREATE TABLE `{name}` (\n" for name in ("__Auth", "tabDocType", "tabSingles"))
	replace(site, 2, "database.sql.gz", dump(tables))


FAULT = Fault(
	title="The newest dump leaves out tables of Frappe",
	breaks=breaks,
	check="backups.contents",
	severity="critical",
	count=2,
	subjects=(
		"tabUser",
		"tabDefaultValue",
	),
)
