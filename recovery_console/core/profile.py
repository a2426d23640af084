"""SEPA profiles: where a site keeps its mandates, collections, bank lines and imports, as data.

A check asks for roles (``mandate``) and logical fields (``iban``); a profile says which DocType and column that
is here. Profiles lie in ``core/profiles/*.toml``; a site adds its own as documents of ``SEPA Profile``. How to
write one stands in ``docs/sepa-profiles.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.meta import Fields, is_column, read_fields
from recovery_console.core.profile_file import (
	read_own_profiles,
	shipped_profiles,
)
from recovery_console.core.profile_model import (
	ROLES,
	Profile,
	ProfileError,
	Role,
)
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site


@dataclass(frozen=True)
class Resolved:
	"""The profiles of a site.

	Args:
		profiles: Those that fit, the most specific first, reduced to what the site has.
		fields: The fields of every DocType that they name, as the site defines them.
		problems: What is wrong with the site's own profiles, by their name.
		site: Name of the site.
	"""

	profiles: tuple[Profile, ...]
	fields: Mapping[str, Fields]
	problems: Mapping[str, str]
	site: str = ""


# -- what a check asks


def profiles_with(site: Site, *paths: str) -> list[Profile]:
	"""Return the site's profiles that map all of ``paths`` (``role`` or ``role.field``).

	Two profiles that mean the same tables count once.

	Raises:
		NotApplicable: None does, so the check's question makes no sense here.
	"""
	found: dict[tuple[Any, ...], Profile] = {}
	resolved = resolve_profiles(site)
	names = list(dict.fromkeys(path.partition(".")[0] for path in paths))
	for profile in resolved.profiles:
		if profile.has(*paths):
			key = tuple((profile[name].doctype, str(profile[name].filters)) for name in names)
			found.setdefault(key, profile)
	if not found:
		raise NotApplicable(_why_none(resolved.profiles, paths))
	return list(found.values())


def import_runs(site: Site) -> list[Role]:
	"""Return every kind of import that the site's profiles know, each once."""
	runs = {
		role.doctype: role
		for profile in reversed(resolve_profiles(site).profiles)
		for role in profile.roles
		if role.name == "import_run"
	}
	return list(runs.values())


def _why_none(profiles: Sequence[Profile], paths: Sequence[str]) -> str:
	for path in paths:
		name, _dot, logical = path.partition(".")
		having = [profile for profile in profiles if profile.has(name)]
		if not having:
			return _("No SEPA profile that fits this site says where it keeps {0}.").format(ROLES[name][0])
		if not any(profile.has(path) for profile in having):
			return _("The SEPA profile {0} does not say where {1} keep their {2}.").format(
				having[0].title, ROLES[name][0], logical
			)
	return _("No single SEPA profile of this site maps {0}.").format(", ".join(paths))


# -- which profiles fit


def resolve_profiles(site: Site) -> Resolved:
	"""Return the profiles that fit this site, shipped ones and its own; read once per diagnosis."""
	return site.remember("profiles", lambda: _resolve(site))


def _resolve(site: Site) -> Resolved:
	own, switched_off, problems = read_own_profiles(site)
	shipped = [profile for profile in shipped_profiles() if profile.id not in switched_off]
	known = {profile.id: profile for profile in (*shipped_profiles(), *own)}
	merged = []
	for profile in {profile.id: profile for profile in (*shipped, *own)}.values():
		try:
			merged.append(_with_base(profile, known))
		except ProfileError as error:
			problems[profile.title] = error.message
	needed = {doctype for profile in merged for doctype in _doctypes(profile)}
	fields = read_fields(site, needed)
	fitting = [
		_reduce(site, profile, fields)
		for profile in merged
		if profile.own or all(doctype in fields for doctype in profile.requires)
	]
	covered = {profile.extends for profile in fitting}
	kept = [profile for profile in fitting if profile.own or profile.id not in covered]
	kept.sort(key=lambda profile: (not profile.own, -len(profile.roles), profile.id))
	return Resolved(tuple(kept), fields, problems, site.name)


def _with_base(profile: Profile, known: Mapping[str, Profile], depth: int = 0) -> Profile:
	if not profile.extends:
		return profile
	if profile.extends not in known or depth > len(known):
		raise ProfileError(
			_("It extends the profile {0}, which does not exist or leads back to itself.").format(
				profile.extends
			),
			remedy=_("Name one of: {0}.").format(", ".join(sorted(known))),
		)
	base = _with_base(known[profile.extends], known, depth + 1)
	own = {(role.name, role.kind) for role in profile.roles}
	return replace(
		profile,
		roles=(*profile.roles, *(role for role in base.roles if (role.name, role.kind) not in own)),
	)


def _doctypes(profile: Profile) -> set[str]:
	return {*profile.requires, *(doctype for role in profile.roles for doctype in role.columns())}


def _reduce(site: Site, profile: Profile, fields: Mapping[str, Fields]) -> Profile:
	"""Leave out what the site lacks, and say what that is."""
	tables = {role.doctype for role in profile.roles if not role.single}
	site.db.learn(f"tab{doctype}" for doctype in _doctypes(profile))
	missing: set[str] = set()
	roles = []
	for role in profile.roles:
		if role.doctype not in fields or (role.doctype in tables and not site.has_doctype(role.doctype)):
			missing.add(role.doctype)
			continue
		lacking = _lacking(site, role, fields)
		missing |= lacking
		kept = {name: path for name, path in role.fields.items() if not _touches(role, path, lacking)}
		if not any(f"{role.doctype}.{column}" in lacking for column in role.filters):
			roles.append(replace(role, fields=kept))
	return replace(profile, roles=tuple(roles), missing=tuple(sorted(missing)))


def _lacking(site: Site, role: Role, fields: Mapping[str, Fields]) -> set[str]:
	return {
		f"{doctype}.{column}"
		for doctype, columns in role.columns().items()
		for column in columns
		if not is_column(column, fields.get(doctype, {}))
		or (not role.single and not site.has_doctype(doctype, column))
	}


def _touches(role: Role, path: str, lacking: set[str]) -> bool:
	link, _arrow, column = path.rpartition(">")
	own, target = f"{role.doctype}.{link or column}", f"{role.links.get(link)}.{column}"
	return own in lacking or (bool(link) and target in lacking)


# -- reading profiles
