"""One tree of incidents instead of a flood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from recovery_console.core.incident import Change, IncidentStatus, Known, Look, follow
from recovery_console.core.storm import STORM_LASTS, UNSEEN_FOR, arrange
from recovery_console.core.timeline import EventKind

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
REDIS = "jobs.redis"
MAIL = "email.server"


def finding(fingerprint: str, severity: str = "critical", caused_by: Sequence[str] = ()) -> Any:
	return {
		"fingerprint": fingerprint,
		"severity": severity,
		"title": f"{fingerprint} is wrong",
		"count": 1,
		"caused_by": list(caused_by),
		"subjects": [],
	}


def report(findings: Iterable[Any], *silent: str) -> Any:
	"""Build a report in which every check of any fingerprint looked, but those that are named."""
	checks: dict[str, Any] = {}
	found = list(findings)
	for check in (*(item["fingerprint"].partition(":")[0] for item in found), *CHECKS):
		own = [item for item in found if item["fingerprint"].partition(":")[0] == check]
		status = "unknown" if check in silent else "critical" if own else "ok"
		checks[check] = {"id": check, "family": check.partition(".")[0], "status": status, "findings": own}
	return {"checks": list(checks.values())}


CHECKS = (REDIS, MAIL, "email.stuck_sending", "jobs.workers", "data.rows", "database.reachable")


@dataclass
class Site:
	"""Incidents that live from look to look, as a site keeps them."""

	storm_from: int = 10
	incidents: dict[str, Known] = field(default_factory=dict)
	told: list[tuple[str, str]] = field(default_factory=list)
	lines: dict[str, list[EventKind]] = field(default_factory=dict)

	def look(self, findings: Iterable[Any], at: datetime = NOW, silent: Sequence[str] = ()) -> list[Change]:
		look = Look.of(report(findings, *silent))
		known = list(self.incidents.values())
		changes = follow(known, look, at, may_open=look.roots)
		arranged = arrange(changes, known, look, at, self.storm_from)
		names = {each.fingerprint: each.name for each in known if each.status.is_open}
		for change in arranged:
			names[change.fingerprint] = self._write(change, names, at)
		return arranged

	def _write(self, change: Change, names: dict[str, str], at: datetime) -> str:
		name = change.incident or f"INC-{len(self.incidents) + 1:04}"
		before = self.incidents.get(name)
		parent = before.parent if before else ""
		if change.parent is not None:
			parent = names[change.parent] if change.parent else ""
		over = change.status is IncidentStatus.RESOLVED
		self.incidents[name] = Known(
			name=name,
			fingerprint=change.fingerprint,
			check=change.fingerprint.partition(":")[0],
			status=change.status,
			severity=change.severity,
			gravity="critical",
			count=1,
			healthy_checks=change.healthy_checks,
			resolved=at if over else None,
			proposed=change.proposed,
			first_seen=before.first_seen if before else at,
			parent=parent,
		)
		self.lines.setdefault(name, []).extend(event.kind for event in change.events)
		heard = {told for _kind, told in self.told}  # good news is told to whoever had the bad news
		if change.tells and (change.tells != "Resolved" or change.fingerprint in heard):
			self.told.append((change.tells, change.fingerprint))
		return name

	def named(self, fingerprint: str) -> Known:
		[only] = [each for each in self.incidents.values() if each.fingerprint == fingerprint]
		return only

	@property
	def top(self) -> list[str]:
		"""Fingerprints of the open incidents that stand by themselves."""
		return sorted(
			each.fingerprint for each in self.incidents.values() if each.status.is_open and not each.parent
		)

	@property
	def open(self) -> list[str]:
		return sorted(each.fingerprint for each in self.incidents.values() if each.status.is_open)


def rows(number: int, severity: str = "warning") -> list[Any]:
	return [finding(f"data.rows:{index:03}", severity) for index in range(number)]


class TestStorm:
	"""Many new incidents at once."""

	def test_five_hundred_findings_while_redis_is_down_and_mail_is_broken_are_one_tree_told_once(
		self,
	) -> None:
		site = Site()
		silent = [finding(f"jobs.workers:{index}", caused_by=[REDIS]) for index in range(100)]
		everything = [finding(REDIS), finding(MAIL), *silent, *rows(398)]
		assert len(everything) == 500
		site.look(everything)
		assert site.top == [REDIS]
		assert site.told == [("Opened", REDIS)]
		leader = site.named(REDIS).name
		children = [each for each in site.incidents.values() if each.parent == leader]
		assert len(site.incidents) == 400  # what Redis explains is listed with it
		assert len(children) == 399

	def test_nothing_of_it_is_lost(self) -> None:
		site = Site()
		silent = [finding(f"jobs.workers:{index}", caused_by=[REDIS]) for index in range(100)]
		changes = site.look([finding(REDIS), finding(MAIL), *silent, *rows(398)])
		kept = set(site.open)
		for change in changes:
			if change.sighting:
				kept |= {item["fingerprint"] for item in change.sighting.explained}
		assert len(kept) == 500

	def test_for_an_hour_of_it_nobody_hears_another_word(self) -> None:
		site = Site()
		everything = [finding(REDIS), finding(MAIL), *rows(398)]
		for minutes in range(0, 61, 4):
			more = rows(398 + minutes)
			site.look([*everything[:2], *more], NOW + timedelta(minutes=minutes))
		assert site.told == [("Opened", REDIS)]
		assert site.top == [REDIS]
		assert len(site.open) == 460

	def test_when_it_is_over_its_end_is_told_once(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(50)])
		site.look([], NOW + HOUR)
		site.look([], NOW + 2 * HOUR)
		assert site.open == []
		assert site.told == [("Opened", REDIS), ("Resolved", REDIS)]

	@pytest.mark.parametrize(("number", "top"), [(9, 9), (10, 1), (11, 1)])
	def test_from_how_many_on_it_is_one(self, number: int, top: int) -> None:
		site = Site()
		site.look(rows(number))
		assert (len(site.top), len(site.told)) == (top, top)

	def test_a_site_may_have_none(self) -> None:
		site = Site(storm_from=0)
		site.look(rows(30))
		assert len(site.top) == 30

	def test_the_gravest_leads_then_what_explains_most_then_what_others_stand_on(self) -> None:
		grave = Site(storm_from=3)
		grave.look([finding(MAIL), *rows(5), finding("database.reachable")])
		assert grave.top == ["database.reachable"]
		explaining = Site(storm_from=3)
		beneath = [finding("email.stuck_sending", caused_by=[MAIL])]
		explaining.look([finding(REDIS), finding(MAIL), *beneath, *rows(3)])
		assert explaining.top == [MAIL]
		basic = Site(storm_from=3)
		basic.look([finding(MAIL), finding(REDIS), *rows(3)])
		assert basic.top == [REDIS]

	def test_the_leader_says_how_many_came_with_it(self) -> None:
		site = Site()
		[leader, *_rest] = site.look([finding(REDIS), *rows(20), finding(MAIL)])
		said = "21 other problems came with it (1 S2, 20 S3) and are beneath this one."
		assert (leader.fingerprint, leader.detail) == (REDIS, said)

	def test_what_opens_within_the_hour_joins_it(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(20)])
		late = [finding(REDIS), *rows(20), finding(MAIL)]
		site.look(late, NOW + STORM_LASTS)
		assert site.named(MAIL).parent == site.named(REDIS).name
		assert site.lines[site.named(MAIL).name][-1] is EventKind.BENEATH

	def test_later_it_stands_by_itself(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(20)])
		site.look([finding(REDIS), *rows(20), finding(MAIL)], NOW + STORM_LASTS + timedelta(seconds=1))
		assert site.top == [MAIL, REDIS]

	def test_what_is_graver_than_the_storm_does_not_drown_in_it(self) -> None:
		site = Site()
		site.look(rows(20))
		site.look([*rows(20), finding("database.reachable")], NOW + timedelta(minutes=5))
		assert "database.reachable" in site.top
		assert site.told[-1] == ("Opened", "database.reachable")

	def test_one_that_comes_back_in_a_storm_goes_beneath_it(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		site.look([], NOW + HOUR)
		site.look([], NOW + 2 * HOUR)
		site.look([finding(MAIL), finding(REDIS), *rows(20)], NOW + 3 * HOUR)
		assert (site.named(MAIL).status, site.top) == (IncidentStatus.REOPENED, [REDIS])


class TestOutlived:
	"""What is above is over, and what is beneath is not."""

	def test_what_a_root_leaves_behind_stands_by_itself_and_is_told(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(12)])
		for hour in (1, 2):
			site.look([finding("data.rows:003", "warning")], NOW + hour * HOUR)
		assert site.top == site.open == ["data.rows:003"]
		assert site.told[-2:] == [("Resolved", REDIS), ("Opened", "data.rows:003")]

	def test_many_of_them_are_a_storm_again(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(40)])
		for hour in (1, 2):
			site.look(rows(40), NOW + hour * HOUR)
		assert len(site.top) == 1
		assert len(site.open) == 40
		assert [kind for kind, _name in site.told] == ["Opened", "Resolved", "Opened"]

	def test_what_recovers_too_stays_where_it_is(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(12)])
		site.look([finding("data.rows:003", "warning")], NOW + HOUR)  # Redis is well for the first time
		site.look([], NOW + 2 * HOUR)
		assert site.open == ["data.rows:003"]
		assert site.top == []
		site.look([], NOW + 3 * HOUR)
		assert site.open == []
		assert site.told == [("Opened", REDIS), ("Resolved", REDIS)]

	def test_what_nobody_can_look_at_stands_by_itself_after_a_while(self) -> None:
		site = Site()
		site.look([finding(REDIS), *rows(12)])
		for hour in (1, 2):
			site.look([], NOW + hour * HOUR, silent=["data.rows"])
		assert (len(site.open), site.top) == (12, [])
		site.look([], NOW + 2 * HOUR + UNSEEN_FOR - timedelta(seconds=1), silent=["data.rows"])
		assert site.top == []
		site.look([], NOW + 2 * HOUR + UNSEEN_FOR, silent=["data.rows"])
		assert len(site.top) == 1  # one leads the others

	def test_a_parent_that_is_known_no_more_is_over(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		name = site.named(MAIL).name
		site.incidents[name] = replace(site.incidents[name], parent="INC-9999")
		site.look([finding(MAIL)], NOW + HOUR)
		assert site.top == [MAIL]

	def test_so_it_is_while_nobody_can_look_at_what_is_beneath(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		name = site.named(MAIL).name
		site.incidents[name] = replace(site.incidents[name], parent="INC-9999")
		site.look([], NOW + HOUR, silent=[MAIL])
		assert site.top == [MAIL]
		assert site.told[-1] == ("Opened", MAIL)

	def test_what_comes_back_above_a_storm_does_not_go_beneath_it(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		for minutes in (1, 2):
			site.look([], NOW + timedelta(minutes=minutes))
		later = NOW + timedelta(minutes=3)
		site.look([finding(REDIS), *rows(20)], later)
		leader = site.named(REDIS).name
		site.incidents[leader] = replace(site.incidents[leader], parent=site.named(MAIL).name)
		site.look([finding(MAIL), *rows(20)], later + timedelta(minutes=1), silent=[REDIS])
		assert site.top == [MAIL]
		assert site.told[-1] == ("Reopened", MAIL)


class TestCauses:
	"""What explains others goes above them when it appears."""

	def test_one_that_was_open_earlier_goes_beneath_what_explains_it(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		site.look([finding(MAIL, caused_by=[REDIS]), finding(REDIS)], NOW + HOUR)
		assert site.top == [REDIS]
		assert site.named(MAIL).parent == site.named(REDIS).name
		assert site.lines[site.named(MAIL).name] == [EventKind.SEEN, EventKind.BENEATH]

	def test_it_is_said_once(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		for hour in (1, 2, 3):
			site.look([finding(MAIL, caused_by=[REDIS]), finding(REDIS)], NOW + hour * HOUR)
		assert site.lines[site.named(MAIL).name].count(EventKind.BENEATH) == 1

	def test_causes_that_change_places_make_no_circle(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		site.look([finding(MAIL, caused_by=[REDIS]), finding(REDIS)], NOW + HOUR)
		site.look([finding(MAIL), finding(REDIS, caused_by=[MAIL])], NOW + 2 * HOUR)
		assert site.top == [MAIL]
		assert site.named(REDIS).parent == site.named(MAIL).name

	def test_a_chain_that_closes_through_a_third_makes_no_circle_either(self) -> None:
		site = Site()
		site.look([finding(MAIL), finding("jobs.workers")])
		site.look([finding(MAIL, caused_by=["jobs.workers"]), finding("jobs.workers")], NOW + HOUR)
		site.look([finding(MAIL), finding("jobs.workers", caused_by=[REDIS]), finding(REDIS)], NOW + 2 * HOUR)
		site.look([finding(MAIL), finding("jobs.workers"), finding(REDIS, caused_by=[MAIL])], NOW + 3 * HOUR)
		assert site.top == [MAIL]
		parents = {each.name: each.parent for each in site.incidents.values()}
		for name in parents:
			passed = set()
			while name:
				assert name not in passed
				passed.add(name)
				name = parents[name]

	def test_a_cause_without_an_incident_takes_nothing_beneath_it(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		look = Look.of(report([finding(MAIL, caused_by=[REDIS]), finding(REDIS)]))
		known = list(site.incidents.values())
		[only] = arrange(follow(known, look, NOW + HOUR, may_open=[]), known, look, NOW + HOUR)
		assert (only.fingerprint, only.parent) == (MAIL, None)

	def test_the_end_of_one_that_was_told_is_told_also_beneath_another(self) -> None:
		site = Site()
		site.look([finding(MAIL)])
		both = [finding(MAIL, caused_by=[REDIS]), finding(REDIS)]
		site.look(both, NOW + HOUR)
		site.look([finding(REDIS)], NOW + 2 * HOUR)
		site.look([finding(REDIS)], NOW + 3 * HOUR)
		assert site.open == [REDIS]
		assert site.told == [("Opened", MAIL), ("Opened", REDIS), ("Resolved", MAIL)]
