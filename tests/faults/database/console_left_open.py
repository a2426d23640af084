"""Somebody left a console open within a transaction."""

import time

from tests.faults import Fault
from tests.faults.database._help import hold, mariadb
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.idle_transactions", longer_than="1 s")
	hold(site, site.database.translate("SELECT COUNT(*) FROM `tabPatch Log`"))
	if site.database.dialect == "mariadb":
		server, user = mariadb(site), f"`{site.db_name}`@'%'"
		server.admin(f"GRANT PROCESS ON *.* TO {user}")
		server.on_reset(lambda: server.admin(f"REVOKE PROCESS ON *.* FROM {user}"))
	time.sleep(1.2)


FAULT = Fault(
	title="Somebody left a console open within a transaction",
	breaks=breaks,
	check="database.idle_transactions",
	severity="warning",
	databases=("mariadb", "postgres"),
)
