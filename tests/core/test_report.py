"""The report: what a site's status is, how it reads, and its shape as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from recovery_console import __version__
from recovery_console.core.causes import causes_first, link_causes
from recovery_console.core.check import Answer, Check
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Finding, Severity, Status, Subject, worst
from recovery_console.core.registry import select_checks
from recovery_console.core.render_text import report_as_text, summary
from recovery_console.core.report import EXIT_STATUS, Report, diagnose, finding_as_dict
from recovery_console.core.runner import CheckResult
from recovery_console.core.site import Site, open_site
from recovery_console.core.times import UTC
from tests.support.planted_checks import planted
from tests.support.sample import SampleSite

LOUDNESS = [Status.SKIPPED, Status.OK, Status.INFO, Status.WARNING, Status.UNKNOWN, Status.CRITICAL]


def answering(status: str) -> Callable[[Check, Site], Answer]:
	def run(check: Check, _site: Site) -> Iterator[Finding]:
		if status == "unknown":
			raise SourceUnavailable("queue", "Redis is down.", remedy="Start it.")
		if status != "ok":
			yield getattr(check, status)(f"A {status}")

	return run


def found(name: str, severity: Severity = Severity.WARNING, count: int = 1, *caused_by: str) -> Finding:
	return Finding(name, severity, f"Title of {name}", count=count, caused_by=caused_by)


def result_of(name: str, *findings: Finding, explained_by: tuple[str, ...] = ()) -> CheckResult:
	check = planted(name, lambda *_: iter(()), explained_by=explained_by)
	return CheckResult(check, worst(finding.severity.status for finding in findings), findings=findings)


class TestStatus:
	@pytest.mark.parametrize(("quiet", "loud"), list(combinations(LOUDNESS, 2)))
	def test_the_louder_of_two_wins(self, quiet: Status, loud: Status) -> None:
		assert worst([quiet, loud]) is worst([loud, quiet]) is loud

	def test_of_nothing_is_skipped(self) -> None:
		assert worst([]) is Status.SKIPPED

	@pytest.mark.parametrize(
		("statuses", "status", "exit_status"),
		[
			([], "unknown", 3),
			(["ok"], "ok", 0),
			(["ok", "info"], "info", 0),
			(["ok", "warning", "info"], "warning", 1),
			(["warning", "unknown"], "unknown", 3),
			(["unknown", "critical", "warning"], "critical", 2),
		],
	)
	def test_of_a_site_and_its_exit_status(
		self, site: SampleSite, statuses: list[str], status: str, exit_status: int
	) -> None:
		checks = [planted(f"jobs.c{number}", answering(each)) for number, each in enumerate(statuses)]
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, checks)
		assert (report.status.value, report.exit_status) == (status, exit_status)

	def test_every_status_has_an_exit_status_and_prints_as_its_word(self) -> None:
		assert set(EXIT_STATUS) == set(Status)
		assert [f"{status}" for status in LOUDNESS] == [status.value for status in LOUDNESS]
		assert f"{Severity.CRITICAL}" == "critical"

	def test_of_families_in_the_order_in_which_they_are_shown(self, site: SampleSite) -> None:
		checks = [
			planted("sepa.a", answering("ok")),
			planted("email.a", answering("warning")),
			planted("email.b", answering("ok")),
			planted("config.a", answering("unknown")),
		]
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, checks)
		assert list(report.as_dict()["families"].items()) == [
			("config", "unknown"),
			("email", "warning"),
			("sepa", "ok"),
		]


class TestFinding:
	def test_texts_are_filled_with_count_and_evidence_and_gaps_break_nothing(self) -> None:
		finding = Finding("f", Severity.INFO, "{count} of {all}, {missing}", count=2, evidence={"all": 7})
		assert finding_as_dict(finding)["title"] == "2 of 7, {missing}"

	def test_a_check_keeps_twenty_subjects_and_the_exact_count(self) -> None:
		check = planted("t.c", answering("ok"))()
		finding = check.warning("x", subjects=[("User", str(number)) for number in range(30)])
		assert (finding.count, len(finding.subjects)) == (30, 20)
		assert check.warning("x").count == 1
		assert check.warning("x", count=0, subjects=[Subject("a", "b")]).count == 0
		assert check.critical("x", subject="mail").fingerprint == "t.c:mail"

	def test_still_true_looks_for_the_same_fingerprint(self, site: SampleSite) -> None:
		check = planted("t.c", answering("warning"))()
		with open_site(site.bench.folder, site.name) as opened:
			assert check.still_true(opened, found("t.c"))
			assert not check.still_true(opened, found("t.c:other"))


class TestCauses:
	def test_a_finding_is_explained_by_what_its_check_declares(self) -> None:
		results = link_causes(
			[
				result_of(
					"a.effect", found("a.effect:1"), found("a.effect:2"), explained_by=("b.cause", "c.x")
				),
				result_of("b.cause", found("b.cause"), found("b.minor", Severity.INFO)),
			]
		)
		assert [finding.caused_by for finding in results[0].findings] == [("b.cause",), ("b.cause",)]
		assert results[1].findings[0].caused_by == ()

	def test_what_the_check_said_itself_is_kept_first(self) -> None:
		effect = found("a.effect", Severity.WARNING, 1, "own.cause")
		results = link_causes(
			[result_of("a.effect", effect, explained_by=("b.cause",)), result_of("b.cause", found("b.cause"))]
		)
		assert results[0].findings[0].caused_by == ("own.cause", "b.cause")

	def test_a_circle_is_broken_where_it_would_close(self) -> None:
		results = link_causes(
			[
				result_of("a.one", found("a.one"), explained_by=("c.three",)),
				result_of("b.two", found("b.two"), explained_by=("a.one",)),
				result_of("c.three", found("c.three"), explained_by=("b.two", "c.three")),
			]
		)
		assert [result.findings[0].caused_by for result in results] == [("c.three",), ("a.one",), ()]

	def test_causes_are_read_before_their_effects_then_the_gravest_then_the_largest(self) -> None:
		findings = [
			found("worst effect", Severity.CRITICAL, 1, "middle"),
			found("middle", Severity.WARNING, 9, "root"),
			found("minor", Severity.INFO),
			found("root", Severity.WARNING, 1),
			found("large", Severity.WARNING, 50),
			found("small", Severity.WARNING, 2),
			found("grave", Severity.CRITICAL, 1),
			found("of something absent", Severity.WARNING, 3, "not here"),
		]
		assert [finding.fingerprint for finding in causes_first(findings)] == [
			"grave",
			"root",
			"large",
			"of something absent",
			"small",
			"minor",
			"middle",
			"worst effect",
		]

	def test_a_circle_that_checks_made_themselves_does_not_hang(self) -> None:
		findings = [found("a", Severity.INFO, 1, "b"), found("b", Severity.INFO, 1, "a")]
		assert {finding.fingerprint for finding in causes_first(findings)} == {"a", "b"}

	def test_hundreds_of_findings_are_ordered_at_once(self) -> None:
		layers = [[f"{layer}.{number}" for number in range(20)] for layer in range(12)]
		findings = [
			found(name, Severity.WARNING, 1, *(layers[layer - 1] if layer else ()))
			for layer, names in enumerate(layers)
			for name in names
		]
		assert [finding.fingerprint[:2] for finding in causes_first(findings)[:20]] == ["0."] * 20


class TestJson:
	"""The shape that design.md promises, version 1."""

	@pytest.fixture
	def report(self, site: SampleSite) -> dict[str, Any]:
		def run(check: Check, site: Site) -> Answer:
			yield check.measure(stuck=12, oldest_hours=31.5)
			yield check.critical(
				"{count} emails are stuck",
				cause="The worker of {host} ended.",
				remedy="Restart it.",
				subjects=[("Email Queue", "EQ1")],
				count=12,
				runbooks=("release-stuck-emails",),
				oldest=datetime(2026, 11, 20, 18, 30, tzinfo=UTC),
				host="mail1",
				password="hunter2",
				account="NL91ABNA0417164300",
			)

		checks = [
			planted("email.stuck", run, title="Emails stuck", explained_by=("jobs.redis",)),
			planted("jobs.redis", answering("warning")),
			planted("jobs.down", answering("unknown")),
			planted("jobs.app", answering("ok"), needs_app="nowhere"),
		]
		now = site.bench.now.replace(microsecond=0)
		with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
			text = diagnose(opened, checks).to_json()
		parsed: dict[str, Any] = json.loads(text)
		assert parsed.pop("started") == now.isoformat()
		return parsed

	def test_of_the_whole(self, report: dict[str, Any], site: SampleSite) -> None:
		assert list(report) == [
			*(
				"version",
				"site",
				"frappe",
				"console",
				"host",
				"duration_ms",
				"status",
				"families",
				"notes",
				"changes",
				"checks",
			)
		]
		assert (report["version"], report["site"], report["console"]) == (1, site.name, __version__)
		assert report["frappe"].startswith("16.")
		assert isinstance(report["duration_ms"], int)
		assert report["status"] == "critical"
		assert report["notes"] == []

	def test_of_a_check(self, report: dict[str, Any]) -> None:
		check = report["checks"][0]
		check.pop("findings")
		assert check.pop("duration_ms") >= 0
		assert check == {
			"id": "email.stuck",
			"family": "email",
			"title": "Emails stuck",
			"status": "critical",
			"reason": None,
			"remedy": "",
			"measurements": {"stuck": 12, "oldest_hours": 31.5},
		}
		unknown, skipped = report["checks"][2:]
		assert (unknown["status"], unknown["reason"], unknown["remedy"]) == (
			"unknown",
			"Redis is down.",
			"Start it.",
		)
		assert skipped["status"] == "skipped"
		assert "nowhere" in skipped["reason"]

	def test_of_a_finding_without_secrets(self, report: dict[str, Any]) -> None:
		assert report["checks"][0]["findings"] == [
			{
				"fingerprint": "email.stuck",
				"severity": "critical",
				"title": "12 emails are stuck",
				"cause": "The worker of mail1 ended.",
				"remedy": "Restart it.",
				"count": 12,
				"subjects": [{"doctype": "Email Queue", "name": "EQ1"}],
				"evidence": {
					"oldest": "2026-11-20T18:30:00+00:00",
					"host": "mail1",
					"password": "[redacted]",
					"account": "NL…4300",
				},
				"runbooks": ["release-stuck-emails"],
				"caused_by": ["jobs.redis"],
			}
		]


class TestDiagnosing:
	def test_durations_do_not_follow_a_clock_that_jumps(self, site: SampleSite) -> None:
		times = iter([site.bench.now, *[site.bench.now - timedelta(days=1)] * 10_000])
		with open_site(site.bench.folder, site.name, clock=lambda: next(times)) as opened:
			report = diagnose(opened, [planted("t.c", answering("ok"))])
		assert timedelta(0) <= report.duration < timedelta(seconds=10)
		assert report.started == site.bench.now

	def test_a_healthy_site_has_no_warning(self, any_site: SampleSite) -> None:
		now = any_site.bench.now
		with open_site(any_site.bench.folder, any_site.name, clock=lambda: now) as opened:
			report = diagnose(opened, select_checks(("config", "database", "cache")))
		assert {result.check.id for result in report.results if result.status is Status.UNKNOWN} == set()
		assert [
			finding.fingerprint for finding in report.findings if finding.severity is not Severity.INFO
		] == []


class TestAsText:
	def text(self, site: SampleSite, *checks: type[Check], colour: bool = False) -> str:
		with open_site(site.bench.folder, site.name) as opened:
			report = diagnose(opened, checks)
		return report_as_text(report.as_dict(), [finding_as_dict(f) for f in report.findings], colour=colour)

	def test_says_what_why_what_to_do_and_what_could_not_be_looked_at(self, site: SampleSite) -> None:
		def run(check: Check, _site: Site) -> Answer:
			yield check.critical(
				"Mails are stuck",
				cause="A worker ended.",
				remedy="Start it.",
				subjects=[("Email Queue", str(number)) for number in range(7)],
			)

		text = self.text(
			site,
			planted("email.stuck", run, explained_by=("jobs.redis",)),
			planted("jobs.redis", answering("warning")),
			planted("jobs.one", answering("unknown")),
			planted("jobs.two", answering("unknown")),
		)
		lines = [line.strip() for line in text.splitlines()]
		assert lines[0].startswith(
			f"CRITICAL  {site.name}  2 problems found, 2 checks could not look; 0 checks"
		)
		assert text.index("A warning") < text.index("Mails are stuck")
		for part in (
			"Caused by: A warning",
			"Why: A worker ended.",
			"Do: Start it.",
			"Which: Email Queue 0, Email Queue 1, Email Queue 2, Email Queue 3, Email Queue 4 and 2 more",
			"[email.stuck]",
			"Redis is down. Start it.",
			"jobs.one, jobs.two",
		):
			assert part in " ".join(lines)
		assert "Nothing was changed." in lines[-1]

	def test_says_when_all_is_well_and_notes_what_was_odd(self, site: SampleSite) -> None:
		text = self.text(site, planted("jobs.c", answering("ok")))
		assert "All is well: 1 checks looked" in text
		site.set_config(db_name="gone")
		assert "Note: The site's own thresholds could not be read" in self.text(
			site, planted("jobs.c", answering("ok"))
		)

	def test_colours_only_where_asked_for(self, site: SampleSite) -> None:
		assert "\033[" not in self.text(site, planted("jobs.c", answering("critical")))
		assert "\033[31;1mCRITICAL" in self.text(site, planted("jobs.c", answering("critical")), colour=True)

	def test_one_is_not_called_many(self) -> None:
		report = Report(
			"s", "", datetime(2026, 1, 1, tzinfo=UTC), timedelta(0), (result_of("t.c", found("t.c")),)
		)
		assert summary(report.as_dict()) == "1 problem found; 0 checks are well."


def test_as_json_a_report_has_a_check_per_line(site: SampleSite) -> None:
	with open_site(site.bench.folder, site.name) as opened:
		report = diagnose(opened, select_checks(families=["email"]))
	text = report.to_json()
	assert json.loads(text) == report.as_dict()
	lines = [line for line in text.splitlines() if line.startswith('  {"id": ')]
	assert len(lines) == len(report.results) > 10
