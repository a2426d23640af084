"""The report over several sites: what they share, whose problems are whose, and how bad it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recovery_console.core.fleet import GROUNDS, Diagnosed, Fleet
from recovery_console.core.registry import FAMILIES, all_checks
from recovery_console.core.render_fleet import fleet_as_html, fleet_as_text
from recovery_console.core.times import moment

NOW = moment("2026-11-22T10:00:00+00:00", None)  # type: ignore[arg-type]


def finding(check: str, severity: str = "critical", title: str = "", **more: Any) -> dict[str, Any]:
	return {
		"fingerprint": check,
		"severity": severity,
		"title": title or f"Something about {check}",
		"cause": "A cause.",
		"remedy": "Do `this`.",
		"count": 1,
		"subjects": [],
		"evidence": {},
		"runbooks": [],
		"caused_by": [],
		**more,
	}


def site(name: str, *findings: dict[str, Any], status: str = "", **servers: str) -> Diagnosed:
	checks = [
		{"id": found["fingerprint"].partition(":")[0], "status": found["severity"], "findings": [found]}
		for found in findings
	]
	order = ["critical", "warning", "info"]
	worst = next((item for item in order if any(f["severity"] == item for f in findings)), "ok")
	return Diagnosed(name, {"status": status or worst, "checks": checks}, servers=servers)


def fleet(*sites: Diagnosed) -> Fleet:
	assert NOW is not None
	return Fleet("/home/frappe/bench", NOW, timedelta(seconds=2), sites)


REDIS = finding("jobs.redis", title="Redis at 127.0.0.1:11000 refuses the connection.")


def test_redis_is_named_once_with_the_sites_that_it_hits() -> None:
	known = fleet(
		site("a", REDIS, finding("email.stuck_sending"), queue="127.0.0.1:11000"),
		site("b", REDIS, queue="127.0.0.1:11000"),
		site("c", queue="127.0.0.1:12000"),
	)
	(cause,) = known.shared
	assert (cause.ground, cause.sites) == ("Redis for the queue", ("a", "b"))
	own, explained = known.own(known.sites[0])
	assert [item["fingerprint"] for item in own] == ["email.stuck_sending"]
	assert explained == 1
	text = fleet_as_text(known, colour=False)
	assert text.count(REDIS["title"]) == 1
	assert "Hits 2 of 3 sites: a, b" in text


def test_two_redis_servers_are_two_causes_and_none_is_shared() -> None:
	known = fleet(site("a", REDIS, queue="one:1"), site("b", REDIS, queue="two:2"))
	assert known.shared == []
	assert len(known.own(known.sites[0])[0]) == 1


def test_a_server_that_is_down_is_shared_and_a_wrong_password_is_not() -> None:
	down = finding("database.reachable", title="The server at 10.0.0.1 refuses the connection.")
	denied = finding("database.reachable", title="The server denies access to _abc.")
	server = "mariadb 10.0.0.1:3306"
	known = fleet(
		site("a", down, database=server), site("b", down, database=server), site("c", denied, database=server)
	)
	assert [cause.sites for cause in known.shared] == [("a", "b")]
	assert [item["title"] for item in known.own(known.sites[2])[0]] == [denied["title"]]


def test_the_same_trouble_of_sites_by_themselves_is_no_shared_cause() -> None:
	known = fleet(site("a", finding("scheduler.enabled")), site("b", finding("scheduler.enabled")))
	assert known.shared == []


def test_the_worst_hit_site_tells_how_bad_a_shared_cause_is() -> None:
	known = fleet(site("a", finding("host.disk", "warning")), site("b", finding("host.disk", "critical")))
	assert known.shared[0].finding["severity"] == "critical"


def test_what_a_shared_cause_explains_is_counted_and_not_told_again() -> None:
	stuck = finding("email.stuck_sending", caused_by=["jobs.redis"])
	known = fleet(site("a", REDIS, stuck), site("b", REDIS))
	assert known.own(known.sites[0]) == ([], 2)


def test_a_site_that_could_not_be_diagnosed_is_unknown_and_says_why() -> None:
	known = fleet(site("a"), Diagnosed("b", None, "It was given up after 50 s. password=hunter2"))
	assert (known.status.value, known.exit_status) == ("unknown", 3)
	text = fleet_as_text(known, colour=False)
	assert "It could not be diagnosed: It was given up after 50 s." in text
	assert "hunter2" not in text + fleet_as_html(known) + str(known.as_dict())
	assert known.as_dict()["sites"][1]["report"] is None


def test_the_exit_status_is_that_of_the_worst_site() -> None:
	assert fleet(site("a"), site("b")).exit_status == 0
	assert fleet(site("a"), site("b", finding("x.y", "warning"))).exit_status == 1
	assert fleet(site("a", finding("x.y")), Diagnosed("b", None, "gone")).exit_status == 2
	assert fleet().exit_status == 3


def test_the_page_shows_it_all_and_runs_nothing_that_stood_in_a_title() -> None:
	page = fleet_as_html(fleet(site("a", finding("x.y", title="<script>1</script> of bob@example.org"))))
	assert "<script>" not in page
	assert "&lt;script&gt;" in page
	assert "bob@" not in page
	assert "<code>this</code>" in page


def test_many_problems_of_a_site_are_counted() -> None:
	many = [finding(f"x.y:{number}", "warning") for number in range(9)]
	assert "and 4 more: recovery-console --site a diagnose" in fleet_as_text(
		fleet(site("a", *many)), colour=False
	)


def test_every_ground_names_checks_that_there_are() -> None:
	known = {*all_checks(), *FAMILIES}
	assert [check for _name, _server, checks in GROUNDS for check in checks if check not in known] == []
