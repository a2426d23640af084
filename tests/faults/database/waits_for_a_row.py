"""A job waits for a row that another transaction has changed."""

from tests.faults import Fault
from tests.faults.database._help import hold, may_see_all, run_beside
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.waiting", longer_than="1 s")
	may_see_all(site)
	statement = site.database.translate("UPDATE `tabPatch Log` SET idx = idx + 1")
	hold(site, statement)
	run_beside(site, statement, seconds=2.2)


FAULT = Fault(
	title="A job waits for a row that another transaction has changed",
	breaks=breaks,
	check="database.waiting",
	severity="warning",
	databases=("mariadb", "postgres"),
	runbook="release-lock-waits",
	given={"longer_than": "1 s"},
)
