"""Which real sites the tests here run on; where there is none they say so."""

from __future__ import annotations

import pytest

from tests.bench.benches import BenchSite, benches, sites


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
	for fixture, found in (("site", sites), ("bench", benches)):
		if fixture in metafunc.fixturenames:
			values = found()
			missing = pytest.param(
				None,
				marks=pytest.mark.skip(
					reason="NO BENCH: link the console into a bench with a site whose name starts with "
					"recovery-console, and name the bench in FRAPPE_BENCH"
				),
			)
			metafunc.parametrize(fixture, values or [missing], ids=str if values else ["no bench"])


@pytest.fixture
def installed(site: BenchSite) -> BenchSite:
	"""A site that has the console."""
	site.install()
	return site
