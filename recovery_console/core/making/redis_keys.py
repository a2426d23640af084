"""Making edits of Redis keys: compared and written in one transaction that fails when a key moves meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from redis.exceptions import ResponseError, WatchError

from recovery_console.core.edits import (
	ABSENT,
	Absent,
	CacheDrop,
	Edit,
	HashEdit,
	KeyEdit,
	ListEdit,
	SetEdit,
	SortedSetEdit,
	Target,
)
from recovery_console.core.making.state import Moved, State, compare
from recovery_console.core.writable import WritableSite

_RedisEdit = CacheDrop | KeyEdit | HashEdit | ListEdit | SetEdit | SortedSetEdit
#: Workers move keys all the time; a transaction that was overtaken is begun again so often.
_TRIES = 20


def state(site: WritableSite, edit: Edit) -> State:
	"""Compare a key with what an edit expects."""
	edit = _of(edit)
	with _source(site, edit).client() as client:
		return _state(client, edit)


def make(site: WritableSite, edits: Sequence[Edit]) -> None:
	"""Make the edits of one server together or not at all.

	Raises:
		Moved: A key is not what it was when this was planned.
		SourceUnavailable: The server refused, or its keys never stood still.
	"""
	wanted = [_of(edit) for edit in edits]
	with _source(site, wanted[0]).client() as client, client.pipeline(transaction=True) as pipe:
		for attempt in range(_TRIES):
			try:
				pipe.watch(*{edit.key for edit in wanted})
				_queue(pipe, wanted)
				pipe.execute()
			except WatchError:
				if attempt == _TRIES - 1:
					raise
			else:
				return


def _queue(pipe: Any, edits: Sequence[_RedisEdit]) -> None:
	"""Compare while the keys are watched, then queue what is to be written."""
	states = [_state(pipe, edit) for edit in edits]
	places = [_place(pipe, edit) for edit in edits]
	for edit, found in zip(edits, states, strict=True):
		if found is State.MOVED:
			raise Moved(edit)
	pipe.multi()
	for edit, found, place in zip(edits, states, places, strict=True):
		if found is State.BEFORE:
			_write(pipe, edit, place)


def _source(site: WritableSite, edit: _RedisEdit) -> Any:
	return site.cache if edit.target is Target.CACHE else site.queue.redis


def _of(edit: Edit) -> _RedisEdit:
	if isinstance(edit, (CacheDrop, KeyEdit, HashEdit, ListEdit, SetEdit, SortedSetEdit)):
		return edit
	raise TypeError(f"{edit.kind} is no change of a Redis key.")


def _state(client: Any, edit: _RedisEdit) -> State:
	try:
		return _found(client, edit)
	except ResponseError as error:
		if "WRONGTYPE" not in str(error):
			raise
		return State.MOVED  # the key holds something of another kind by now


def _found(client: Any, edit: _RedisEdit) -> State:
	found: Any
	if isinstance(edit, CacheDrop):
		return State.BEFORE if _is_kept(client, edit) else State.AFTER
	if isinstance(edit, KeyEdit):
		found = client.dump(edit.key)
		if found is not None and edit.before is ABSENT and edit.after is ABSENT:
			return State.MOVED
	elif isinstance(edit, HashEdit):
		found = client.hget(edit.key, edit.field)
	elif isinstance(edit, ListEdit):
		found = client.lpos(edit.key, edit.element) is not None
	elif isinstance(edit, SetEdit):
		found = bool(client.sismember(edit.key, edit.member))
	else:
		found = client.zscore(edit.key, edit.member)
	return compare(ABSENT if found is None else found, edit.before, edit.after)


def _is_kept(client: Any, edit: CacheDrop) -> bool:
	if isinstance(edit.field, bytes):
		return client.type(edit.key) == b"hash" and bool(client.hexists(edit.key, edit.field))
	return bool(client.exists(edit.key))


def _place(client: Any, edit: _RedisEdit) -> str:
	"""Tell where an element goes in a list: ``head``, ``tail`` or ``behind`` the one that it stood behind."""
	if not isinstance(edit, ListEdit) or edit.follows is None:
		return "tail"
	if not isinstance(edit.follows, bytes):
		return "head"
	return "head" if client.lpos(edit.key, edit.follows) is None else "behind"


def _write(pipe: Any, edit: _RedisEdit, place: str) -> None:
	if isinstance(edit, CacheDrop):
		pipe.delete(edit.key) if isinstance(edit.field, Absent) else pipe.hdel(edit.key, edit.field)
	elif isinstance(edit, KeyEdit):
		_write_key(pipe, edit)
	elif isinstance(edit, ListEdit):
		_write_list(pipe, edit, place)
	elif isinstance(edit, HashEdit):
		if edit.after is ABSENT:
			pipe.hdel(edit.key, edit.field)
		else:
			pipe.hset(edit.key, edit.field, edit.after)
	elif isinstance(edit, SetEdit):
		(pipe.sadd if edit.after else pipe.srem)(edit.key, edit.member)
	elif isinstance(edit.after, (int, float)):
		pipe.zadd(edit.key, {edit.member: edit.after})
	else:
		pipe.zrem(edit.key, edit.member)


def _write_key(pipe: Any, edit: KeyEdit) -> None:
	if not isinstance(edit.after, bytes):
		pipe.delete(edit.key)
		return
	left = max(1, edit.expires_at_ms - int(time.time() * 1000)) if edit.expires_at_ms else 0
	pipe.restore(edit.key, left, edit.after, replace=True)


def _write_list(pipe: Any, edit: ListEdit, place: str) -> None:
	if not edit.after:
		pipe.lrem(edit.key, 1, edit.element)
	elif place == "behind":
		pipe.linsert(edit.key, "after", edit.follows, edit.element)
	else:
		(pipe.lpush if place == "head" else pipe.rpush)(edit.key, edit.element)
