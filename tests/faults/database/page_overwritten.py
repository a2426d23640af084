"""A disk error overwrote a page of the database file."""

from tests.faults import Fault
from tests.support.sample import SampleSite


def breaks(site: SampleSite) -> None:
	rows = site.sql("SELECT rootpage FROM sqlite_master WHERE name = 'tabPatch Log_creation_idx'")
	site.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	site.close()
	with (site.path / "db" / f"{site.db_name}.db").open("r+b") as file:
		file.seek(rows[0]["rootpage"] * 4096 - 4096)
		file.write(b"\x0a" + b"\xff" * 4095)


FAULT = Fault(
	title="A disk error overwrote a page of the database file",
	breaks=breaks,
	check="database.damaged_tables",
	severity="critical",
	databases=("sqlite",),
	blinds=True,
)
