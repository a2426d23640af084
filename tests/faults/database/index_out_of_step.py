"""A crash let an index of SQLite fall behind its table."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	rows = site.sql("SELECT rootpage FROM sqlite_master WHERE name = 'tabPatch Log_creation_idx'")
	start = rows[0]["rootpage"] * 4096 - 4096
	path = site.path / "db" / f"{site.db_name}.db"
	site.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	site.close()
	with path.open("rb") as file:
		file.seek(start)
		page = file.read(4096)
	site.insert("Patch Log", name="late", patch="late", creation=site.now, modified=site.now)
	site.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	site.close()
	with path.open("r+b") as file:
		file.seek(start)
		file.write(page)


FAULT = Fault(
	title="An index fell behind its table in a crash",
	breaks=breaks,
	check="database.damaged_tables",
	severity="critical",
	databases=("sqlite",),
	runbook="repair-damaged-tables",
)
