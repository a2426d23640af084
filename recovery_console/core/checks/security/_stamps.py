"""When an encrypted value was stored. The value itself is neither read whole nor opened."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from recovery_console.core.times import UTC

#: Frappe encrypts with Fernet: a version byte, then the time in eight bytes, all in base64.
HEAD = 12
_VERSION = 0x80


def stored_at(head: object) -> datetime | None:
	"""Return when a value was encrypted, from its first ``HEAD`` characters; None where they tell no time."""
	try:
		raw = base64.urlsafe_b64decode(str(head))
	except (binascii.Error, ValueError):
		return None
	if len(raw) != 9 or raw[0] != _VERSION:
		return None
	try:
		return datetime.fromtimestamp(int.from_bytes(raw[1:], "big"), UTC)
	except (ValueError, OverflowError, OSError):
		return None
