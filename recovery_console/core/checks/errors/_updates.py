"""When the code of this site was changed last."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.site import Site

#: Git writes this file whenever another commit is checked out.
_CHECKED_OUT = Path(".git") / "logs" / "HEAD"


def last_update(site: Site) -> tuple[datetime, str] | None:
	"""Return when the site was migrated or the code of one of its apps changed, and what told it."""
	found = [*_migrated(site), *_checked_out(site)]
	return max(found, default=None)


def _migrated(site: Site) -> list[tuple[datetime, str]]:
	"""Every migrate writes the rows of Installed Application anew."""
	if not site.has_doctype("Installed Application"):
		return []
	t = table("Installed Application")
	moment = site.moment(site.db.value(site.db.from_(t).select(Fn("MAX", t.creation))))
	return [(moment, "bench migrate")] if moment else []


def _checked_out(site: Site) -> list[tuple[datetime, str]]:
	found = []
	for app in site.installed_apps():
		if Path(app).name != app:
			continue
		try:
			file = site.files.stat(site.bench / "apps" / app / _CHECKED_OUT)
		except SourceUnavailable:
			continue  # an app that may not be read dates nothing; what was migrated still does
		if file is not None:
			found.append((file.modified, app))
	return found
