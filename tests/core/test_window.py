"""Looks at the newest rows only, and looks that checks share."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Check
from recovery_console.core.checks.errors._groups import rates
from recovery_console.core.checks.payments.allocation_sums import AllocationSums
from recovery_console.core.finding import Finding
from recovery_console.core.site import Site, open_site
from recovery_console.core.thresholds import build
from recovery_console.core.window import lately
from tests.faults.payments import _books as books
from tests.support.sample import SampleSite

MONTH = timedelta(days=30)


def opened(site: SampleSite) -> Site:
	return open_site(site.bench.folder, site.name, clock=lambda: site.bench.now)


def names(view: Site, most: int) -> set[str]:
	t = table("Payment Entry")
	rows = view.db.run(view.db.from_(t).select(t["name"].as_("id")).where(lately(view, t, MONTH, most)))
	return {str(row["id"]) for row in rows if str(row["id"]).startswith("PAY-")}


class TestTheNewestRows:
	def test_are_those_of_the_window_where_there_are_not_more(self, any_site: SampleSite) -> None:
		for age in (1, 2, 29, 31):
			books.add_payment(any_site, f"PAY-{age}", 0, age=age)
		with opened(any_site) as view:
			assert names(view, 10_000) == names(view, 0) == {"PAY-1", "PAY-2", "PAY-29"}

	def test_are_about_as_many_as_were_asked_for(self, any_site: SampleSite) -> None:
		for hours in range(12):
			books.add_payment(any_site, f"PAY-{hours:02d}", 0, age=hours / 24)
		with opened(any_site) as view:
			assert names(view, 3) == {"PAY-00", "PAY-01", "PAY-02", "PAY-03"}

	def test_bound_what_a_check_compares(self, site: SampleSite) -> None:
		books.add_payment(site, "PAY-wrong", 0, age=5, total_allocated_amount=40)
		for hours in range(6):
			books.add_payment(site, f"PAY-{hours}", 0, age=hours / 24)
		with opened(site) as view:
			found = [item for item in AllocationSums().run(view) if isinstance(item, Finding)]
			assert [subject.name for subject in found[0].subjects] == ["PAY-wrong"]
			assert list(AllocationSums(most=3).run(view)) == []


def test_errors_of_hour_day_and_day_before_are_told_apart(any_site: SampleSite) -> None:
	with opened(any_site) as view:
		before = rates(view)
	for age in (0.2, 0.9, 1.1, 23.5, 24.5, 47.5, 48.5):
		any_site.insert("Error Log", method="M", error="E", creation=any_site.hours_ago(age))
	with opened(any_site) as view:
		after = rates(view)
	assert (after.hour - before.hour, after.day - before.day, after.day_before - before.day_before) == (
		2,
		4,
		2,
	)


def test_a_whole_diagnosis_knows_all_tables_after_one_look(any_site: SampleSite) -> None:
	with opened(any_site) as view:
		view.db.learn_whole()
		assert view.has_doctype("User", "enabled")
		assert view.has_doctype("Email Queue", "status")
		assert not view.has_doctype("No Such Thing")


class TestACheck:
	def test_cannot_be_changed(self) -> None:
		with pytest.raises(dataclasses.FrozenInstanceError):
			AllocationSums().most = 3  # type: ignore[misc]

	def test_has_the_thresholds_that_it_is_given(self) -> None:
		check = build(AllocationSums, {(AllocationSums.id, "most"): "7"})
		assert repr(check) == "AllocationSums(window=datetime.timedelta(days=90), most=7)"

	def test_knows_no_others(self) -> None:
		with pytest.raises(TypeError, match="has no threshold"):
			AllocationSums(mots=3)  # type: ignore[call-arg]

	def test_may_be_an_ordinary_dataclass(self) -> None:
		made = dataclasses.dataclass(frozen=True)(
			type("Other", (Check,), {"__annotations__": {"more": "int"}, "more": 4})
		)
		assert made.parameters() == {"more": 4}
		assert made(more=5).more == 5
