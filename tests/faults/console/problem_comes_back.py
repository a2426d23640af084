"""Workers vanished three times this week, once as the same incident again; mail did twice, and once beneath another."""

from tests.faults import Fault
from tests.support.console import install_console
from tests.support.sample import SampleSite

OVER = {"status": "Closed", "open_key": None}
WORKERS = {"title": "No worker runs", "check_id": "jobs.workers", "fingerprint": "jobs.workers", **OVER}
MAIL = {
	"title": "Mail is stuck",
	"check_id": "email.stuck_sending",
	"fingerprint": "email.stuck_sending",
	**OVER,
}
OURS = {"title": "Comes back", "check_id": "console.recurring", "fingerprint": "console.recurring:x", **OVER}


def breaks(site: SampleSite) -> None:
	console = install_console(site)
	old = {"creation": site.days_ago(30), "modified": site.days_ago(1)}
	console.incident("RC-INC-2026-00010", "It was seen again.", ends="Reopened", **{**WORKERS, **old})
	for number, days in ((11, 1), (12, 5), (13, 20)):
		at = site.days_ago(days)
		console.incident(f"RC-INC-2026-000{number}", **{**WORKERS, "creation": at, "modified": at})
	console.incident("RC-INC-2026-00020", "Seen.", **MAIL)
	console.incident("RC-INC-2026-00021", "Seen.", **MAIL)
	console.incident("RC-INC-2026-00022", "Seen.", **MAIL, parent_incident="RC-INC-2026-00011")
	console.incident("RC-INC-2026-00023", "Seen.", **MAIL, merged_into="RC-INC-2026-00020")
	for number in range(30, 35):
		console.incident(f"RC-INC-2026-000{number}", "Seen.", **OURS)


FAULT = Fault(
	title="A problem comes back again and again",
	breaks=breaks,
	check="console.recurring",
	severity="warning",
	count=3,
	subjects=("RC-INC-2026-00010", "RC-INC-2026-00011", "RC-INC-2026-00012"),
)
