"""Servers and sites that the tests of the sample builder share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sample import SampleBench, SampleSite, SqliteTarget
from tests.support.services import Redis, missing


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
	return tmp_path_factory.mktemp("support")


@pytest.fixture(scope="session")
def redis_pair(folder: Path) -> Iterator[tuple[Redis, Redis]]:
	if lacking := missing("redis-server"):
		pytest.skip(f"NOT TESTED: server programs are missing: {lacking}")
	with Redis(folder / "cache") as cache, Redis(folder / "queue") as queue:
		yield cache, queue


@pytest.fixture(scope="session")
def sqlite_site(folder: Path, redis_pair: tuple[Redis, Redis]) -> SampleSite:
	cache, queue = redis_pair
	bench = SampleBench.create(folder / "sqlite-bench", redis_cache=cache, redis_queue=queue)
	return bench.add_site("erp.example.org", database=SqliteTarget(), frappe=16)
