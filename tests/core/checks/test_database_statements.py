"""What is read about the cost of statements: the slow log's text, values left out, and what may not be read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from recovery_console.core.checks.database import _statements
from recovery_console.core.finding import Severity, Status
from tests.conftest import Samples, look_at
from tests.faults.database._slow import CALLS, SECRET, run_a_slow_report, write_slow_log
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold

LOG = """/usr/sbin/mariadbd, Version: 10.11.6-MariaDB. started with:
Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock
Time\t\t    Id Command\tArgument
# Time: 261122  7:00:01
# User@Host: site[site] @ localhost []
# Thread_id: 8  Schema: site  QC_hit: No
# Query_time: 2.500000  Lock_time: 0.000100  Rows_sent: 1  Rows_examined: 4000
# Rows_affected: 0  Bytes_sent: 60
use site;
SET timestamp=1795330801;
SELECT name FROM `tabUser` WHERE email = 'anna@example.org';
# User@Host: other[other] @ localhost []
# Thread_id: 9  Schema: other  QC_hit: No
# Query_time: 9.000000  Lock_time: 0.000100  Rows_sent: 1  Rows_examined: 4000
SET timestamp=1795330801;
SELECT 1;
# Time: 261120  7:00:01
# User@Host: site[site] @ localhost []
# Thread_id: 8  Schema: site  QC_hit: No
# Query_time: 1.000000  Lock_time: 0.000100  Rows_sent: 1  Rows_examined: 10
SET timestamp=1795158001;
SELECT 2;
# Time: 261122  7:00:02
# User@Host: site[si"""


def test_a_slow_log_is_read_by_schema_and_time() -> None:
	since = datetime.fromtimestamp(1795330801, timezone.utc) - timedelta(days=1)
	(one,) = _statements.entries(LOG, "site", since)
	assert one == _statements.Statement(
		"SELECT name FROM `tabUser` WHERE email = 'anna@example.org'", 1, 2.5, 4000
	)
	assert len(list(_statements.entries(LOG, "site", since - timedelta(days=3)))) == 2


@pytest.fixture
def mariadb_site(samples: Samples, pytestconfig: pytest.Config) -> SampleSite:
	if "mariadb" not in pytestconfig.getoption("--databases").split(","):
		pytest.skip("mariadb was left out with --databases")
	return samples.site("mariadb")


def test_no_value_is_kept_and_one_shape_is_one_statement(mariadb_site: SampleSite) -> None:
	write_slow_log(mariadb_site, "FILE")
	run_a_slow_report(mariadb_site)
	report = look_at(mariadb_site, "database.top_statements")
	(finding,) = report.findings
	assert finding.evidence["calls"] == CALLS
	assert SECRET not in json.dumps(report.as_dict())
	set_threshold(mariadb_site, "database.top_statements", calls=CALLS + 1, total="1 s")
	(finding,) = look_at(mariadb_site, "database.top_statements").findings
	assert finding.severity is Severity.INFO
	mariadb_site.bench.restore()


def test_what_may_not_be_read_is_skipped_with_the_way_to_change_that(any_site: SampleSite) -> None:
	if any_site.database.dialect == "mariadb":
		write_slow_log(any_site, "TABLE")
	(result,) = look_at(any_site, "database.top_statements").results
	assert result.status is Status.SKIPPED
	said = {"mariadb": "GRANT SELECT", "postgres": "CREATE EXTENSION", "sqlite": "a question for MariaDB"}
	assert said[any_site.database.dialect] in str(result.reason)
	any_site.bench.restore()


def test_a_log_on_another_machine_is_not_looked_for(mariadb_site: SampleSite) -> None:
	write_slow_log(mariadb_site, "FILE")
	mariadb_site.set_config(db_host="localhost.localdomain")
	(result,) = look_at(mariadb_site, "database.top_statements").results
	assert result.status in (Status.SKIPPED, Status.UNKNOWN)
	mariadb_site.bench.restore()
