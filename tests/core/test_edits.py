"""Edits are data: a journal holds them without loss, and turning one round twice gives it back."""

from __future__ import annotations

import json
import zlib
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from recovery_console.core.edits import (
	ABSENT,
	Act,
	CacheDrop,
	ConfigEdit,
	DocumentEdit,
	Edit,
	FileMode,
	FileMove,
	FileRemoval,
	FileText,
	HashEdit,
	KeyEdit,
	ListEdit,
	RowEdit,
	SetEdit,
	SortedSetEdit,
	base,
	read_edit,
)
from recovery_console.core.edits.values import pack, unpack
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject
from recovery_console.core.plan import Batch, LeftOut, Plan, read_plan
from recovery_console.core.render_run import _plan
from recovery_console.core.times import UTC

VALUES: list[Any] = [
	None,
	True,
	False,
	0,
	-(2**63),
	0.1,
	1e300,
	"",
	"ä\u2028\x00\ud800<b>",
	Decimal("10.10"),
	Decimal("-0.000000001"),
	datetime(2026, 3, 29, 2, 30, 0, 1),
	datetime(2026, 3, 29, tzinfo=timezone(timedelta(hours=2))),
	date(1970, 1, 1),
	time(23, 59, 59, 999999),
	timedelta(days=-1, microseconds=1),
	b"",
	bytes(range(256)),
	ABSENT,
	(),
	("a", 1, None),
	{},
	{"a": {"$": "map", "v": (Decimal(1), b"x")}},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: object) -> None:
	found = unpack(json.loads(json.dumps(pack(value))))
	assert found == value
	assert type(found) is type(value)


def test_lists_come_back_as_tuples_and_buffers_as_bytes() -> None:
	assert unpack(pack([1, [2]])) == (1, (2,))
	assert unpack(pack(memoryview(b"ab"))) == unpack(pack(bytearray(b"ab"))) == b"ab"


def test_what_cannot_be_kept_is_refused() -> None:
	with pytest.raises(TypeError, match="set cannot be written down"):
		pack({1, 2})


ROW = {"name": "EQ1", "status": "Sending", "modified": datetime(2026, 1, 1), "rate": Decimal("1.20")}
EDITS: list[Edit] = [
	RowEdit("tabEmail Queue", {"name": "EQ1"}, {"status": "Sending"}, {"status": "Not Sent"}),
	RowEdit("tabEmail Queue", {"name": "EQ1"}, ROW, None),
	RowEdit("tabEmail Queue", {"name": "EQ1"}, None, ROW),
	ConfigEdit("site", "pause_scheduler", 1, ABSENT, "maintenance_mode"),
	ConfigEdit("common", "x", ABSENT, {"a": (1, None)}, ABSENT),
	DocumentEdit("User", "a@example.org", "save", {"enabled": 0}, {"enabled": 1}),
	DocumentEdit("User", "a@example.org", "insert", None, {"roles": ({"role": "X"},)}),
	DocumentEdit("User", "a@example.org", "delete", {"enabled": 0}, None),
	FileText("sites/x", b"\xff\x00", ABSENT, 0o640),
	FileText("sites/x", ABSENT, b""),
	FileMove("sites/x", "sites/y/z"),
	FileMode("sites/x", 0o644, 0o600),
	KeyEdit("queue", b"rq:\xff", b"\x00dump", ABSENT, 1_700_000_000_000),
	HashEdit("queue", b"k", b"f", b"1", ABSENT),
	ListEdit("queue", b"k", b"e", True, False, b"before"),
	ListEdit("queue", b"k", b"e", False, True, ABSENT),
	SetEdit("cache", b"k", b"m", True, False),
	SortedSetEdit("queue", b"k", b"m", 1.5, ABSENT),
	CacheDrop("cache", b"k", b"f"),
]
LASTING: list[Edit] = [
	DocumentEdit("Bank Transaction", "BT1", "submit"),
	FileRemoval("logs/x.log", 5, 1),
	Act("Send", "Email Queue", "EQ1", {"to": ("a", "b"), "at": datetime(2026, 1, 1, tzinfo=UTC)}),
]


def test_every_kind_of_edit_is_looked_at() -> None:
	assert {type(edit) for edit in [*EDITS, *LASTING]} == {
		kind for kind in base._kinds.values() if not kind.kind.startswith("_")
	}


@pytest.mark.parametrize("edit", [*EDITS, *LASTING], ids=lambda edit: edit.kind)
def test_an_edit_comes_back_from_a_journal_as_it_was(edit: Edit) -> None:
	assert read_edit(json.loads(json.dumps(edit.as_dict()))) == edit
	assert edit.subject.doctype
	assert edit.shown()
	assert edit.target


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.kind)
def test_an_edit_that_is_turned_round_twice_is_itself(edit: Edit) -> None:
	assert edit.reversible
	assert edit.reversed().reversed() == edit
	assert edit.reversed() != edit or isinstance(edit, CacheDrop)


