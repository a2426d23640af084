"""Redis edits on a real server: exact, together, and never on a key that moved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from recovery_console.core.edits import (
	ABSENT,
	CacheDrop,
	Edit,
	HashEdit,
	KeyEdit,
	ListEdit,
	SetEdit,
	SortedSetEdit,
)
from recovery_console.core.making import Interrupted, Made, redis_keys
from tests.conftest import Samples
from tests.core.making._batches import made_and_undone, make, undo
from tests.support.sample import SampleSite


@pytest.fixture
def oven(site: SampleSite) -> Iterator[SampleSite]:
	queue = site.queue
	queue.set("text", b"\x00\xff")
	queue.hset("hash", mapping={"a": b"\xff", "b": "2"})
	queue.rpush("list", "one", "two", "three")
	queue.sadd("set", "m")
	queue.zadd("zset", {"m": 1.5, b"\xff": 2})
	yield site
	site.bench.restore()


def content(site: SampleSite) -> dict[str, Any]:
	queue = site.queue
	return {
		"text": queue.get("text"),
		"hash": queue.hgetall("hash"),
		"list": queue.lrange("list", 0, -1),
		"set": queue.smembers("set"),
		"zset": queue.zrange("zset", 0, -1, withscores=True),
		"new": queue.exists("new"),
	}


def edits(site: SampleSite) -> list[Edit]:
	return [
		KeyEdit("queue", b"text", site.queue.dump("text"), ABSENT),
		KeyEdit("queue", b"zset", site.queue.dump("zset"), ABSENT),
		KeyEdit("queue", b"new", ABSENT, site.queue.dump("hash")),
		HashEdit("queue", b"hash", b"a", b"\xff", b"new"),
		HashEdit("queue", b"hash", b"b", b"2", ABSENT),
		HashEdit("queue", b"new", b"b", ABSENT, b""),
		ListEdit("queue", b"list", b"four", False, True),
		ListEdit("queue", b"list", b"one", True, False, ABSENT),
		ListEdit("queue", b"list", b"two", True, False, b"one"),
		ListEdit("queue", b"list", b"three", True, False),
		SetEdit("queue", b"set", b"m", True, False),
		SetEdit("queue", b"set", b"n", False, True),
		SortedSetEdit("queue", b"zset", b"m", 1.5, ABSENT),
		SortedSetEdit("queue", b"zset", b"\xff", 2, 7.25),
		SortedSetEdit("queue", b"zset", b"n", ABSENT, 0),
	]


@pytest.mark.parametrize("number", range(15))
def test_a_key_is_changed_and_put_back(oven: SampleSite, number: int) -> None:
	before = content(oven)
	made_and_undone(oven, edits(oven)[number])
	assert content(oven) == before


def test_many_edits_of_one_key_are_made_together_and_put_back_in_order(oven: SampleSite) -> None:
	before = content(oven)
	made_and_undone(oven, *[edit for edit in edits(oven) if isinstance(edit, ListEdit)][1:3])
	assert content(oven) == before


@pytest.mark.parametrize(
	"edit",
	[
		KeyEdit("queue", b"text", b"other", ABSENT),
		KeyEdit("queue", b"text", ABSENT, b"other"),
		HashEdit("queue", b"hash", b"a", b"x", b"y"),
		HashEdit("queue", b"hash", b"none", b"x", b"y"),
		SortedSetEdit("queue", b"zset", b"m", 2, ABSENT),
		HashEdit("queue", b"list", b"a", b"x", b"y"),
		ListEdit("queue", b"text", b"x", True, False),
		SetEdit("queue", b"zset", b"m", True, False),
		SortedSetEdit("queue", b"set", b"m", 1, 2),
	],
	ids=lambda edit: f"{edit.kind} {edit.key.decode()}",
)
def test_what_somebody_else_changed_is_left_alone(oven: SampleSite, edit: Edit) -> None:
	"""Also where the key holds something of another kind by now."""
	before = content(oven)
	assert make(oven, SetEdit("queue", b"set", b"first", False, True), edit).made is Made.MOVED
	assert content(oven) == before


def test_a_key_that_moves_while_it_is_compared_is_compared_again(
	oven: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""A worker takes a job between our look and our transaction."""
	real, moves = redis_keys._write, iter([b"two", b"three"])

	def write(pipe: Any, edit: Any, place: str) -> None:
		taken = next(moves, None)
		if taken:
			oven.queue.lrem("list", 1, taken)
		real(pipe, edit, place)

	monkeypatch.setattr(redis_keys, "_write", write)
	assert make(oven, ListEdit("queue", b"list", b"one", True, False, ABSENT)).made is Made.MADE
	assert oven.queue.lrange("list", 0, -1) == []


