"""Edits of Scheduled Job Type rows, which the site notices at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from recovery_console.core.action import batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.checks.scheduler._types import DOCTYPE, JobType
from recovery_console.core.plan import Batch
from recovery_console.core.rows import changed, rows_named
from recovery_console.core.site import Site


def types_changed(
	site: Site,
	types: Iterable[JobType],
	after: Mapping[str, Any],
	why: Callable[[JobType], str] = lambda found: found.method,
) -> list[Batch]:
	"""Return one batch per job type that sets these columns."""
	named = {found.name: found for found in types}
	now = site.ago(timedelta(0))
	return [
		batch(
			DOCTYPE,
			row["name"],
			*noticed(
				site,
				[document_key(DOCTYPE, str(row["name"]))],
				changed(DOCTYPE, row, **after, modified=now),
			),
			why=why(named[str(row["name"])]),
		)
		for row in rows_named(site, DOCTYPE, named, [*after, "modified"])
	]
