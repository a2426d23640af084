"""After a restore nobody may write to the database's file."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	site.close()
	(site.path / "db" / f"{site.db_name}.db").chmod(0o444)


FAULT = Fault(
	title="After a restore nobody may write to the database's file",
	breaks=breaks,
	check="database.read_only",
	severity="critical",
	databases=("sqlite",),
	runbook="open-files-to-their-owner",
)
