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
#: What of other apps is remembered for a diagnosis, by ``extensions.checks_for``.
OF_APPS = "knowledge.apps"
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
	"""Return the known error that fits a text best: one of the console, of another app or of the site itself.

	Those that somebody switched off are left out. While the others cannot be read, the console's own must do: they
	explain why, too.
	"""
	extra, without = site.remember("knowledge", lambda: _others(site))
	return next((match.error for match in explain_text(text, extra=extra, without=without, limit=1)), None)


def _others(site: Site) -> tuple[tuple[KnownError, ...], frozenset[str]]:
	"""Return the known errors that the site and other apps add, and the ids of those that are switched off."""
	extra: tuple[KnownError, ...] = site.remember(OF_APPS, lambda: ())
	without: frozenset[str] = frozenset()
	try:
		without = switched_off(site)
		extra += site_errors(site)
	except SourceUnavailable as error:
		logger.info("The site's own known errors cannot be read: %s", error.reason)
	return extra, without
