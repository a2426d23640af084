"""A site's own known errors: its ``Known Error`` documents."""

from __future__ import annotations

import logging

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.knowledge.entry import KnownError, known_errors
from recovery_console.core.knowledge.matching import explain_text
from recovery_console.core.site import Site

logger = logging.getLogger(__name__)

DOCTYPE = "Known Error"
_COLUMNS = ("title", "pattern", "cause", "fix", "category", "enabled")
#: More than this nobody maintains; they would only make every explanation slower.
MOST = 500


def site_errors(site: Site) -> tuple[KnownError, ...]:
	"""Return the enabled entries of a site, for ``explain_text(…, extra=…)``; none where it has no such table.

	Entries that the console ships itself are left out.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(DOCTYPE, *_COLUMNS):
		return ()
	t = table(DOCTYPE)
	columns = [t[name] for name in ("name", *_COLUMNS)]
	rows = site.db.run(site.db.from_(t).select(*columns).where(t.enabled == 1).orderby(t["name"]).limit(MOST))
	shipped = {error.id for error in known_errors()}
	return tuple(
		KnownError(
			id=str(row["name"]),
			category=str(row["category"] or ""),
			title=str(row["title"] or row["name"]),
			pattern=str(row["pattern"] or ""),
			cause=str(row["cause"] or ""),
			fix=str(row["fix"] or ""),
			source=f"Known Error of {site.name}",
			of_site=True,
		)
		for row in rows
		if row["name"] not in shipped
	)


def switched_off(site: Site) -> frozenset[str]:
	"""Return the ids of the entries that somebody switched off on a site, for ``explain_text(…, without=…)``.

	Raises:
		SourceUnavailable: The database does not answer.
	"""
	if not site.has_doctype(DOCTYPE, *_COLUMNS):
		return frozenset()
	t = table(DOCTYPE)
	rows = site.db.run(site.db.from_(t).select(t["name"]).where(t.enabled == 0).limit(MOST))
	return frozenset(str(row["name"]) for row in rows)


def known_in(site: Site, text: str) -> KnownError | None:
	"""Return the known error that fits a text best: the console's, without those switched off, or the site's own.

	While the database does not answer, the console's own must do: they explain why, too.
	"""

	def read() -> tuple[tuple[KnownError, ...], frozenset[str]]:
		try:
			return site_errors(site), switched_off(site)
		except SourceUnavailable as error:
			logger.info("The site's own known errors cannot be read: %s", error.reason)
			return (), frozenset()

	extra, without = site.remember("knowledge", read)
	return next((match.error for match in explain_text(text, extra=extra, without=without, limit=1)), None)
