"""A disk error changed bytes in the middle of the dump."""

from tests.faults import Fault
from tests.faults.backups._files import dump, replace
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	content = bytearray(dump("".join(f"CREATE TABLE `t{n}` (" for n in range(5000))))
	content[len(content) // 2 : len(content) // 2 + 200] = b"\0" * 200
	replace(site, 2, "database.sql.gz", bytes(content))


FAULT = Fault(
	title="The newest dump is damaged inside",
	breaks=breaks,
	check="backups.contents",
	severity="critical",
)
