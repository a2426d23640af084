"""Redaction: secrets and personal data are taken out before anything is stored, printed or sent.

Two strengths. ``redact`` takes out secrets and account numbers; it is applied to everything. ``anonymise``
also takes out the local part of e-mail addresses; it is applied to what leaves the site. What counts as a
secret in a text is in ``redact_rules``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from recovery_console.core.redact_rules import KEYS, MASK, WORDS, personal_spans, replaced, secret_spans

__all__ = ["MASK", "VERSION", "anonymise", "redact", "redact_text"]

#: Kept on every stored record, so that older records can be redacted again when the rules grow.
VERSION = 3

_SECRET_NAME = re.compile(
	rf"(?:{'|'.join(WORDS)})s?(?:_(?:key|hash|value))?$|(?:{'|'.join(KEYS)})_?keys?$|(?:^|_)(?:sid|otp)$|"
	r"cookies?$|authorization$",
	re.IGNORECASE,
)
#: A number under the name of a secret is one when it has so many digits; fewer are a count.
_NUMBER = 1000


def redact(value: Any, *, personal: bool = False) -> Any:
	"""Return a copy without secrets and account numbers, fit for JSON.

	Args:
		value: A text, number, time, or nested mapping or sequence of these. A text whose key names a secret is
			replaced whole, and so are the texts of a list under such a key.
		personal: Also take out the local parts of e-mail addresses.
	"""
	if isinstance(value, str):
		return redact_text(value, personal=personal)
	if isinstance(value, Mapping):
		found = {}
		for key, item in value.items():
			name, names_a_secret = _name(str(key), personal)
			found[name] = _masked(item, personal) if names_a_secret else redact(item, personal=personal)
		return found
	if isinstance(value, (list, tuple, set, frozenset)):
		return [redact(item, personal=personal) for item in value]
	return _plain(value, personal)


def anonymise(value: Any) -> Any:
	"""Return a copy that may leave the site: no secrets, no account numbers, no e-mail local parts."""
	return redact(value, personal=True)


def redact_text(text: str, *, personal: bool = False) -> str:
	"""Take secrets and account numbers out of a text; e-mail local parts too when ``personal``."""
	text = replaced(text, secret_spans(text))
	return replaced(text, personal_spans(text)) if personal else text


@lru_cache(maxsize=1024)
def _name(key: str, personal: bool) -> tuple[str, bool]:
	"""Return a key redacted, and whether it names a secret: a report repeats few keys very often."""
	return redact_text(key, personal=personal), bool(_SECRET_NAME.search(_snake(key)))


def _masked(value: Any, personal: bool) -> Any:
	"""Redact what stands under the name of a secret."""
	if isinstance(value, (str, bytes)) and value:
		return MASK
	if isinstance(value, (list, tuple, set, frozenset)):
		return [_masked(item, personal) for item in value]
	if isinstance(value, int) and value >= _NUMBER:
		return MASK
	return redact(value, personal=personal)


def _snake(name: str) -> str:
	return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_")


def _plain(value: Any, personal: bool) -> Any:
	if isinstance(value, datetime):
		return value.isoformat(timespec="seconds")
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, timedelta):
		return value.total_seconds()
	if isinstance(value, Decimal):
		value = float(value)
	if isinstance(value, float) and not math.isfinite(value):
		return str(value)
	if value is None or isinstance(value, (bool, int, float)):
		return value
	return redact_text(str(value), personal=personal)
