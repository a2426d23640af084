"""Checks are found by being there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recovery_console.core import checks as checks_package
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.finding import Status
from recovery_console.core.registry import FAMILIES, all_checks, checks_in, in_order, select_checks
from recovery_console.core.runner import run_check
from recovery_console.core.site import open_site
from tests.support.planted_checks import planted
from tests.support.sample import SampleSite

CHECK = '''
from recovery_console.core.check import Check
class {name}(Check):
	"""Is it?"""
	title = "Planted"
	on_request = {on_request}
	def run(self, site):
		return iter(())
'''

Plant = Callable[..., None]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
	"""Put files into a family of their own, in place of the real ones."""
	family = tmp_path / "planted"
	family.mkdir()
	(family / "__init__.py").touch()
	monkeypatch.setattr(checks_package, "__path__", [str(tmp_path)])
	all_checks.cache_clear()

	def add(name: str, source: str = CHECK, on_request: bool = False) -> None:
		text = source.replace("{name}", name.title().replace("_", "")).replace(
			"{on_request}", str(on_request)
		)
		(family / f"{name}.py").write_text(text)

	yield add
	all_checks.cache_clear()
	for module in [name for name in sys.modules if ".checks.planted" in name]:
		del sys.modules[module]


class TestShipped:
	def test_every_check_is_named_after_its_file_and_in_the_order_of_families(self) -> None:
		found = all_checks()
		assert len(found) >= 40
		for name, check in found.items():
			assert name == check.id == ".".join(check.__module__.rsplit(".", 2)[1:])
		order = [FAMILIES.index(check.family()) for check in found.values()]
		assert order == sorted(order)

	def test_every_check_asks_states_its_cost_and_has_a_title(self) -> None:
		for check in all_checks().values():
			first = (check.__doc__ or "").strip().splitlines()[0]
			assert first.endswith("?"), check.id
			assert "Cost:" in (check.__doc__ or ""), check.id
			assert check.title, check.id

	def test_every_check_that_explains_another_exists(self) -> None:
		known = all_checks()
		for check in known.values():
			assert set(check.explained_by) <= known.keys(), check.id

	def test_every_family_on_disk_is_listed(self) -> None:
		folder = Path(next(iter(checks_package.__path__)))
		on_disk = {path.parent.name for path in folder.glob("*/__init__.py")}
		assert on_disk <= set(FAMILIES)


class TestFinding:
	def test_a_family_that_is_not_ours_comes_last(self, plant: Plant) -> None:
		plant("first")
		checks = [*all_checks().values(), planted("zoo.a", None), planted("jobs.a", None)]
		assert list(in_order({check.id: check for check in checks})) == ["jobs.a", "planted.first", "zoo.a"]

	def test_a_package_that_is_not_there_has_none(self) -> None:
		assert checks_in("recovery_console.no_such_package") == []

	def test_a_file_is_a_check_unless_it_begins_with_an_underscore(self, plant: Plant) -> None:
		plant("second")
		plant("first")
		plant("_helper", "raise RuntimeError('never imported')")
		assert list(all_checks()) == ["planted.first", "planted.second"]

	@pytest.mark.parametrize("source", ["", CHECK + CHECK.replace("{name}", "Another")])
	def test_a_file_without_exactly_one_check_is_refused(self, plant: Plant, source: str) -> None:
		plant("wrong", source)
		with pytest.raises(ConsoleError, match=r"holds [02] checks") as refused:
			all_checks()
		assert "leading underscore" in refused.value.remedy

	def test_a_check_that_lacks_a_package_says_so_and_the_others_go_on(
		self, plant: Plant, site: SampleSite
	) -> None:
		plant("good")
		plant("lame", "import package_that_nobody_has")
		with open_site(site.bench.folder, site.name) as opened:
			results = {name: run_check(opened.view(), check()) for name, check in all_checks().items()}
		assert results["planted.good"].status is Status.OK
		lame = results["planted.lame"]
		assert lame.status is Status.UNKNOWN
		assert "package_that_nobody_has" in str(lame.reason)
		assert "Install" in lame.remedy


class TestSelecting:
	@pytest.fixture(autouse=True)
	def _planted(self, plant: Plant) -> None:
		plant("usual")
		plant("costly", on_request=True)

	@pytest.mark.parametrize(
		("families", "ids", "expected"),
		[
			((), (), ["planted.usual"]),
			(("planted",), (), ["planted.usual"]),
			((), ("planted.costly",), ["planted.costly"]),
			(("planted",), ("planted.costly",), ["planted.costly", "planted.usual"]),
			((), ("planted.usual", "planted.usual"), ["planted.usual"]),
		],
	)
	def test_what_does_more_than_read_is_left_out_unless_it_is_named(
		self, families: tuple[str, ...], ids: tuple[str, ...], expected: list[str]
	) -> None:
		assert [check.id for check in select_checks(families, ids)] == expected

	@pytest.mark.parametrize(
		("families", "ids", "says"),
		[
			(("plantd",), (), "Did you mean 'planted'?"),
			((), ("planted.usal",), "Did you mean 'planted.usual'?"),
			(("zzz",), (), "`recovery-console list checks` prints them all."),
			((), ("",), "`recovery-console list checks` prints them all."),
		],
	)
	def test_what_does_not_exist_is_refused_with_what_comes_close(
		self, families: tuple[str, ...], ids: tuple[str, ...], says: str
	) -> None:
		with pytest.raises(UsageError) as refused:
			select_checks(families, ids)
		assert says in refused.value.remedy
