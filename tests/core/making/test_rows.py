"""Row edits on real databases: exact, together, and never on what somebody else changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from recovery_console.core.backends import mariadb, postgres, sqlite
from recovery_console.core.backends.sql import table
from recovery_console.core.edits import FileText, RowEdit, read_edit
from recovery_console.core.making import Interrupted, Made, State, state_of
from recovery_console.core.making.rows import same
from recovery_console.core.rows import changed, deleted, inserted, rows_named, single_changed, whole_rows
from tests.core.making._batches import Bell, batch_of, made_and_undone, make, ring, undo, writable
from tests.support.sample import SampleSite

TABLE = "tabOven"
_TYPES = {
	"mariadb": ("varchar(140)", "decimal(21,9)", "datetime(6)", "longblob", "json"),
	"postgres": ("varchar(140)", "decimal(21,9)", "timestamp(6)", "bytea", "json"),
	"sqlite": ("varchar(140)", "decimal(21,9)", "datetime", "blob", "text"),
}
MOMENT = datetime(2026, 3, 29, 2, 30, 0, 120)


@pytest.fixture
def ovens(any_site: SampleSite) -> Iterator[SampleSite]:
	"""A site with a table of columns of every type."""
	site = any_site
	text, number, moment, raw, json = _TYPES[site.database.dialect]
	site.sql(
		f"CREATE TABLE `{TABLE}` (`name` {text} PRIMARY KEY, `title` {text}, `note` text, `count` bigint NOT NULL"
		f" DEFAULT 0, `heat` {number}, `day` date, `moment` {moment}, `raw` {raw}, `said` {json}, `on` int)"
	)
	if site.database.dialect == "postgres":
		site.sql(f"ALTER TABLE `{TABLE}` OWNER TO `{site.db_name}`")
	yield site
	site.bench.restore()


def put(site: SampleSite, name: str, **values: Any) -> None:
	row = {"name": name, "title": "Warm", **values}
	columns = ", ".join(f"`{column}`" for column in row)
	places = ", ".join("%s" for _column in row)
	site.sql(f"INSERT INTO `{TABLE}` ({columns}) VALUES ({places})", list(row.values()))


def title(site: SampleSite, name: str) -> object:
	rows = site.sql(f"SELECT `title` FROM `{TABLE}` WHERE `name` = %s", [name])
	return rows[0]["title"] if rows else None


def turn(name: str, before: str | None = "Warm", after: str | None = "Cold") -> RowEdit:
	return RowEdit(TABLE, {"name": name}, {"title": before}, {"title": after})


def read(site: SampleSite, name: str) -> dict[str, Any]:
	with writable(site) as opened:
		t = table("Oven")
		[row] = whole_rows(opened, opened.db.from_(t).where(t["name"] == name))
		return row


def state(site: SampleSite, edit: RowEdit) -> State:
	with writable(site) as opened:
		return state_of(opened, edit)


def test_a_row_is_changed_deleted_and_inserted_and_put_back(ovens: SampleSite) -> None:
	put(ovens, "A")
	made_and_undone(ovens, turn("A"))
	made_and_undone(ovens, turn("A", after=None))
	made_and_undone(ovens, deleted("Oven", read(ovens, "A")))
	made_and_undone(ovens, inserted("Oven", {"name": "B", "title": "New"}))
	assert (title(ovens, "A"), title(ovens, "B")) == ("Warm", None)


def test_every_type_of_value_comes_back_from_a_deleted_row(ovens: SampleSite) -> None:
	put(
		ovens,
		"A",
		title=None,
		note="ä\u2028'; --`\U0001f35e",
		count=2**53 + 1,
		heat=Decimal("180.5"),
		day=date(2026, 2, 28).isoformat(),
		moment=MOMENT.isoformat(sep=" "),
		raw=bytes(range(1, 256)),
		said='{"a": [1, {"b": null}]}',
		on=1,
	)
	before = read(ovens, "A")
	edit = deleted("Oven", before)
	again = read_edit(edit.as_dict())
	assert isinstance(again, RowEdit)
	made_and_undone(ovens, again)
	found = read(ovens, "A")
	assert bytes(found.pop("raw")) == bytes(before.pop("raw"))
	assert found == before
	assert found["count"] == 2**53 + 1


@pytest.mark.parametrize(
	("stored", "wanted", "equal"),
	[
		(None, None, True),
		(None, "", False),
		("", None, False),
		(0, None, False),
		(0, False, True),
		(1, True, True),
		(2**53, 2**53 + 1, False),
		(0.1, Decimal("0.1"), True),
		(Decimal("0.10"), Decimal("0.1"), True),
		(Decimal("0.1"), Decimal("0.1000000001"), False),
		("a", "A", False),
		("a", "a ", False),
		("1", 1, False),
		("2026-03-29 02:30:00.000120", MOMENT, True),
		("2026-03-29 02:30:00", MOMENT.replace(microsecond=0), True),
		("2026-03-29", date(2026, 3, 29), True),
		("2026-03-29", date(2026, 3, 28), False),
		(memoryview(b"\x01"), b"\x01", True),
		(timedelta(hours=1), timedelta(hours=1), True),
		({"a": [1]}, {"a": (1,)}, True),
		([1, 2], (2, 1), False),
	],
)
def test_values_are_compared_to_the_letter(stored: object, wanted: object, equal: bool) -> None:
	assert same(stored, wanted) is equal


def test_what_somebody_else_changed_is_left_alone(ovens: SampleSite) -> None:
	put(ovens, "A", title="Hot")
	for edit in (turn("A"), deleted("Oven", {"name": "A", "title": "Warm"}), turn("gone")):
		outcome = make(ovens, edit)
		assert outcome.made is Made.MOVED
		assert "somebody else" in outcome.detail
	assert make(ovens, inserted("Oven", {"name": "A", "title": "New"})).made is Made.MOVED
	assert title(ovens, "A") == "Hot"


def test_a_text_that_differs_only_in_case_is_another_one(ovens: SampleSite) -> None:
	"""MariaDB's usual collation takes them for the same."""
	put(ovens, "A", title="WARM")
	assert make(ovens, turn("A")).made is Made.MOVED
	assert make(ovens, turn("A", "WARM", "warm")).made is Made.MADE
	assert title(ovens, "A") == "warm"


