"""Somebody left a console open within a transaction."""

import time

from tests.faults import Fault
from tests.faults.database._help import hold, may_see_all
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.idle_transactions", longer_than="1 s")
	hold(site, site.database.translate("SELECT COUNT(*) FROM `tabPatch Log`"))
	may_see_all(site)
	time.sleep(1.2)


FAULT = Fault(
	title="Somebody left a console open within a transaction",
	breaks=breaks,
	check="database.idle_transactions",
	severity="warning",
	databases=("mariadb", "postgres"),
	runbook="end-forgotten-transactions",
	given={"longer_than": "1 s"},
)
