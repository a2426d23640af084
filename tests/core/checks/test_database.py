"""The database family where no fault reaches: a source that is down, and what a reader may see of a statement."""

from __future__ import annotations

import pytest

from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import joined, key
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Status
from recovery_console.core.registry import all_checks
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.support.sample import SampleSite
from tests.support.services import free_port

DATABASE = [check_id for check_id in all_checks() if check_id.startswith("database.")]


def test_without_the_database_nothing_is_ok(any_site: SampleSite) -> None:
	if any_site.database.dialect == "sqlite":
		any_site.close()
		any_site.set_config(db_name="gone")
	else:
		any_site.set_config(db_port=free_port(), db_socket=None)
	statuses = {result.check.id: result.status for result in look_at(any_site, *DATABASE).results}
	assert statuses.pop("database.reachable") is Status.CRITICAL
	assert set(statuses.values()) == {Status.UNKNOWN}


def test_every_question_is_asked_of_some_database(any_site: SampleSite) -> None:
	results = look_at(any_site, *DATABASE).results
	asked = {result.check.id for result in results if result.status is Status.OK}
	assert {"database.reachable", "database.missing_columns", "database.log_tables"} <= asked
	for result in results:
		assert result.status in (Status.OK, Status.SKIPPED), (result.check.id, result.reason)
		assert result.status is Status.OK or result.reason


def test_large_tables_left_out_are_not_called_sound(samples) -> None:
	from tests.support.thresholds import set_threshold

	site = samples.site("mariadb")
	set_threshold(site, "database.damaged_tables", largest_mib=0)
	result = look_at(site, "database.damaged_tables").results[0]
	assert result.status is Status.UNKNOWN
	assert "too large" in str(result.reason)


@pytest.mark.parametrize(
	("statement", "shown"),
	[
		("select * from `tabSales Invoice` where name = 'SINV-1'", "SELECT tabSales Invoice"),
		("UPDATE \"tabMember\" SET iban = 'NL02ABNA0123456789'", "UPDATE tabMember"),
		("SELECT SLEEP(30)", "SELECT"),
		("", "?"),
		(None, "?"),
	],
)
def test_statements_are_shown_without_their_values(statement: str | None, shown: str) -> None:
	assert _server.outline(statement) == shown


def test_a_list_that_the_database_cut_short_is_not_believed() -> None:
	assert joined("name,Creation", 2) == {"name", "creation"}
	with pytest.raises(SourceUnavailable):
		joined("name,crea", 3)


def test_postgres_cuts_long_names(samples) -> None:
	site = samples.site("postgres")
	with open_site(site.bench.folder, site.name) as opened:
		assert len(key(opened, "tab" + "x" * 70)) == 63
