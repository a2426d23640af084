"""Whether a run helped: what its checks said before and say now, and what was planned to go."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from recovery_console.core.check import Check
from recovery_console.core.finding import Finding
from recovery_console.core.run import Run
from recovery_console.core.runner import CheckResult
from recovery_console.core.verification import as_found, judge, look
from recovery_console.core.writable import open_writable
from tests.conftest import look_at
from tests.core.test_run import Told, action, plan
from tests.faults import all_faults
from tests.support.planted_checks import planted
from tests.support.sample import SampleSite


def result(site: SampleSite, *findings: dict[str, Any], breaks: bool = False) -> CheckResult:
	"""Return what a check that finds this says, by the real runner."""

	def run(check: Check, _site: object) -> Any:
		if breaks:
			raise ValueError("no oven")
		for found in findings:
			yield getattr(check, found.get("severity", "warning"))(
				"Loaves: {count}", remedy="Bake.", **{k: v for k, v in found.items() if k != "severity"}
			)

	from recovery_console.core.runner import run_checks

	with open_writable(site.bench.folder, site.name) as opened:
		[found] = run_checks(opened, [planted("bakery.bread", run)()])
	return found


def subjects(*names: str) -> list[tuple[str, str]]:
	return [("X", name) for name in names]


def ran(before: CheckResult, made: dict[int, str] | None = None) -> Run:
	"""Return a run that planned to put the subjects 0, 1 and 2 right."""
	told = Told(action()).planned(0, plan()).made(made or {0: "made", 1: "made", 2: "made"})
	return dataclasses.replace(told.run, before=as_found([before]))


BEFORE = {"subjects": subjects("0", "1", "2", "other")}


@pytest.mark.parametrize(
	("after", "ok", "says"),
	[
		([], True, "The problem is gone."),
		([{"severity": "info", "subjects": subjects("0")}], True, "The problem is gone."),
		([{"subjects": subjects("other")}], True, "some of the problem is left"),
		([{"subjects": subjects("0")}], False, "still there"),
		([{"subjects": subjects("other", "new", "new2", "new3")}], False, "still there"),
		([BEFORE], False, "still there"),
		([{"subjects": subjects("other"), "about": "oven"}], False, "still there"),
	],
)
def test_the_finding_is_gone_or_what_is_left_was_not_planned_to_go(
	site: SampleSite, after: list[dict[str, Any]], ok: bool, says: str
) -> None:
	about = [{key: value for key, value in found.items() if key != "about"} for found in after]
	now = result(site, *about)
	if any("about" in found for found in after):  # another finding of the same check
		changed = tuple(dataclasses.replace(found, fingerprint="bakery.bread:oven") for found in now.findings)
		now = dataclasses.replace(now, findings=changed)
	verdict = judge(ran(result(site, BEFORE)), [now])
	assert (verdict.ok, says in verdict.said) == (ok, True), verdict
	assert bool(verdict.left) is not (says == "The problem is gone.")


def test_could_not_look_is_never_good(site: SampleSite) -> None:
	verdict = judge(ran(result(site, BEFORE)), [result(site, breaks=True)])
	assert not verdict.ok
	assert "could not be looked at" in verdict.said
	assert verdict.left


def test_without_a_check_what_was_made_decides(site: SampleSite) -> None:
	assert judge(ran(result(site)), []).ok
	verdict = judge(ran(result(site), {0: "made", 1: "failed", 2: "moved"}), [])
	assert (verdict.ok, verdict.left) == (False, ("2 of 3 planned changes were not made.",))


def test_what_was_not_made_is_told_also_when_the_problem_is_gone(site: SampleSite) -> None:
	verdict = judge(ran(result(site, BEFORE), {0: "made", 1: "moved", 2: "already"}), [result(site)])
	assert (verdict.ok, verdict.left) == (True, ("1 of 3 planned changes were not made.",))


def test_checks_that_a_site_does_not_have_are_left_out(site: SampleSite) -> None:
	with open_writable(site.bench.folder, site.name) as opened:
		assert [
			found.check.id for found in look(opened, ["bakery.none", "cache.reachable", "cache.reachable"])
		] == ["cache.reachable"]


def test_what_checks_found_can_be_kept(site: SampleSite) -> None:
	fault = all_faults()["email.stuck_in_sending_many"]
	fault.breaks(site)
	found: list[Finding] = [*look_at(site, fault.check).findings]
	with open_writable(site.bench.folder, site.name, clock=lambda: site.bench.now) as opened:
		kept = as_found(look(opened, [fault.check]))
	[finding] = found
	assert kept[fault.check]["findings"][finding.fingerprint]["count"] == finding.count
	site.bench.restore()
