"""Nobody has logged in for a week, though other systems use the site through its API: jobs run once a day."""

from tests.faults import Fault
from tests.faults.scheduler._times import let_it_rest
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.delete("Activity Log", {"modified": (">", site.days_ago(7))})
	site.insert("Activity Log", user="Administrator", operation="Login", creation=site.days_ago(7))
	let_it_rest(site, 12)


FAULT = Fault(
	title="Frappe takes the site for dormant",
	breaks=breaks,
	check="scheduler.dormant",
	severity="warning",
	also=("scheduler.alive", "scheduler.overdue"),
	frappe=(15,),
	databases=("mariadb", "postgres"),
	runbook="keep-scheduler-awake",
)
