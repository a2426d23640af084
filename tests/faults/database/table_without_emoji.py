"""A table still has the character set of an old server."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.sql("ALTER TABLE `tabPatch Log` CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci")


FAULT = Fault(
	title="A table still has the character set of an old server",
	breaks=breaks,
	check="database.collations",
	severity="warning",
	databases=("mariadb",),
	subjects=("tabPatch Log",),
	runbook="unify-collations",
)
