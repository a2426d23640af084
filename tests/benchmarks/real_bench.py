"""A site of a real bench, made and filled for the comparison with Frappe's own System Health Report, then dropped."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pymysql
from pymysql.cursors import DictCursor

from tests.bench.benches import BENCHMARK, BenchSite, environment
from tests.benchmarks import fill
from tests.benchmarks.fill import Execute

NAME = f"{BENCHMARK}.test"
SMALL = f"{BENCHMARK}-small.test"
#: So often a command is started: a machine is not equally quick all the time, and the shortest time counts.
ROUNDS = 12
#: Loads Frappe's report several times in one process, as in a web worker that is warm; prints the shortest time.
HEALTH_REPORT = """
import time
taken = []
for _round in range(4):
	start = time.perf_counter()
	frappe.get_doc("System Health Report")
	taken.append(time.perf_counter() - start)
	frappe.local.document_cache = {}
print(json.dumps(min(taken[1:])))
"""


@contextmanager
def new_site(bench: Path, name: str, *apps: str, keep: bool = False) -> Iterator[BenchSite]:
	"""Yield a new site with these apps beside Frappe; it is dropped afterwards, unless it is kept.

	One that was kept is used as it is.
	"""
	site = BenchSite(bench, name)
	if not (bench / "sites" / name).is_dir():
		_frappe(bench, "new-site", name, "--admin-password", "bench", "--no-mariadb-socket")
		for app in apps:
			site.run("install-app", app)
	try:
		yield site
	finally:
		if not keep:
			archive = bench / "archived" / "sites"
			_frappe(bench, "drop-site", name, "--no-backup", "--force", "--archived-sites-path", str(archive))
			shutil.rmtree(archive / name, ignore_errors=True)


@contextmanager
def filled_site(bench: Path, size: int, *, keep: bool = False) -> Iterator[BenchSite]:
	"""Yield a site with so many rows in the tables that it has; one that was kept is used as it is."""
	fresh = not (bench / "sites" / NAME).is_dir()
	with new_site(bench, NAME, *other_apps(bench), keep=keep) as site:
		if fresh:
			execute, now = connect(bench)
			fill.fill(execute, now, size, people=0)
		yield site


def other_apps(bench: Path) -> list[str]:
	"""Return what a usual site of a bench has beside Frappe: ERPNext, where it is there."""
	return [app for app in (bench / "sites" / "apps.txt").read_text().split() if app == "erpnext"]


def spread(site: BenchSite, size: int, days: Mapping[str, int]) -> None:
	"""Fill these logs again, over so many days each."""
	execute, now = connect(site.bench)
	fill.spread(execute, now, size, days)


def connect(bench: Path) -> tuple[Execute, datetime]:
	"""Return what runs statements as the site's own user, and the site's present time."""
	config = json.loads((bench / "sites" / NAME / "site_config.json").read_text())
	common = json.loads((bench / "sites" / "common_site_config.json").read_text())
	connection = pymysql.connect(
		host=config.get("db_host") or common.get("db_host") or "127.0.0.1",
		port=int(config.get("db_port") or common.get("db_port") or 3306),
		user=config["db_name"],
		password=config["db_password"],
		database=config["db_name"],
		autocommit=True,
		charset="utf8mb4",
		cursorclass=DictCursor,
	)

	def execute(text: str) -> list[dict[str, Any]]:
		with connection.cursor() as cursor:
			cursor.execute(text)
			return list(cursor.fetchall())

	return execute, datetime.now()


def health_report(site: BenchSite) -> float:
	"""Return how long Frappe's own report takes, warm."""
	return float(site.python(HEALTH_REPORT))


def starts(site: BenchSite) -> tuple[float, float]:
	"""Return how long bench takes for a command that only connects, and how long for a diagnosis, in turn."""
	plain, ours = [], []
	for _round in range(ROUNDS):
		plain.append(_time(lambda: site.run("execute", "frappe.get_installed_apps")))
		ours.append(_time(lambda: site.run("recovery", "diagnose", "--format", "json", check=False)))
	return min(plain), min(ours)


def _time(work: Callable[[], object]) -> float:
	start = time.perf_counter()
	work()
	return time.perf_counter() - start


def _frappe(bench: Path, *command: str) -> None:
	program = [str(bench / "env" / "bin" / "python"), "-m", "frappe.utils.bench_helper", "frappe", *command]
	subprocess.run(program, cwd=bench / "sites", env=environment(), check=True, stdout=subprocess.DEVNULL)
