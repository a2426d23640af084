"""A restored dump brought invoices in MyISAM."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("ALTER TABLE `tabSales Invoice` ENGINE = MyISAM")
	site.sql("ALTER TABLE `tabPayment Entry Reference` ENGINE = MyISAM")


FAULT = Fault(
	title="A restored dump brought invoices in MyISAM",
	breaks=breaks,
	check="database.engines",
	severity="warning",
	databases=("mariadb",),
	count=2,
	subjects=("tabSales Invoice", "tabPayment Entry Reference"),
	runbook="move-tables-into-innodb",
)
