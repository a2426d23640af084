"""A site's own known errors: its ``Known Error`` documents."""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.knowledge.entry import KnownError, known_errors
from recovery_console.core.site import Site

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