def test_a_key_that_somebody_takes_at_the_last_moment_is_left_alone(
	oven: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	real = redis_keys._write

	def write(pipe: Any, edit: Any, place: str) -> None:
		oven.queue.hset("hash", "a", "theirs")
		real(pipe, edit, place)

	monkeypatch.setattr(redis_keys, "_write", write)
	assert make(oven, HashEdit("queue", b"hash", b"a", b"\xff", b"ours")).made is Made.MOVED
	assert oven.queue.hget("hash", "a") == b"theirs"


def test_a_key_that_never_stands_still_is_tried_later(
	oven: SampleSite, monkeypatch: pytest.MonkeyPatch
) -> None:
	real = redis_keys._write

	def write(pipe: Any, edit: Any, place: str) -> None:
		oven.queue.hincrby("hash", "counter", 1)
		real(pipe, edit, place)

	monkeypatch.setattr(redis_keys, "_write", write)
	with pytest.raises(Interrupted):
		make(oven, HashEdit("queue", b"hash", b"a", b"\xff", b"ours"))
	assert oven.queue.hget("hash", "a") == b"\xff"


def test_a_key_that_expires_expires_at_its_time_when_it_is_back(oven: SampleSite) -> None:
	at = int(time.time() * 1000) + 100_000
	oven.queue.pexpireat("text", at)
	edit = KeyEdit("queue", b"text", oven.queue.dump("text"), ABSENT, at)
	made_and_undone(oven, edit)
	make(oven, edit)
	undo(oven, edit)
	assert abs(oven.queue.pexpiretime("text") - at) < 2000
	past = KeyEdit("queue", b"text", oven.queue.dump("text"), ABSENT, 1)
	make(oven, past)
	assert undo(oven, past).made is Made.MADE
	time.sleep(0.01)
	assert not oven.queue.exists("text"), "its time is over"


def test_a_key_that_was_there_and_is_brought_back_never_expires(oven: SampleSite) -> None:
	edit = KeyEdit("queue", b"text", oven.queue.dump("text"), ABSENT)
	make(oven, edit)
	undo(oven, edit)
	assert oven.queue.ttl("text") == -1


def test_a_kept_copy_is_dropped_whatever_it_holds(oven: SampleSite) -> None:
	oven.cache.set("copy", "x")
	oven.cache.hset("copies", mapping={"a": "1", "b": "2"})
	drops = [CacheDrop("cache", b"copy"), CacheDrop("cache", b"copies", b"a"), CacheDrop("cache", b"none")]
	assert make(oven, *drops).made is Made.MADE
	assert not oven.cache.exists("copy")
	assert oven.cache.hgetall("copies") == {b"b": b"2"}
	assert make(oven, CacheDrop("cache", b"copies", b"a")).made is Made.ALREADY
	oven.cache.set("copies", "no hash any more")
	assert make(oven, CacheDrop("cache", b"copies", b"b")).made is Made.ALREADY


def test_a_dump_that_is_none_fails_one_batch(oven: SampleSite) -> None:
	outcome = make(oven, KeyEdit("queue", b"new", ABSENT, b"no dump"))
	assert outcome.made is Made.FAILED
	assert not oven.queue.exists("new")


def test_a_server_that_is_gone_is_tried_later(oven: SampleSite, samples: Samples) -> None:
	samples.services["redis-queue"].stop()
	try:
		with pytest.raises(Interrupted, match="cannot be reached"):
			make(oven, SetEdit("queue", b"set", b"m", True, False))
	finally:
		oven.bench.restore()