@pytest.mark.parametrize("edit", LASTING, ids=lambda edit: edit.kind)
def test_what_cannot_be_taken_back_says_so(edit: Edit) -> None:
	assert not edit.reversible
	assert not Batch(Subject("X", "1"), (EDITS[0], edit)).reversible


def test_an_edit_of_a_newer_console_is_refused() -> None:
	with pytest.raises(UsageError, match="does not know"):
		read_edit({"kind": "Teleport"})


def plan(*edits: Edit, **values: Any) -> Plan:
	return Plan(
		action="bakery.bake",
		parameters={"names": ("a",), "older_than": "30 min"},
		planned=datetime(2026, 1, 1, tzinfo=UTC),
		batches=tuple(Batch(Subject("Row", str(number)), (edit,)) for number, edit in enumerate(edits)),
		**{
			"title": "Bake {count}",
			"left_out": (LeftOut(Subject("X", "1"), "It is hot."),),
			"evidence": {"sum": Decimal("1.5")},
			**values,
		},
	)


def test_a_plan_comes_back_as_it_was_and_its_digest_tells_any_change() -> None:
	made = plan(*EDITS, *LASTING)
	again = read_plan(json.loads(json.dumps(made.as_dict())))
	assert again == made
	assert again.digest == made.digest
	others = [plan(*EDITS), plan(*LASTING, *EDITS), plan(*[edit.reversed() for edit in EDITS])]
	assert len({made.digest, *(other.digest for other in others)}) == 4


def test_a_batch_is_turned_round_from_its_end() -> None:
	batch = Batch(Subject("X", "1"), (EDITS[0], EDITS[3]))
	assert batch.reversed().edits == (EDITS[3].reversed(), EDITS[0].reversed())


def test_braces_in_the_sites_names_do_not_break_a_title() -> None:
	assert plan(EDITS[0], title="Rename {x} {count}").says() == "Rename {x} 1"
	assert plan(EDITS[0], title="{0!z} {").says() == "{0!z} {"


@pytest.mark.parametrize(
	"edit",
	[
		ConfigEdit("site", "db_password", "hunter2", "hunter2"),
		ConfigEdit("site", "encryption_key", ABSENT, "hunter2"),
		ConfigEdit("common", "mail_password", "hunter2", 1),
		RowEdit("__Auth", {"name": "a"}, {"password": "hunter2"}, {"password": "hunter2"}),
		RowEdit("__Auth", {"name": "a"}, {"password": "hunter2"}, None),
		RowEdit("tabUser", {"name": "a"}, {"api_key": "hunter2"}, {"api_key": "hunter2"}),
		RowEdit("tabUser", {"name": "a"}, {"reset_password_key": "hunter2"}, {"reset_password_key": ""}),
		RowEdit("tabSessions", {"sid": "hunter2"}, {"sid": "hunter2", "user": "a"}, None),
		HashEdit("cache", b"db|session", b"hunter2", b"hunter2", ABSENT),
		HashEdit("cache", b"db|last_db_session_update", b"hunter2", b"2026", ABSENT),
		RowEdit(
			"tabSingles", {"doctype": "X", "field": "client_secret"}, {"value": "hunter2"}, {"value": "b"}
		),
		RowEdit(
			"tabDefaultValue", {"name": "1", "defkey": "api_token"}, {"defvalue": "hunter2"}, {"defvalue": ""}
		),
	],
	ids=lambda edit: edit.subject.doctype,
)
def test_secrets_are_never_shown(edit: Edit) -> None:
	assert "hunter2" not in json.dumps(_plan(plan(edit)), default=str)
	assert "hunter2" not in repr(plan(edit)), "tracebacks with variables end up in logs"
	assert edit in read_plan(plan(edit).as_dict()).batches[0].edits, "the journal needs it to take it back"


def test_what_rq_has_compressed_is_shown_as_text() -> None:
	text = "Work-horse terminated unexpectedly"
	[(_field, before, after)] = HashEdit(
		"queue", b"j", b"exc_info", ABSENT, zlib.compress(text.encode())
	).shown()
	assert (before, after) == ("not there", text)
	long = zlib.compress(b"x" * 1_000_000)
	assert len(HashEdit("queue", b"j", b"exc_info", long, b"x").shown()[0][1]) < 10_000
	assert (
		HashEdit("queue", b"j", b"f", b"x\x9cnot compressed", ABSENT).shown()[0][1].endswith("not compressed")
	)


def test_a_setting_is_shown_by_its_name() -> None:
	edit = RowEdit(
		"tabSingles", {"doctype": "X", "field": "enable_scheduler"}, {"value": "0"}, {"value": "1"}
	)
	assert edit.shown() == [("enable_scheduler", "0", "1")]