def test_a_row_whose_name_differs_only_in_case_is_another_one(ovens: SampleSite) -> None:
	put(ovens, "anna")
	assert make(ovens, turn("Anna")).made is Made.MOVED
	assert make(ovens, turn("anna ")).made is Made.MOVED
	assert title(ovens, "anna") == "Warm"
	assert state(ovens, RowEdit(TABLE, {"name": "Anna"}, {"title": "Warm"}, None)) is State.AFTER


def test_a_key_may_hold_nothing(ovens: SampleSite) -> None:
	put(ovens, "A", title=None)
	made_and_undone(ovens, RowEdit(TABLE, {"name": "A", "title": None}, {"on": None}, {"on": 1}))


def test_nothing_is_half_made_when_the_second_of_two_rows_moved(ovens: SampleSite) -> None:
	put(ovens, "A")
	put(ovens, "B", title="Hot")
	assert make(ovens, turn("A"), turn("B")).made is Made.MOVED
	assert title(ovens, "A") == "Warm"


def test_nothing_is_half_made_when_the_database_refuses_the_second_row(ovens: SampleSite) -> None:
	put(ovens, "A")
	refused = RowEdit(TABLE, {"name": "B"}, None, {"name": "B", "count": None})
	outcome = make(ovens, turn("A"), refused)
	assert outcome.made is Made.FAILED, "a row that the database refuses is no reason to try the run again"
	assert "refuses this row" in outcome.detail
	assert title(ovens, "A") == "Warm"


def test_what_was_made_elsewhere_before_a_failure_is_taken_back(ovens: SampleSite) -> None:
	put(ovens, "A")
	put(ovens, "B")
	(ovens.path / "private" / "folder").mkdir()
	broken = FileText(f"sites/{ovens.name}/private/folder", b"", b"x")
	path = f"sites/{ovens.name}/private/new.txt"
	outcome = make(ovens, turn("A"), FileText(path, b"not there", b"x"))
	assert outcome.made is Made.MOVED
	outcome = make(ovens, turn("A"), FileText(path, broken.after, b"x"), turn("B"))
	assert outcome.made is Made.MOVED
	outcome = make(ovens, turn("A"), ring("broken"))
	assert (outcome.made, title(ovens, "A")) == (Made.FAILED, "Warm")
	assert "still there" not in outcome.detail
	outcome = make(ovens, turn("A"), ring("x"), turn("B"), ring("broken"))
	assert (outcome.made, title(ovens, "A"), title(ovens, "B")) == (Made.FAILED, "Cold", "Cold")
	assert "still there: Oven A, Oven B" in outcome.detail, "what an act stands for is not taken back"


