"""What is measured of the largest tables, and what counts as growth."""

from __future__ import annotations

from recovery_console.core.finding import Status
from tests.conftest import look_at
from tests.support.console import install_console
from tests.support.sample import SampleSite
from tests.support.thresholds import set_threshold

NAME = "error_log_rows"


def test_the_largest_tables_are_measured_also_where_no_snapshots_are_kept(any_site: SampleSite) -> None:
	any_site.insert_many(
		"Error Log", [{"name": f"grown{number}", "method": "m", "error": "x" * 900} for number in range(4000)]
	)
	if any_site.database.dialect != "sqlite":
		any_site.sql("ANALYZE TABLE `tabError Log`" if any_site.database.dialect == "mariadb" else "ANALYZE")
	(result,) = look_at(any_site, "database.growth").results
	assert result.status is Status.OK
	assert 3000 <= result.measurements[NAME] <= 5000
	rows = [name for name in result.measurements if name.endswith("_rows")]
	sizes = [name for name in result.measurements if name.endswith("_mib")]
	assert len(rows) == 20
	assert len(sizes) == (0 if any_site.database.dialect == "sqlite" else 20)


def grown(site: SampleSite, values: list[float], hours: float = 6) -> Status:
	console = install_console(site, snapshots=0)
	for number, value in enumerate(reversed(values)):
		console.snapshot(site.hours_ago(hours * number), measurements={f"database.growth.{NAME}": value})
	(result,) = look_at(site, "database.growth").results
	return result.status


def test_a_steady_rise_counts(site: SampleSite) -> None:
	assert grown(site, [100_000 + 12_600 * number for number in range(20)]) is Status.WARNING


def test_a_slow_rise_does_not(site: SampleSite) -> None:
	assert grown(site, [100_000 + 12_400 * number for number in range(20)]) is Status.OK


def test_a_rise_of_a_large_table_does_not(site: SampleSite) -> None:
	assert grown(site, [9_000_000 + 12_600 * number for number in range(20)]) is Status.OK


def test_up_and_down_is_no_growth(site: SampleSite) -> None:
	assert grown(site, [900_000 * (number % 2) + 15_000 * number for number in range(20)]) is Status.OK


def test_two_days_say_nothing(site: SampleSite) -> None:
	assert grown(site, [1_000_000 * number for number in range(20)], hours=2) is Status.OK


def test_a_table_that_is_gone_says_nothing(site: SampleSite) -> None:
	console = install_console(site, snapshots=0)
	for number in range(20):
		console.snapshot(
			site.hours_ago(6 * number), measurements={"database.growth.gone_rows": 9e6 - 4e5 * number}
		)
	set_threshold(site, "database.growth", least_fit=0)
	(result,) = look_at(site, "database.growth").results
	assert result.status is Status.OK
