"""The copy that a site reads from: silent while it follows, judged at the edges, and where the site may not ask."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from recovery_console.core.checks.database import _replica
from recovery_console.core.finding import Severity, Status
from recovery_console.core.runner import CheckResult
from tests.conftest import Samples, look_at
from tests.faults.database._help import mariadb
from tests.faults.database._replica import follow, follow_in_postgres, rest, run_a_job, wait_until
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold


def look(site: SampleSite) -> CheckResult:
	(result,) = look_at(site, "database.replica").results
	return result


@pytest.fixture(params=["mariadb", "postgres"])
def served(request: pytest.FixtureRequest, samples: Samples) -> SampleSite:
	if request.param not in request.config.getoption("--databases").split(","):
		pytest.skip(f"{request.param} was left out with --databases")
	return samples.site(request.param)


def test_a_copy_that_follows_is_fine_until_it_is_promoted_or_cut_off(served: SampleSite) -> None:
	try:
		rest(served, 3)
		copy = follow(served) if served.database.dialect == "mariadb" else follow_in_postgres(served)
		run_a_job(served, 0.5)
		wait_until(lambda: look(served).measurements == {"behind_seconds": 0})
		assert look(served).status is Status.OK
		copy.admin("STOP SLAVE" if served.database.dialect == "mariadb" else "SELECT pg_promote()")
		(finding,) = look(served).findings
		assert finding.severity is Severity.CRITICAL
		served.set_config(db_password=served.db_password, different_credentials_for_replica=1)
		served.set_config(replica_db_user=served.db_name, replica_db_password="another")
		(finding,) = look(served).findings
		assert finding.evidence["kind"] == "denied"
	finally:
		served.bench.restore()


def test_far_behind_is_critical(samples: Samples, pytestconfig: pytest.Config) -> None:
	if "mariadb" not in pytestconfig.getoption("--databases").split(","):
		pytest.skip("mariadb was left out with --databases")
	site = samples.site("mariadb")
	try:
		rest(site, 3)
		follow(site, delay=3600)
		assert look(site).status is Status.OK
		set_threshold(site, "database.replica", critical_behind="1 min")
		run_a_job(site, 1)
		assert [finding.severity for finding in look(site).findings] == [Severity.CRITICAL]
	finally:
		site.bench.restore()


def test_a_site_without_a_copy_is_skipped(any_site: SampleSite) -> None:
	assert look(any_site).status is Status.SKIPPED


def test_a_copy_without_an_address_is_only_worth_knowing(served: SampleSite) -> None:
	served.set_config(read_from_replica=1)
	(finding,) = look(served).findings
	assert finding.severity is Severity.INFO


def test_the_site_s_own_server_is_a_copy(samples: Samples, pytestconfig: pytest.Config) -> None:
	if "mariadb" not in pytestconfig.getoption("--databases").split(","):
		pytest.skip("mariadb was left out with --databases")
	site = samples.site("mariadb")
	server = mariadb(site)
	server.admin("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1", "START SLAVE SQL_THREAD")
	server.on_reset(lambda: server.admin("STOP SLAVE", "RESET SLAVE ALL"))
	assert look(site).status is Status.SKIPPED, "its user may not ask"
	server.admin(f"GRANT SLAVE MONITOR ON *.* TO {site.db_name}@'%'")
	server.on_reset(lambda: server.admin(f"REVOKE SLAVE MONITOR ON *.* FROM {site.db_name}@'%'"))
	(finding,) = look(site).findings
	assert "IO thread" in finding.evidence["reason"]
	site.bench.restore()


def test_the_first_change_that_is_missing_counts() -> None:
	now = datetime(2026, 11, 22, tzinfo=timezone.utc)
	old, middle, new = (now - timedelta(minutes=number) for number in (30, 20, 10))
	assert _replica.first_missing([old, middle, new], [old]) == middle
	assert _replica.first_missing([old, new], [old, new]) is None
	assert _replica.first_missing([old], []) == old
	assert _replica.first_missing([], []) is None
