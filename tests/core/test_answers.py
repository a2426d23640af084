"""Which runbook a finding recommends first."""

from __future__ import annotations

import pytest

from recovery_console.core.registry import all_checks
from recovery_console.core.runbooks import all_runbooks
from recovery_console.core.runbooks.answers import for_check, for_error, for_finding


@pytest.mark.parametrize(
	("fingerprint", "first"),
	[
		("jobs.workers", "restart-workers"),
		("jobs.workers:suspended", "resume-workers"),
		("jobs.redis_writable:save", "redis-cannot-save"),
		("config.readable:site_config.json", "restore-site-config"),
		("config.readable:common_site_config.json", "rebuild-common-config"),
		("cache.reachable", "start-redis"),
		("jobs.failed:frappe.sendmail:OSError", "repeat-failed-jobs"),
		("email.stuck_sending", "release-stuck-emails"),
		("email.starving:backlog", "raise-mail-batch"),
		("email.starving:standstill", "empty-mail-queue"),
		("config.apps_installed:gone", "app-code-missing"),
		("config.apps_installed:unlisted", "mend-apps-txt"),
		("backups.exposed:web", "hide-backups"),
		("backups.exposed:machine", "close-backup-folder"),
		("database.read_only:rights", "open-files-to-their-owner"),
		("database.read_only:server", "let-database-take-changes"),
		("scheduler.gone_method", "stop-jobs-without-code"),
	],
)
def test_the_runbook_of_just_this_finding_comes_first(fingerprint: str, first: str) -> None:
	assert for_finding(fingerprint)[0] == first


def test_a_runbook_of_another_kind_of_finding_is_not_recommended() -> None:
	assert "resume-workers" not in for_finding("jobs.workers")
	assert "resume-workers" in for_check("jobs.workers")
	assert for_finding("jobs.workersuspended") == for_finding("no.such_check") == ()


def test_a_known_error_has_its_runbooks() -> None:
	assert for_error("SITE-02") == ("restore-site-config", "configuration-lost")
	assert for_error("NO-99") == ()


@pytest.mark.parametrize("family", ["jobs", "scheduler", "config", "cache"])
def test_every_check_of_these_families_has_a_runbook(family: str) -> None:
	checks = [check for check in all_checks() if check.startswith(f"{family}.")]
	assert [check for check in checks if not for_check(check)] == []


def test_what_a_runbook_hands_over_to_is_there() -> None:
	found = all_runbooks()
	wrong = {book.id for book in found.values() if book.otherwise and book.otherwise not in found}
	assert {name for name in wrong if name in RUNBOOKS_OF_THESE_FAMILIES} == set()


RUNBOOKS_OF_THESE_FAMILIES = {
	book.id
	for book in all_runbooks().values()
	if any(step.action.partition(".")[0] in ("jobs", "scheduler", "config", "cache") for step in book.steps)
}
