"""Reading SEPA profiles: the shipped files, and a site's own documents."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from recovery_console.core.backends.sql import Bind, table
from recovery_console.core.finding import _
from recovery_console.core.profile_model import (
	ROLES,
	Profile,
	ProfileError,
	Role,
)
from recovery_console.core.site import Site

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

FOLDER = Path(__file__).parent / "profiles"
#: DocType in which a site keeps its own profiles.
DOCTYPE = "SEPA Profile"


def read_own_profiles(site: Site) -> tuple[list[Profile], set[str], dict[str, str]]:
	"""Return what the site says about profiles in its documents.

	Returns:
		Its own profiles that are enabled; the ids of shipped ones that it switched off; what is wrong with its
		own, by name.
	"""
	profiles: list[Profile] = []
	switched_off: set[str] = set()
	problems: dict[str, str] = {}
	if not site.has_doctype(DOCTYPE, "enabled", "definition"):
		return profiles, switched_off, problems
	t = table(DOCTYPE)
	standard = t.is_standard if site.has_doctype(DOCTYPE, "is_standard") else Bind(0)
	rows = site.db.run(
		site.db.from_(t).select(t["name"], t.enabled, standard.as_("standard"), t.definition).limit(100)
	)
	for row in rows:
		if row["standard"]:
			switched_off |= set() if row["enabled"] else {row["name"]}
		elif row["enabled"]:
			try:
				data = parse_text(row["definition"] or "")
				profiles.append(replace(parse_profile(data, default_id=row["name"]), own=True))
			except ProfileError as error:
				problems[row["name"]] = error.message
	return profiles, switched_off, problems


def parse_text(text: str) -> dict[str, Any]:
	"""Read a definition, which is TOML or JSON.

	Raises:
		ProfileError: It is neither.
	"""
	try:
		data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
	except ValueError as error:
		raise ProfileError(
			_("Its definition is neither TOML nor JSON: {0}.").format(error),
			remedy=_("Compare it with a profile in core/profiles."),
		) from error
	return dict(data)


def parse_profile(data: Mapping[str, Any], *, default_id: str) -> Profile:
	"""Build a profile from its definition.

	Raises:
		ProfileError: It names a role, status or path that does not exist, lacks a DocType, or is not built like
			a profile.
	"""
	try:
		roles = [
			_parse_role(name, one)
			for name, entry in data.get("roles", {}).items()
			for one in (entry if isinstance(entry, list) else [entry])
		]
	except (AttributeError, TypeError, ValueError) as error:
		raise ProfileError(
			_("It is not built like a profile: {0}.").format(error),
			remedy=_("Compare it with a profile in core/profiles."),
		) from error
	profile_id = str(data.get("id") or default_id)
	return Profile(
		id=profile_id,
		title=str(data.get("title") or profile_id),
		requires=_texts(data.get("requires", ())),
		extends=str(data.get("extends") or ""),
		roles=tuple(roles),
	)


def _parse_role(name: str, data: Any) -> Role:
	if name not in ROLES or not isinstance(data, Mapping) or not data.get("doctype"):
		raise _wrong(
			_("Role {0} is unknown, or names no doctype.").format(name), _("Roles are: {0}."), sorted(ROLES)
		)
	statuses = ROLES[name][1]
	for logical in (*data.get("status", {}), *data.get("stray", {})):
		if logical not in statuses:
			raise _wrong(_("{0} has no status {1}.").format(name, logical), _("It has: {0}."), statuses)
	role = Role(
		name=name,
		doctype=str(data["doctype"]),
		kind=str(data.get("kind", "")),
		single=bool(data.get("single")),
		filters=dict(data.get("filters", {})),
		fields={str(key): str(path) for key, path in data.get("fields", {}).items()},
		links={str(key): str(target) for key, target in data.get("links", {}).items()},
		status={key: tuple(values) for key, values in data.get("status", {}).items()},
		stray={key: tuple(values) for key, values in data.get("stray", {}).items()},
		choice={key: tuple(values) for key, values in data.get("choice", {}).items()},
	)
	for path in role.fields.values():
		_check_path(role, path)
	return role


def _check_path(role: Role, path: str) -> None:
	link, arrow, column = path.rpartition(">")
	if path.startswith("="):
		return
	if "." in path or not column or (arrow and link not in role.links):
		raise _wrong(
			_("{0} maps {1!r}, which is no path.").format(role.name, path),
			_("Write {0}; name the DocType of a link under links."),
			("column", "link>column", "=constant"),
		)


def _wrong(message: str, remedy: str, choices: Iterable[str]) -> ProfileError:
	return ProfileError(message, remedy=remedy.format(", ".join(choices)))


def _texts(value: Any) -> tuple[str, ...]:
	return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


@lru_cache(maxsize=1)
def shipped_profiles() -> tuple[Profile, ...]:
	"""Return the profiles in ``core/profiles``, found by being there."""
	return tuple(
		parse_profile(tomllib.loads(path.read_text(encoding="utf-8")), default_id=path.stem)
		for path in sorted(FOLDER.glob("*.toml"))
	)
