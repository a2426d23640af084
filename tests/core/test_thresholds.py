"""Thresholds: defaults on the check, changed in Recovery Settings, never silently wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.registry import all_checks
from recovery_console.core.report import diagnose
from recovery_console.core.site import Site, open_site
from recovery_console.core.thresholds import build, parse, read_overrides, show
from tests.support.sample import SampleSite


@dataclass(frozen=True)
class Sample(Check):
	"""Is it?

	Cost: nothing.
	"""

	older_than: timedelta = timedelta(hours=2)
	most: int = 5
	share: float = 0.5
	strict: bool = False
	word: str = "x"

	def run(self, site: Site) -> Answer:
		yield self.measure(hours=self.older_than.total_seconds() / 3600, most=self.most)


@pytest.mark.parametrize(
	("parameter", "text", "value"),
	[
		("older_than", "90 s", timedelta(seconds=90)),
		("older_than", " 15 min ", timedelta(minutes=15)),
		("older_than", "1.5 h", timedelta(minutes=90)),
		("older_than", "7 d", timedelta(days=7)),
		("older_than", "0 s", timedelta(0)),
		("most", "7", 7),
		("share", "0.25", 0.25),
		("strict", "1", True),
		("strict", "0", False),
		("word", "any thing", "any thing"),
	],
)
def test_a_text_becomes_a_value_of_the_right_type(parameter: str, text: str, value: Any) -> None:
	found = parse(Sample, parameter, text)
	assert found == value
	assert type(found) is type(value)


@pytest.mark.parametrize(
	("parameter", "text"),
	[
		("older_than", "90"),
		("older_than", "90s"),
		("older_than", "90 minutes"),
		("older_than", "-1 h"),
		("older_than", "x h"),
		("older_than", "nan h"),
		("older_than", "inf d"),
		("older_than", "1e300 d"),
		("older_than", "36501 d"),
		("older_than", ""),
		("most", "1.5"),
		("most", "-1"),
		("most", "many"),
		("share", "nan"),
		("share", "inf"),
		("share", "-0.1"),
		("strict", "yes"),
		("strict", ""),
	],
)
def test_a_text_that_does_not_fit_is_refused_with_an_example(parameter: str, text: str) -> None:
	with pytest.raises(UsageError) as refused:
		parse(Sample, parameter, text)
	assert parameter in refused.value.message
	assert show(Sample.parameters()[parameter]) in refused.value.remedy


def test_a_threshold_that_does_not_exist_is_refused_with_those_that_do() -> None:
	with pytest.raises(UsageError, match="no threshold 'older'") as refused:
		parse(Sample, "older", "1 h")
	assert "older_than, most, share, strict, word" in refused.value.remedy


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda check: check.id)
def test_every_default_reads_back_as_it_is_shown(check: type[Check]) -> None:
	for name, value in check.parameters().items():
		assert parse(check, name, show(value)) == value


def test_build_takes_only_what_is_meant_for_the_check() -> None:
	built = build(
		Sample, {(Sample.id, "most"): "9", ("another.check", "most"): "1", (Sample.id, "gone"): "1"}
	)
	assert built == Sample(most=9)


class TestOfASite:
	def make_table(self, site: SampleSite, *rows: tuple[str, str, str | None]) -> None:
		site.sql("DROP TABLE IF EXISTS `tabRecovery Threshold`")
		site.sql(
			"CREATE TABLE `tabRecovery Threshold` (`name` varchar(140), `check_id` varchar(140),"
			" `parameter` varchar(140), `value` varchar(140))"
		)
		if site.database.dialect == "postgres":  # the harness made it, not the site
			site.sql("GRANT SELECT ON `tabRecovery Threshold` TO PUBLIC")
		for number, row in enumerate(rows):
			site.sql("INSERT INTO `tabRecovery Threshold` VALUES (%s, %s, %s, %s)", [str(number), *row])

	def test_are_read_from_its_settings(self, any_site: SampleSite) -> None:
		self.make_table(any_site, (Sample.id, "older_than", "4 h"), (Sample.id, "most", None))
		with open_site(any_site.bench.folder, any_site.name) as opened:
			assert read_overrides(opened) == {(Sample.id, "older_than"): "4 h", (Sample.id, "most"): ""}

	def test_there_are_none_without_the_console(self, site: SampleSite) -> None:
		site.sql("DROP TABLE IF EXISTS `tabRecovery Threshold`")
		with open_site(site.bench.folder, site.name) as opened:
			assert read_overrides(opened) == {}

	def test_are_in_force_and_a_wrong_one_is_noted_and_the_default_used(self, site: SampleSite) -> None:
		self.make_table(site, (Sample.id, "older_than", "4 h"))
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, [Sample])
			assert report.results[0].measurements["hours"] == 4
			assert report.notes == ()
		self.make_table(site, (Sample.id, "older_than", "soon"))
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, [Sample])
		assert report.results[0].measurements["hours"] == 2
		assert "'soon' is no value for older_than" in report.notes[0]
		assert "The default was used." in report.notes[0]

	def test_that_cannot_be_read_are_noted(self, site: SampleSite) -> None:
		site.set_config(db_name="gone")
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, [Sample])
			assert "could not be read, so the defaults were used" in report.notes[0]
			with pytest.raises(SourceUnavailable):
				read_overrides(opened)
