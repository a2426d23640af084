"""Redaction: secrets and personal data are taken out before anything is stored, printed or sent.

Two strengths. ``redact`` takes out secrets and account numbers; it is applied to everything. ``anonymise``
also takes out the local part of e-mail addresses; it is applied to what leaves the site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

#: Kept on every stored record, so that older records can be redacted again when the rules grow.
VERSION = 1
MASK = "[redacted]"

_SECRET_NAME = re.compile(
	r"pass(?:word|wd|phrase)?\b|_pwd|secret|token|api[_-]?key|encryption[_-]?key|private[_-]?key|cookie|"
	r"authorization|\bsid\b|credential|otp",
	re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_EMAIL = re.compile(r"\b([A-Za-z0-9])[A-Za-z0-9._%+'-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
	(
		re.compile(
			r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
		),
		MASK,
	),
	(re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+@", re.IGNORECASE), rf"\g<1>{MASK}@"),
	(
		re.compile(r"(\bauthorization\b\W{1,4}(?:bearer|basic|token|digest)?\s*)[^\s'\",;]+", re.IGNORECASE),
		rf"\g<1>{MASK}",
	),
	(re.compile(r"(\b(?:set-)?cookie\b\W{1,4})[^\r\n]+", re.IGNORECASE), rf"\g<1>{MASK}"),
	(re.compile(r"\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\g<1>{MASK}"),
	(
		re.compile(
			r"(\b[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|encryption[_-]?key|private[_-]?key|sid|otp)"
			r"[\w-]*['\"]?\s*[:=]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,;&)}\]]+)",
			re.IGNORECASE,
		),
		rf"\g<1>{MASK}",
	),
	(re.compile(r"\bgAAAAA[\w-]{60,}={0,2}"), MASK),
	(re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
)


def redact(value: Any, *, personal: bool = False) -> Any:
	"""Return a copy without secrets and account numbers, fit for JSON.

	Args:
		value: A text, number, time, or nested mapping or sequence of these. A value whose key names a secret is
			replaced whole.
		personal: Also take out the local parts of e-mail addresses.
	"""
	if isinstance(value, str):
		return redact_text(value, personal=personal)
	if isinstance(value, Mapping):
		return {
			str(key): MASK if _is_secret(str(key), item) else redact(item, personal=personal)
			for key, item in value.items()
		}
	if isinstance(value, (list, tuple, set, frozenset)):
		return [redact(item, personal=personal) for item in value]
	return _plain(value)


def anonymise(value: Any) -> Any:
	"""Return a copy that may leave the site: no secrets, no account numbers, no e-mail local parts."""
	return redact(value, personal=True)


def redact_text(text: str, *, personal: bool = False) -> str:
	"""Take secrets and account numbers out of a text; e-mail local parts too when ``personal``."""
	for pattern, replacement in _PATTERNS:
		text = pattern.sub(replacement, text)
	text = _IBAN.sub(_mask_iban, text)
	return _EMAIL.sub(r"\1***@\2", text) if personal else text


def _mask_iban(found: re.Match[str]) -> str:
	compact = found[0].replace(" ", "")
	if not 15 <= len(compact) <= 34 or not any(character.isdigit() for character in compact[4:]):
		return found[0]
	return f"{compact[:2]}…{compact[-4:]}"


def _is_secret(key: str, value: Any) -> bool:
	return bool(_SECRET_NAME.search(key)) and isinstance(value, (str, bytes)) and bool(value)


def _plain(value: Any) -> Any:
	if isinstance(value, datetime):
		return value.isoformat(timespec="seconds")
	if isinstance(value, date):
		return value.isoformat()
	if isinstance(value, timedelta):
		return value.total_seconds()
	if isinstance(value, Decimal):
		return float(value)
	if value is None or isinstance(value, (bool, int, float)):
		return value
	return redact_text(str(value))
