"""The benchmark still fills, measures and writes: at sizes at which nothing is slow. It times nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import measure, sites
from tests.benchmarks.page import page
from tests.support.services import missing


def test_the_benchmark_fills_measures_and_writes(tmp_path: Path) -> None:
	if missing("mariadbd", "mariadb-install-db", "redis-server"):
		pytest.skip("NOT TESTED: the benchmark needs MariaDB and Redis")
	with sites.filled(tmp_path, [1000], lambda text: None, people=200) as made:
		site = made[1000]
		assert site.count("Error Log") >= 1000
		assert site.count("SEPA Mandate") >= 200
		found = measure.samples(made, lambda text: None, 200)
	whole = found["sizes"]["1000"]["whole"]
	broken = {
		name: reason for name, (status, reason) in whole["statuses"].items() if "itself failed" in reason
	}
	assert broken == {}
	assert len(found["guides"]) == 5
	assert "| Rows per table |" in page(found)
