"""`incident …` on a real bench: by bench, in break-glass, and from the one to the other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

import pytest

from recovery_console.core.incidents_beside import IncidentsBeside
from tests.bench.benches import BenchSite, break_glass

FORGET = """
for name in frappe.get_all("Incident", {"title": ("like", f"%{args[0]}%")}, pluck="name"):
	for doctype in ("Incident Event", "Recovery Notice", "Incident Review"):
		frappe.db.delete(doctype, {"incident": name})
	frappe.db.delete("Incident Finding", {"parent": name})
	frappe.db.delete("Incident", {"name": name})
frappe.db.commit()
"""


@pytest.fixture
def title(installed: BenchSite) -> Iterator[str]:
	text = f"A test {secrets.token_hex(6)}"
	yield text
	installed.python(FORGET, text)
	beside = IncidentsBeside(installed.bench / "sites" / installed.name)
	for name in beside.names():
		path = beside.folder / f"{name}.jsonl"
		if text in path.read_text():
			path.unlink()
			path.with_suffix(".taken").unlink(missing_ok=True)


def by_bench(site: BenchSite, *command: str) -> str:
	return site.run("recovery", *command).stdout


def test_from_break_glass_into_the_site_and_back(installed: BenchSite, title: str) -> None:
	name = break_glass(installed, "incident", "open", title, "--severity", "S4").stdout.strip()
	assert name.startswith("BG-")
	assert break_glass(installed, "incident", "note", name, f"{title}: seen by night").returncode == 0
	taken = by_bench(installed, "adopt").split()
	(incident,) = [
		found
		for found in taken
		if found.startswith("RC-INC") and title in by_bench(installed, "incident", "show", found)
	]
	assert by_bench(installed, "adopt").split() == []
	inside = json.loads(by_bench(installed, "incident", "show", incident, "--format", "json"))
	outside = json.loads(break_glass(installed, "incident", "show", name, "--format", "json").stdout)
	assert inside == outside
	assert inside["source"] == "Break-Glass"
	assert [line["detail"] for line in inside["timeline"]][-1] == f"{title}: seen by night"


def test_its_life_by_bench(installed: BenchSite, title: str) -> None:
	incident = by_bench(
		installed, "incident", "open", title, "--severity", "S4", "--description", "Seen"
	).strip()
	assert title in break_glass(installed, "incident", "list").stdout
	by_bench(installed, "incident", "note", incident, "Looked at the cable")
	by_bench(installed, "incident", "ack", incident)
	by_bench(installed, "incident", "resolve", incident, "--note", "New cable")
	shown = by_bench(installed, "incident", "show", incident)
	assert shown.splitlines()[0].split() == ["S4", incident, "Resolved"]
	assert "Looked at the cable" in shown
	refused = installed.run("recovery", "incident", "ack", incident, check=False)
	assert refused.returncode == 64
	assert "cannot become Acknowledged" in refused.stderr
	for form in ("markdown", "vendor"):
		assert title in by_bench(installed, "incident", "report", incident, "--format", form), form


def test_all_sites_of_a_bench_in_one_report(installed: BenchSite) -> None:
	everywhere = BenchSite(installed.bench, "all")
	done = everywhere.run("recovery", "diagnose", "--family", "config", "--format", "json", check=False)
	assert done.returncode in (0, 1, 2, 3), done.stderr
	report = json.loads(done.stdout)
	if "sites" not in report:
		pytest.skip("this bench has one site only, and bench names it by itself")
	assert installed.name in {site["site"] for site in report["sites"]}
