"""Reading keys of Redis so that a plan can change them exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from recovery_console.core.backends.redis import RedisSource
from recovery_console.core.edits import ABSENT, Absent, HashEdit, KeyEdit
from recovery_console.core.edits.redis import Server

#: Keys are read in pieces of this size, so that no single answer grows large.
PAGE = 200


def removed(source: RedisSource, keys: Iterable[bytes]) -> dict[bytes, KeyEdit]:
	"""Return, by key, the edits that delete those of these keys that are there; they keep what is in them.

	Raises:
		SourceUnavailable: The server does not answer.
	"""
	wanted = list(dict.fromkeys(keys))
	found: dict[bytes, KeyEdit] = {}
	for page in _pages(wanted):
		for key, (dump, expires) in zip(page, _dumps(source, page), strict=True):
			if dump is not None:
				found[key] = KeyEdit(server_of(source), key, dump, ABSENT, expires)
	return found


def hash_fields(
	source: RedisSource, keys: Sequence[bytes], fields: Sequence[bytes]
) -> list[dict[bytes, bytes | Absent]]:
	"""Return these fields of these hashes, in order; a field that is not there is ``ABSENT``.

	Raises:
		SourceUnavailable: The server does not answer.
	"""
	answers: list[Any] = []
	for page in _pages(keys):
		with source.client() as client:
			pipeline = client.pipeline(transaction=False)
			for key in page:
				pipeline.hmget(key, fields)
			answers += pipeline.execute()
	return [
		{field: ABSENT if value is None else value for field, value in zip(fields, values, strict=True)}
		for values in answers
	]


def hash_changed(
	source: RedisSource, key: bytes, before: Mapping[bytes, bytes | Absent], after: Mapping[bytes, bytes]
) -> list[HashEdit]:
	"""Return the edits that set fields of a hash; those that hold the value already are left out."""
	return [
		HashEdit(server_of(source), key, field, before[field], value)
		for field, value in after.items()
		if before[field] != value
	]


def server_of(source: RedisSource) -> Server:
	"""Return what edits call a server."""
	return cast("Server", source.name)


def _dumps(source: RedisSource, keys: Sequence[bytes]) -> Iterator[tuple[bytes | None, int]]:
	"""Yield for each key its content and when it expires, in milliseconds since 1970."""
	with source.client() as client:
		pipeline = client.pipeline(transaction=False)
		pipeline.time()
		for key in keys:
			pipeline.dump(key)
			pipeline.pttl(key)
		(seconds, micros), *answers = pipeline.execute()
	now = seconds * 1000 + micros // 1000
	for number in range(0, len(answers), 2):
		left = answers[number + 1]
		yield answers[number], now + left if left > 0 else 0


def _pages(items: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
	for start in range(0, len(items), PAGE):
		yield items[start : start + PAGE]
