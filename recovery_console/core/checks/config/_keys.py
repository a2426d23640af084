"""Keys of the configuration files: which are secret, and what kind of value Frappe expects."""

from __future__ import annotations

from typing import Any

from recovery_console.core.backends.config import ConfigFile

_SECRET_ENDINGS = ("password", "_secret", "_key", "_token")
#: Frappe uses these as they stand: a text that says "off" counts as on.
SWITCHES = (
	"allow_reads_during_maintenance",
	"allow_tests",
	"developer_mode",
	"disable_session_cache",
	"disable_website_cache",
	"ignore_csrf",
	"monitor",
	"server_script_enabled",
)
NUMBERS = (
	"background_workers",
	"db_port",
	"email_queue_batch_size",
	"gunicorn_workers",
	"http_timeout",
	"keep_backups_for_hours",
	"max_file_size",
	"scheduler_tick_interval",
	"socketio_port",
	"webserver_port",
)
OBJECTS = ("backup", "limits", "rate_limit", "workers")
_OFF = ("0", "false", "no", "off", "none", "null")


def holds_secrets(file: ConfigFile) -> bool:
	"""Tell whether a file holds a password, key or token; one that cannot be parsed may."""
	if file.problem is not None and file.problem.kind in ("syntax", "encoding", "too_large"):
		return True
	return any(is_secret(key) and value for key, value in file.values.items()) or any(
		isinstance(value, str) and "://" in value and "@" in value for value in file.values.values()
	)


def is_secret(key: str) -> bool:
	"""Tell by its name whether a key holds a secret."""
	return key.endswith(_SECRET_ENDINGS)


def says_off(value: Any) -> bool:
	"""Tell whether a value is a text that was meant as "off"."""
	return isinstance(value, str) and value.strip().lower() in _OFF


def is_number(value: Any) -> bool:
	"""Tell whether Frappe gets a number of at least 0 out of a value."""
	try:
		return int(float(value)) >= 0
	except (TypeError, ValueError, OverflowError):
		return False
