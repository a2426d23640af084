"""Ids of jobs that a person named: of this site only, and only those that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from recovery_console.core.backends.queues import belongs_to
from recovery_console.core.backends.rq_records import SEPARATORS, site_of
from recovery_console.core.errors import UsageError
from recovery_console.core.site import Site

_SHOWN = 5


def chosen(site: Site, names: Iterable[str], there: Collection[str], where: str) -> list[str]:
	"""Return the named ids; all that are there when none is named.

	Args:
		site: The site.
		names: What a person named; an id without its site is taken for one of this site.
		there: Ids of this site that may be chosen, in order.
		where: What these are, to say where a name was not found.

	Raises:
		UsageError: An id is another site's, or is not there.
	"""
	known = set(there)
	wanted = list(dict.fromkeys(_full(site, name, known) for name in names))
	foreign = [name for name in wanted if not belongs_to(name, site.name) and site_of(name)]
	if foreign:
		raise UsageError(
			f"{_listed(foreign)} is no job of {site.name}.",
			remedy=f"The id of a job of this site begins with {site.name}:: or {site.name}||; another site's are never touched.",
		)
	unknown = [name for name in wanted if name not in known]
	if unknown:
		raise UsageError(
			f"{_listed(unknown)} is not among {where}.",
			remedy="It may have been done or removed meanwhile. `recovery-console diagnose --family jobs` names those that are there.",
		)
	return wanted or list(there)


def _full(site: Site, name: str, known: Collection[str]) -> str:
	"""Return the full id of a job of this site that was named without the site."""
	full = [f"{site.name}{separator}{name}" for separator in SEPARATORS]
	return next((job_id for job_id in (name, *full) if job_id in known), name)


def _listed(names: list[str]) -> str:
	shown = ", ".join(name[:100] for name in names[:_SHOWN])
	return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
