"""What is not asked of an empty table is what the database would have said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypika import Case, Table, analytics
from pypika import functions as fn
from pypika.terms import Negative

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.emptiness import of_nothing
from recovery_console.core.backends.sql import Fn, bind, table
from recovery_console.core.registry import select_checks
from recovery_console.core.report import diagnose
from recovery_console.core.site import open_site
from tests.support.sample import SampleSite

EMPTY, FILLED = "Access Log", "User"
Shape = Callable[[Database], Any]

t, user = table(EMPTY), table(FILLED)
#: Queries that need no database to be answered.
KNOWN: dict[str, Shape] = {
	"rows": lambda db: db.from_(EMPTY).select(t["name"], t.owner).where(t.owner == "x").limit(3),
	"no column": lambda db: db.from_(EMPTY).select(bind(1).as_("one")),
	"distinct": lambda db: db.from_(EMPTY).select(t.owner).distinct(),
	"computed": lambda db: db.from_(EMPTY).select(Fn("UPPER", t.owner).as_("who")),
	"count": lambda db: db.from_(EMPTY).select(fn.Count("*")),
	"count of ours": lambda db: db.from_(EMPTY).select(Fn("COUNT", t.owner).as_("n")),
	"totals": lambda db: db.from_(EMPTY).select(
		fn.Count("*").as_("n"),
		fn.Sum(Case().when(t.owner == "x", bind(1)).else_(bind(0))).as_("some"),
		fn.Max(t.creation).as_("newest"),
		Fn("MIN", t.creation).as_("oldest"),
	),
	"groups": lambda db: db.from_(EMPTY).select(t.owner, fn.Count("*").as_("n")).groupby(t.owner),
	"groups with a condition": lambda db: (
		db.from_(EMPTY).select(t.owner).groupby(t.owner).having(fn.Count("*") > 0)
	),
	"joined": lambda db: db.from_(EMPTY).left_join(user).on(user["name"] == t.owner).select(user["name"]),
	"joined inside": lambda db: db.from_(EMPTY).join(user).on(user["name"] == t.owner).select(user["name"]),
}
#: Queries that only the database can answer.
ASKED: dict[str, Shape] = {
	"another table": lambda db: db.from_(FILLED).select(user["name"]).limit(1),
	"the empty one joined": lambda db: (
		db.from_(FILLED).left_join(t).on(user["name"] == t.owner).select(user["name"])
	),
	"joined the other way": lambda db: (
		db.from_(EMPTY).right_join(user).on(user["name"] == t.owner).select(user["name"])
	),
	"a sum made good": lambda db: db.from_(EMPTY).select(Fn("COALESCE", fn.Sum(t.idx), 0).as_("sum")),
	"a condition without groups": lambda db: (
		db.from_(EMPTY).select(fn.Count("*").as_("n")).having(fn.Count("*") > 0)
	),
	"two without names": lambda db: db.from_(EMPTY).select(fn.Count("*"), fn.Max(t.creation)),
	"a sum turned round": lambda db: db.from_(EMPTY).select(Negative(fn.Sum(t.idx)).as_("less")),
	"a function not known here": lambda db: db.from_(EMPTY).select(Fn("BIT_OR", t.idx).as_("bits")),
	"a sum over a window": lambda db: db.from_(EMPTY).select(analytics.Sum(t.idx).over(t.owner).as_("sum")),
	"the second of one": lambda db: db.from_(EMPTY).select(fn.Count("*").as_("n")).limit(1).offset(1),
	"in the order of a sum": lambda db: db.from_(EMPTY).select(bind(1).as_("one")).orderby(fn.Count("*")),
	"groups by what is not known here": lambda db: (
		db.from_(EMPTY).select(t.owner).groupby(Fn("ROLLUP", t.owner))
	),
	"another schema": lambda db: db.query.from_(Table(f"tab{EMPTY}", schema="other")).select(t["name"]),
	"no reading": lambda db: db.from_(EMPTY).delete(),
	"a query within": lambda db: (
		db.from_(EMPTY).select(t["name"]).where(t.owner.isin(db.from_(FILLED).select(user["name"])))
	),
	"a column that is not there": lambda db: db.from_(EMPTY).select(t.invented),
	"a condition on a column that is not there": lambda db: (
		db.from_(EMPTY).select(fn.Count("*")).where(t.invented == 1)
	),
	"a union": lambda db: db.from_(EMPTY).select(t["name"]).union_all(db.from_(FILLED).select(user["name"])),
}


@pytest.fixture
def db(any_site: SampleSite) -> Iterator[Database]:
	with open_site(any_site.bench.folder, any_site.name) as opened:
		opened.db.learn([f"tab{EMPTY}", f"tab{FILLED}"])
		yield opened.db
		opened.release()


@pytest.mark.parametrize("shape", KNOWN)
def test_an_answer_that_is_known_is_the_databases_own(db: Database, shape: str) -> None:
	query = KNOWN[shape](db)
	told = of_nothing(query, {f"tab{EMPTY}"}, db.known)
	assert told is not None
	asked = db.run(query)
	assert [list(row.values()) for row in told] == [list(row.values()) for row in asked]
	if shape != "count":
		assert [list(row) for row in told] == [list(row) for row in asked]


@pytest.mark.parametrize("shape", [*KNOWN, *ASKED])
def test_of_tables_not_known_to_be_empty_the_database_is_asked(db: Database, shape: str) -> None:
	query = (KNOWN | ASKED)[shape](db)
	assert of_nothing(query, {"tabAnother"}, db.known) is None


@pytest.mark.parametrize("shape", ASKED)
def test_where_an_empty_table_does_not_decide_the_database_is_asked(db: Database, shape: str) -> None:
	assert of_nothing(ASKED[shape](db), {f"tab{EMPTY}"}, db.known) is None


def test_it_is_told_exactly_which_tables_hold_rows(db: Database) -> None:
	names = [f"tab{EMPTY}", f"tab{FILLED}"]
	assert db.filled(names) == {f"tab{FILLED}"}
	assert db.filled([]) == set()
	assert db.filled(['tab"odd`']) == {'tab"odd`'}
	db.learn_empty([*names, "tabIs Not There"])
	assert db.empty == {f"tab{EMPTY}"}


def test_it_holds_for_one_diagnosis(any_site: SampleSite) -> None:
	meanwhile: list[set[str]] = []
	with open_site(any_site.bench.folder, any_site.name, clock=lambda: any_site.bench.now) as opened:
		known = opened.shared.empty_tables
		diagnose(opened, select_checks((), ()), on_progress=lambda *_told: meanwhile.append(set(known)))
		opened.release()
	assert f"tab{EMPTY}" in meanwhile[-1]
	assert f"tab{FILLED}" not in meanwhile[-1]
	assert known == set()
