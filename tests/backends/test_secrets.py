"""Encrypted values of a site."""

from __future__ import annotations

from cryptography.fernet import Fernet

from recovery_console.core.backends.secrets import key_is_valid, opens, reveal

KEY = Fernet.generate_key().decode()


def test_a_key_has_its_form() -> None:
	assert key_is_valid(KEY)
	for wrong in (None, "", "short", KEY[:-6], "ü" * 44, 44):
		assert not key_is_valid(wrong)  # type: ignore[arg-type]


def test_only_the_key_that_closed_a_value_opens_it() -> None:
	token = Fernet(KEY).encrypt(b"secret").decode()
	assert reveal(KEY, token) == "secret"
	assert opens(KEY, token)
	assert not opens(Fernet.generate_key().decode(), token)


def test_what_is_no_key_or_no_value_opens_nothing() -> None:
	assert reveal(KEY, "no token") is None
	assert reveal("no key", Fernet(KEY).encrypt(b"secret").decode()) is None
	assert reveal(KEY, Fernet(KEY).encrypt(b"\xff\xfe").decode()) is None
