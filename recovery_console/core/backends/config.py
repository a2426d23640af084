"""site_config.json and common_site_config.json, read as they are, with what is wrong with them."""

from __future__ import annotations

import json
import os
from dataclasses import field
from pathlib import Path
from typing import Any

from recovery_console.core.record import dataclass

#: Environment variables that Frappe 16 (and in part 15) lets override the files.
ENVIRONMENT = {
	"FRAPPE_DB_TYPE": "db_type",
	"FRAPPE_DB_HOST": "db_host",
	"FRAPPE_DB_PORT": "db_port",
	"FRAPPE_DB_NAME": "db_name",
	"FRAPPE_DB_USER": "db_user",
	"FRAPPE_DB_PASSWORD": "db_password",
	"FRAPPE_DB_SOCKET": "db_socket",
	"FRAPPE_REDIS_QUEUE": "redis_queue",
	"FRAPPE_REDIS_CACHE": "redis_cache",
}
#: These are read from the environment by both versions; the others only by Frappe 16.
ENVIRONMENT_15 = {
	"FRAPPE_DB_TYPE",
	"FRAPPE_DB_HOST",
	"FRAPPE_DB_PORT",
	"FRAPPE_REDIS_QUEUE",
	"FRAPPE_REDIS_CACHE",
}
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class ConfigProblem:
	"""Something wrong with a configuration file.

	``kind`` is ``missing``, ``empty``, ``unreadable``, ``syntax``, ``bom``, ``encoding``, ``not_object`` or
	``too_large``.
	"""

	path: Path
	kind: str
	detail: str


@dataclass(frozen=True)
class ConfigFile:
	"""One configuration file: what could be read of it, and what is wrong."""

	path: Path
	values: dict[str, Any] = field(default_factory=dict, repr=False)  # passwords have no place in tracebacks
	problem: ConfigProblem | None = None


@dataclass(frozen=True)
class Config:
	"""The configuration of a site as Frappe merges it: site over common, environment over both."""

	site: ConfigFile
	common: ConfigFile
	environment: dict[str, str] = field(default_factory=dict, repr=False)

	def get(self, key: str, default: Any = None) -> Any:
		"""Return the value in force."""
		if self.environment.get(key):
			return self.environment[key]
		if key in self.site.values:
			return self.site.values[key]
		return self.common.values.get(key, default)

	def flag(self, key: str) -> bool:
		"""Tell whether a switch is on, as Frappe's ``cint`` reads it."""
		value = self.get(key)
		try:
			return bool(int(float(value)))
		except (TypeError, ValueError, OverflowError):
			return False

	def number(self, key: str, default: int) -> int:
		"""Return a whole number, or the default where there is none."""
		try:
			return int(float(self.get(key, default)))
		except (TypeError, ValueError, OverflowError):
			return default

	def defined_in(self, key: str) -> tuple[Path, ...]:
		"""Return the files that set ``key``; the one in force first."""
		return tuple(file.path for file in (self.site, self.common) if key in file.values)

	@property
	def problems(self) -> tuple[ConfigProblem, ...]:
		return tuple(file.problem for file in (self.site, self.common) if file.problem is not None)


def read_config(site_path: Path, sites_path: Path, frappe_major: int) -> Config:
	"""Read both files. Never raises: what is wrong with a file is part of the result."""
	return Config(
		site=read_config_file(site_path / "site_config.json"),
		common=read_config_file(sites_path / "common_site_config.json"),
		environment={
			key: os.environ[name]
			for name, key in ENVIRONMENT.items()
			if os.environ.get(name) and (frappe_major >= 16 or name in ENVIRONMENT_15)
		},
	)


def read_config_file(path: Path) -> ConfigFile:
	"""Read one configuration file, and as much of a damaged one as is certain."""
	try:
		if path.stat().st_size > _LARGEST:
			return _bad(path, "too_large", f"it has more than {_LARGEST // 1024**2} MiB")
		raw = path.read_bytes()
	except FileNotFoundError:
		return _bad(path, "missing", "there is no such file")
	except OSError as error:
		return _bad(path, "unreadable", error.strerror or str(error))
	if not raw.strip():
		return _bad(path, "empty", "the file is empty, as after a write to a full disk")
	try:
		text = raw.decode("utf-8-sig")
	except UnicodeDecodeError as error:
		return _bad(path, "encoding", f"it is not UTF-8: byte {error.start} cannot be read")
	return _parse(path, text, has_bom=raw.startswith(b"\xef\xbb\xbf"))


def _parse(path: Path, text: str, *, has_bom: bool) -> ConfigFile:
	try:
		values = json.loads(text)
	except json.JSONDecodeError as error:
		return _bad(path, "syntax", f"it is not JSON from line {error.lineno}, column {error.colno} on")
	except (ValueError, RecursionError):
		return _bad(
			path, "syntax", "it is not JSON that can be read: too deep a nesting, or too long a number"
		)
	if not isinstance(values, dict):
		return _bad(path, "not_object", f"it holds a {type(values).__name__} instead of keys and values")
	if has_bom:
		problem = ConfigProblem(path, "bom", "it begins with a byte order mark, which Frappe cannot read")
		return ConfigFile(path, values, problem)
	return ConfigFile(path, values)


def _bad(path: Path, kind: str, detail: str) -> ConfigFile:
	return ConfigFile(path, problem=ConfigProblem(path, kind, detail))
