"""More is written in half an hour than the redo log holds."""

from tests.faults import Fault
from tests.faults.database._help import connect
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.redo_log", running_for="0 s", least_mib_per_hour=8, fills_per_hour=0.5)
	connection = connect(site)
	with connection.cursor() as cursor:
		cursor.execute("CREATE TABLE written (part LONGTEXT)")
		for _number in range(10):
			cursor.execute("INSERT INTO written VALUES (REPEAT('x', 1000000))")
		connection.commit()
		cursor.execute("DROP TABLE written")
	connection.close()


FAULT = Fault(
	title="More is written in half an hour than the redo log holds",
	breaks=breaks,
	check="database.redo_log",
	severity="warning",
	databases=("mariadb",),
)
