"""Encrypted values of the site: do they still open? What is inside never leaves this file."""

from __future__ import annotations

import base64
import binascii

from cryptography.fernet import Fernet, InvalidToken


def key_is_valid(key: str | None) -> bool:
	"""Tell whether an ``encryption_key`` has the form that Frappe's encryption (Fernet) needs."""
	if not isinstance(key, str):
		return False
	try:
		return len(base64.urlsafe_b64decode(key.encode())) == 32
	except (binascii.Error, ValueError):
		return False


def opens(key: str, token: str) -> bool:
	"""Tell whether a stored value can be decrypted with the site's key."""
	return reveal(key, token) is not None


def seal(key: str, text: str) -> str | None:
	"""Encrypt a value as Frappe stores it; None when the key is none."""
	try:
		return Fernet(key.encode()).encrypt(text.encode()).decode()
	except ValueError:
		return None


def reveal(key: str, token: str) -> str | None:
	"""Decrypt a stored value for use in a probe; None when the key does not fit. Never print or keep it."""
	try:
		return Fernet(key.encode()).decrypt(token.encode()).decode()
	except (InvalidToken, ValueError, TypeError):
		return None
