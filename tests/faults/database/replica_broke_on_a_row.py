"""A row was added on the copy by hand; the same row from the main server stops the copying."""

from tests.faults import Fault
from tests.faults.database._replica import TABLE, follow, wait_until
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	copy = follow(site)
	copy.admin(f"GRANT SLAVE MONITOR ON *.* TO {site.db_name}@'%'")
	copy.admin(f"INSERT INTO {site.db_name}.\"{TABLE}\" (name) VALUES ('planted')")
	site.sql(f"INSERT INTO `{TABLE}` (name) VALUES ('planted')")
	site.delete("Scheduled Job Type", "planted")
	wait_until(lambda: copy.admin("SHOW SLAVE STATUS")[0]["Slave_SQL_Running"] == "No")


FAULT = Fault(
	title="A row that was added by hand stops the copying",
	breaks=breaks,
	check="database.replica",
	severity="critical",
	databases=("mariadb",),
)
