"""Which real sites the tests here run on; where there is none they say so."""

from __future__ import annotations

import pytest

from tests.bench.benches import BenchSite, benches, sites
from tests.bench.benches import found as all_benches


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
	for fixture, found in (("site", sites), ("bench", benches)):
		if fixture in metafunc.fixturenames:
			values = found()
			why = "; ".join(reason for reason in all_benches().values() if reason) or "none was found"
			missing = pytest.param(None, marks=pytest.mark.skip(reason=f"NOT TESTED ON A REAL BENCH: {why}"))
			metafunc.parametrize(fixture, values or [missing], ids=str if values else ["no bench"])


@pytest.fixture
def installed(site: BenchSite) -> BenchSite:
	"""A site that has the console."""
	site.install()
	return site
