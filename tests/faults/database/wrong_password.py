"""The database user's password was changed on the server, not in site_config.json."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.set_config(db_password="not the password")


FAULT = Fault(
	title="The database refuses the site's password",
	breaks=breaks,
	check="database.reachable",
	severity="critical",
	blinds=True,
	databases=("mariadb", "postgres"),
)