def test_acts_are_not_repeated_after_a_crash(ovens: SampleSite) -> None:
	assert make(ovens, ring("a"), ring("b")).detail == "a rang. b rang."
	assert make(ovens, ring("known"), ring("silent"), again=True).detail == "silent rang."
	unclear = make(ovens, ring("unknown"), again=True)
	assert unclear.made is Made.UNCLEAR
	put(ovens, "A")
	assert make(ovens, turn("A")).made is Made.MADE
	assert make(ovens, turn("A"), again=True).made is Made.MADE, "it was this run's own before the crash"


def test_a_row_that_somebody_holds_is_tried_again_later(
	ovens: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	for backend in (mariadb, postgres, sqlite):
		monkeypatch.setattr(backend, "LOCK_LIMIT", timedelta(seconds=1))
	put(ovens, "A")
	put(ovens, "B")
	with writable(ovens) as other:
		with other.writer.transaction():
			t = table("Oven")
			other.writer.run(other.writer.query.update(t).set(t["on"], 1).where(t["name"] == "B"))
			with pytest.raises(Interrupted, match=r"lock"):
				make(ovens, turn("A"), turn("B"))
		assert title(ovens, "A") == "Warm"
	assert make(ovens, turn("A"), turn("B")).made is Made.MADE


def test_names_that_the_database_does_not_have_never_reach_it(ovens: SampleSite) -> None:
	put(ovens, "A")
	for edit in (
		RowEdit("tabNone", {"name": "A"}, {"title": "Warm"}, {"title": "x"}),
		RowEdit(TABLE, {"name": "A"}, {"title` = 1; --": 1}, {"title` = 1; --": 2}),
		RowEdit(TABLE, {}, {"title": "Warm"}, {"title": "x"}),
	):
		outcome = make(ovens, edit)
		assert outcome.made is Made.FAILED
		assert "does not have all of" in outcome.detail
	put(ovens, "B")
	outcome = make(ovens, RowEdit(TABLE, {"title": "Warm"}, {"on": None}, {"on": 1}))
	assert "names more than one row" in outcome.detail


def test_a_batch_killed_between_two_stores_is_completed(ovens: SampleSite) -> None:
	put(ovens, "A")
	path = f"sites/{ovens.name}/private/new.txt"
	edits = (turn("A"), FileText(path, b"old", b"new"))
	(ovens.bench.folder / path).write_bytes(b"old")
	assert make(ovens, turn("A")).made is Made.MADE
	assert make(ovens, *edits, again=True).made is Made.MADE
	assert (ovens.bench.folder / path).read_bytes() == b"new"
	(ovens.bench.folder / path).write_bytes(b"other")
	outcome = make(ovens, *edits, again=True)
	assert outcome.made is Made.MOVED
	assert "still there: Oven A" in outcome.detail


class TestReading:
	def test_rows_are_read_by_name_in_the_order_given(self, ovens: SampleSite) -> None:
		for number in range(3):
			put(ovens, f"O{number}")
		names = ["O2", "none", "O0", *(f"x{number}" for number in range(1200)), "O1", "O2"]
		with writable(ovens) as opened:
			rows = list(rows_named(opened, "Oven", names, ["title"]))
			assert [row["name"] for row in rows] == ["O2", "O0", "O1"]
			assert changed("Oven", rows[0], title="x").before == {"title": "Warm"}

	def test_a_setting_is_changed_and_made(self, ovens: SampleSite) -> None:
		ovens.set_single("System Settings", enable_scheduler=1, missing=None)
		with writable(ovens) as opened:
			there = single_changed(opened, "System Settings", "enable_scheduler", 0)
			missing = single_changed(opened, "System Settings", "missing", "x")
		made_and_undone(ovens, there, missing)
		assert ovens.single("System Settings", "enable_scheduler") == "1"
		assert ovens.single("System Settings", "missing") is None


def test_undo_refuses_what_changed_since(ovens: SampleSite) -> None:
	put(ovens, "A")
	make(ovens, turn("A"))
	ovens.sql(f"UPDATE `{TABLE}` SET `title` = 'Hot'")
	assert undo(ovens, turn("A")).made is Made.MOVED
	assert title(ovens, "A") == "Hot"
	assert not batch_of(ring("x")).reversible
	assert Bell().risk == "reversible"
