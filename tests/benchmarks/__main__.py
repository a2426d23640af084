"""Measures, prints and writes docs/performance.md. Takes about half an hour, most of it filling."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tests.bench import benches
from tests.benchmarks import measure, real_bench, sites
from tests.benchmarks.page import page
from tests.benchmarks.rows import PEOPLE

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def main() -> None:
	"""Fill, measure, write."""
	options = _options()
	with (
		as_installed(),
		_folder(options.folder) as folder,
		sites.filled(Path(folder), options.sizes, _say, options.people) as made,
	):
		results = measure.samples(made, _say, options.people)
		_keep(options, results)
	with as_installed():
		_compare(options, results)
	_keep(options, results)
	text = page(results)
	sys.stdout.write(text)
	if not options.dry_run:
		PAGE.write_text(text)


def _keep(options: argparse.Namespace, results: dict[str, Any]) -> None:
	"""Keep what was measured beside what was filled."""
	if options.folder:
		(Path(options.folder) / "results.json").write_text(json.dumps(results))


def _compare(options: argparse.Namespace, results: dict[str, Any]) -> None:
	"""Measure on a real bench, where there is one."""
	found = [] if options.no_bench else [bench for bench in benches.benches() if "16" not in bench.name]
	if found:
		size = max(options.sizes)
		_say(f"filling a site of {found[0]}")
		with real_bench.filled_site(found[0], size, keep=bool(options.folder)) as site:
			results["bench"] = measure.bench(site, size, _say)
		results["bench"]["small"] = [
			measure.small(found[0], title, apps, _say) for title, apps in measure.small_kinds(found[0])
		]


@contextmanager
def as_installed() -> Iterator[None]:
	"""Let Python keep what it compiled, as an installed bench does, but nothing of it in anybody's folders."""
	before = dict(os.environ)
	with tempfile.TemporaryDirectory(prefix="benchmark-python-") as folder:
		os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
		os.environ["PYTHONPYCACHEPREFIX"] = folder
		try:
			yield
		finally:
			os.environ.clear()
			os.environ.update(before)


def _options() -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
	parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
	parser.add_argument("--people", type=int, default=PEOPLE, help="members, users, customers and mandates")
	parser.add_argument("--no-bench", action="store_true", help="leave out the comparison on a real bench")
	parser.add_argument("--folder", help="keep what was filled in this folder, and use what is there already")
	parser.add_argument("--dry-run", action="store_true", help="print the page, and do not write it")
	return parser.parse_args()


def _folder(named: str | None) -> AbstractContextManager[str]:
	return nullcontext(named) if named else tempfile.TemporaryDirectory(prefix="benchmark-")


def _say(text: str) -> None:
	sys.stderr.write(f"{text} …\n")


if __name__ == "__main__":
	main()
