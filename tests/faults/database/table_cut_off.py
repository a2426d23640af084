"""A crash cut off the file of a MyISAM table."""

import os

from tests.faults import Fault
from tests.faults.database._help import mariadb
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	server = mariadb(site)
	site.sql("ALTER TABLE `tabPatch Log` ENGINE = MyISAM")
	site.sql("FLUSH TABLES")
	for file in (server.folder / "data" / site.db_name).glob("tabPatch*.MYD"):
		os.truncate(file, 10)
	server.on_reset(lambda: server.admin(f"DROP TABLE `{site.db_name}`.`tabPatch Log`"))


FAULT = Fault(
	title="A crash cut off the file of a MyISAM table",
	breaks=breaks,
	check="database.damaged_tables",
	severity="critical",
	databases=("mariadb",),
	subjects=("tabPatch Log",),
	also=("database.engines",),
	blinds=True,
)
