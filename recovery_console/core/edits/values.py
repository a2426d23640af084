"""Values as JSON can hold them, with nothing lost: times, exact numbers and bytes keep their type."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_TYPE = "$"


def pack(value: Any) -> Any:
	"""Return a value as JSON can hold it.

	Raises:
		TypeError: A value of this type is not kept.
	"""
	if value is None or isinstance(value, (bool, int, float)) or type(value) is str:
		return value
	if isinstance(value, Mapping):
		return {_TYPE: "map", "v": {str(key): pack(item) for key, item in value.items()}}
	if isinstance(value, (list, tuple)):
		return [pack(item) for item in value]
	return _tagged(value)


def _tagged(value: Any) -> dict[str, str]:
	for kind, name, write in _WRITTEN:
		if isinstance(value, kind):
			return {_TYPE: name, "v": write(value)}
	if getattr(value, "value", None) == "absent":
		return {_TYPE: "absent", "v": ""}
	raise TypeError(f"A {type(value).__name__} cannot be written down.")


# The order matters: a datetime is a date, too.
_WRITTEN: tuple[tuple[Any, str, Any], ...] = (
	(datetime, "datetime", datetime.isoformat),
	(date, "date", date.isoformat),
	(time, "time", time.isoformat),
	(timedelta, "duration", lambda value: str(value // timedelta(microseconds=1))),
	(Decimal, "decimal", str),
	((bytes, bytearray, memoryview), "bytes", lambda value: base64.b64encode(bytes(value)).decode()),
	(str, "str", str.__str__),
)


def unpack(written: Any) -> Any:
	"""Return the value that ``pack`` wrote down; lists come back as tuples."""
	if isinstance(written, list):
		return tuple(unpack(item) for item in written)
	if not isinstance(written, Mapping):
		return written
	text = written["v"]
	if written[_TYPE] == "map":
		return {key: unpack(item) for key, item in text.items()}
	return _READ[written[_TYPE]](text)


def _absent(_text: str) -> Any:
	from recovery_console.core.edits.base import ABSENT

	return ABSENT


_READ: dict[str, Any] = {
	"datetime": datetime.fromisoformat,
	"date": date.fromisoformat,
	"time": time.fromisoformat,
	"duration": lambda text: timedelta(microseconds=int(text)),
	"decimal": Decimal,
	"bytes": base64.b64decode,
	"absent": _absent,
	"str": str,
}
