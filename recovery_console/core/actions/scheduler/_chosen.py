"""Scheduled Job Types that a person named."""

from __future__ import annotations

from collections.abc import Iterable

from recovery_console.core.checks.scheduler._types import JobType
from recovery_console.core.errors import UsageError


def chosen(types: Iterable[JobType], names: Iterable[str]) -> list[JobType]:
	"""Return the types with these names or methods; all when none is named.

	Raises:
		UsageError: There is no such type among them.
	"""
	known = list(types)
	wanted = list(dict.fromkeys(names))
	missing = [name for name in wanted if not any(name in (found.name, found.method) for found in known)]
	if missing:
		raise UsageError(
			f"{', '.join(name[:100] for name in missing[:5])} is not among the job types that this is about.",
			remedy="Give the name or the method of a Scheduled Job Type that the finding lists.",
		)
	return [found for found in known if not wanted or found.name in wanted or found.method in wanted]
