"""Data: the edges that the fault catalogue does not walk along."""

from __future__ import annotations

import pytest

from recovery_console.core.checks.data._series import Number, Series
from recovery_console.core.checks.data.phone_format import is_phone
from recovery_console.core.finding import Status
from tests.conftest import look_at
from tests.support.sample import SampleSite


@pytest.mark.parametrize(
	("series", "name", "expected"),
	[
		("ACC-SINV-.YYYY.-", "ACC-SINV-2026-00012", Number("ACC-SINV-2026-", 12, 5, "")),
		("ACC-SINV-.YYYY.-", "ACC-SINV-2026-00012-1", None),
		("ACC-SINV-.YYYY.-", "ACC-SINV-2026-123456", Number("ACC-SINV-2026-", 123456, 5, "")),
		("INV-.##", "INV-07", Number("INV-", 7, 2, "")),
		("INV.-.MM.-.###.-.YY", "INV-11-007-26", Number("INV-11-", 7, 3, "-26")),
		("SO-.{customer}.-.####", "SO-Jan Jansen-0003", Number("SO-Jan Jansen-", 3, 4, "")),
		("SO-.abbr.-.####", "SO-VV-0003", Number("SO-VV-", 3, 4, "")),
		("PMO-", "PMO-00001", Number("PMO-", 1, 5, "")),
		("PMO-", "PMO-1", None),
		("A+B-.####", "AAB-0001", None),
		(".#####", "00001", None),
	],
)
def test_names_are_read_as_frappe_writes_them(series: str, name: str, expected: Number | None) -> None:
	assert Series(series).read(name) == expected


def test_the_next_name_is_filled_up_to_the_digits_of_the_series() -> None:
	assert Number("INV-11-", 7, 3, "-26").name(8) == "INV-11-008-26"


@pytest.mark.parametrize(
	"number", ["1234", "+31 (0)20-123.45.67", "0031 20 1234567", "020/1234567 ext. 5", "#31#06"]
)
def test_unusual_telephone_numbers_pass(number: str) -> None:
	assert is_phone(number)


@pytest.mark.parametrize("number", ["112", "none", "a@example.org", "0612345678 Anna", "1" * 21])
def test_what_cannot_be_dialled_does_not_pass(number: str) -> None:
	assert not is_phone(number)


def test_without_a_database_nothing_is_well(site: SampleSite) -> None:
	site.set_config(db_name="_gone")
	report = look_at(site, families=("data",))
	assert {result.status for result in report.results} == {Status.UNKNOWN}


def test_a_counter_at_the_highest_number_is_right(site: SampleSite) -> None:
	site.insert("Sales Invoice", name=f"ACC-SINV-{site.now.year}-00013", status="Draft")
	site.update("Series", f"ACC-SINV-{site.now.year}-", current=13)
	assert look_at(site, "data.series_behind").findings == []
	site.update("Series", f"ACC-SINV-{site.now.year}-", current=12)
	(found,) = look_at(site, "data.series_behind").findings
	assert found.evidence["number"] == 13


def test_series_that_were_customised_are_the_ones_that_count(site: SampleSite) -> None:
	site.insert(
		"Property Setter",
		doc_type="Sales Invoice",
		field_name="naming_series",
		property="options",
		value="FACT-.####",
	)
	site.insert("Sales Invoice", name="FACT-0002", status="Draft")
	(found,) = look_at(site, "data.series_behind").findings
	assert (found.evidence["series"], found.evidence["counter"]) == ("FACT-", 0)


def test_a_list_that_names_what_is_not_there_is_no_mistake(site: SampleSite) -> None:
	report = look_at(
		site, "data.dangling_links", "data.disabled_links", "data.docstatus", "data.email_format"
	)
	assert {result.status for result in report.results} == {Status.OK}
