"""Jobs on the same rows end in deadlocks again and again."""

import contextlib
import threading

from tests.faults import Fault
from tests.faults.database._help import connect
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def _deadlock(site: SampleSite, first: str, second: str) -> None:
	"""Two transactions change the same two rows, in opposite order."""
	change = site.database.translate("UPDATE `tabPatch Log` SET idx = idx + 1 WHERE name = %s")
	both = threading.Barrier(2)

	def work(one: str, other: str) -> None:
		connection = connect(site)
		with contextlib.suppress(Exception), connection.cursor() as cursor:
			cursor.execute(change, [one])
			both.wait(5)
			cursor.execute(change, [other])
		connection.close()

	threads = [threading.Thread(target=work, args=pair) for pair in ((first, second), (second, first))]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()


def breaks(site: SampleSite) -> None:
	set_threshold(site, "database.deadlocks", at_least=3)
	names = [row["name"] for row in site.rows("Patch Log", fields=["name"])][:2]
	for _number in range(3):
		_deadlock(site, names[0], names[1])


FAULT = Fault(
	title="Jobs on the same rows end in deadlocks again and again",
	breaks=breaks,
	check="database.deadlocks",
	severity="warning",
	databases=("mariadb", "postgres"),
)
