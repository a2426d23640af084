"""Everything that the benchmark measures, as plain data for the page."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.benches import BenchSite
from tests.benchmarks import guides, ibans, real_bench
from tests.benchmarks.rows import KEPT_DAYS, LOG_DAYS
from tests.support.sample import SampleSite

ROOT = Path(__file__).parents[2]
Say = Callable[[str], None]
#: The sizes take turns, for a machine is not equally busy all the time; the shortest time counts.
TURNS = 2
#: How the rows of the logs are spread over time: as a site has them that changed nothing, and over so many days each.
AS_KEPT = "as Frappe 15 clears them: " + ", ".join(
	f"{doctype} {days} days" for doctype, days in KEPT_DAYS.items() if "Recipient" not in doctype
)
SPREADS = {
	AS_KEPT: KEPT_DAYS,
	**{f"all logs over {days} days": dict.fromkeys(KEPT_DAYS, days) for days in (30, 60, LOG_DAYS)},
}


def samples(sites: Mapping[int, SampleSite], say: Say, people: int) -> dict[str, Any]:
	"""Measure the diagnosis of each sample site, the questions of the guides, and account numbers."""
	results: dict[str, Any] = {"machine": machine(sites), "people": people, "sizes": {}}
	for turn in range(TURNS):
		for size, site in sites.items():
			say(f"diagnosing {size} rows per table")
			found = results["sizes"].setdefault(str(size), {})
			now = site.bench.now.isoformat()
			whole = look(site.bench.folder, site.name, now, "whole")
			found["whole"] = min(found.get("whole", whole), whole, key=lambda one: one["seconds"])
			if turn == 0:
				found["each"] = look(site.bench.folder, site.name, now, "each")
	size, site = max(sites.items())
	say(f"asking what the guides ask, at {size} rows per table")
	results["guides"] = questions(site, results["sizes"][str(size)]["each"])
	results["ibans"] = [people, *ibans.compare(people)]
	return results


def questions(site: SampleSite, each: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""Ask what the guides ask; our answers took what the checks took by themselves, nothing remembered."""
	asked = guides.ask(lambda text: site.sql(text.replace("%", "%%")), f"{site.now:%Y-%m-%d %H:%M:%S}")
	return [
		{
			"asks": question.asks,
			"guides": seconds,
			"console": sum(each[name]["seconds"] for name in question.checks),
			"checks": list(question.checks),
		}
		for question, seconds in asked.items()
	]


def bench(site: BenchSite, size: int, say: Say) -> dict[str, Any]:
	"""Measure a real site that was filled: Frappe's own report, and our diagnosis."""
	say("Frappe's System Health Report, and ours on the same site")
	found: dict[str, Any] = {"frappe": str(site.bench.name), "size": size, "spreads": []}
	for title, days in SPREADS.items():
		say(f"logs: {title}")
		real_bench.spread(site, size, days)
		found["spreads"].append(compare(site, title))
	return found


def small_kinds(folder: Path) -> list[tuple[str, list[str]]]:
	"""Return the new sites that a bench can make: what each is called, and its apps beside Frappe."""
	others = real_bench.other_apps(folder)
	return [("a new site of Frappe", []), *([("a new site of Frappe and ERPNext", others)] if others else [])]


def small(folder: Path, title: str, apps: Sequence[str], say: Say) -> dict[str, Any]:
	"""Measure a new site: Frappe's own report, our diagnosis, and what a diagnosis adds to bench's start."""
	say(f"the start of bench, {title}")
	with real_bench.new_site(folder, real_bench.SMALL, *apps) as site:
		return {
			"title": title,
			"report": real_bench.health_report(site),
			"start": real_bench.starts(site),
			"whole": look(site.bench, site.name, "", "whole"),
		}


def compare(site: BenchSite, spread: str) -> dict[str, Any]:
	"""Measure Frappe's own report and our diagnosis, one after the other and the first once more."""
	before = real_bench.health_report(site)
	whole = look(site.bench, site.name, "", "whole")
	return {"spread": spread, "report": min(before, real_bench.health_report(site)), "whole": whole}


def look(folder: Path, name: str, now: str, what: str) -> dict[str, Any]:
	"""Measure in a process of its own."""
	command = [sys.executable, "-m", "tests.benchmarks.look", str(folder), name, now, what]
	done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
	if done.returncode:
		raise RuntimeError(done.stderr[-3000:])
	found: dict[str, Any] = json.loads(done.stdout)
	return found


def machine(sites: Mapping[int, SampleSite]) -> str:
	"""Describe this machine and its servers in one line."""
	memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
	server = next(iter(sites.values())).sql("SELECT VERSION() AS version")[0]["version"]
	return (
		f"{os.cpu_count()} processors ({_processor()}), {memory:.0f} GiB of memory, Linux,"
		f" Python {platform.python_version()}, MariaDB {server.split('-')[0]} with 4 GiB for its data"
	)


def _processor() -> str:
	for line in Path("/proc/cpuinfo").read_text().splitlines():
		if line.startswith("model name"):
			return line.partition(":")[2].strip()
	return platform.machine()
