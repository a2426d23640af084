"""Links of many kinds are followed in as many passes as the databases' limits on joins ask for."""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.checks.data._links import MOST_JOINED, Link, counted
from recovery_console.core.checks.data._rows import Place
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite

EVER = timedelta(days=36500)


def test_more_links_than_a_database_joins(any_site: SampleSite) -> None:
	whole = [Link(Place("User", "name"), "User") for _number in range(MOST_JOINED + 20)]
	broken = [Link(Place("User", "name"), "DocType") for _number in range(MOST_JOINED)]
	with open_site(any_site.bench.folder, any_site.name, clock=lambda: any_site.bench.now) as site:
		site.db.learn(["tabUser", "tabDocType"])
		found = counted(site, [*whole, *broken], EVER, 1000, lambda _link, target: target["name"].isnull())
		site.release()
	assert found == [0] * len(whole) + [any_site.count("User")] * len(broken)


def test_nothing_is_followed_from_tables_without_rows(any_site: SampleSite) -> None:
	with open_site(any_site.bench.folder, any_site.name, clock=lambda: any_site.bench.now) as site:
		site.db.learn(["tabAccess Log", "tabUser"])
		empty = Link(Place("Access Log", "user"), "User")
		found = counted(site, [empty, empty], EVER, 1000, lambda _link, target: target["name"].isnull())
		site.release()
	assert found == [0, 0]
