"""What changed on a site of late: the first thing that anybody asks when something broke."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.sql import table
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import UTC

#: How far back changes are told with a report.
LOOK_BACK = timedelta(hours=24)
#: A report tells at most so many, the latest; kinds with more are summed up.
MOST = 20
_MOST_PER_KIND = 5
_LOG_BYTES = 64 * 1024

#: DocTypes whose changes change how the site behaves: DocType, what to call it, the column that says what of.
_CUSTOMISATIONS = (
	("Custom Field", _("Custom field changed: {0}"), "name"),
	("Property Setter", _("Form property changed: {0}"), "name"),
	("Custom DocPerm", _("Permissions changed: {0}"), "parent"),
	("Role", _("Role changed: {0}"), "name"),
	("Server Script", _("Server script changed: {0}"), "name"),
	("Client Script", _("Client script changed: {0}"), "name"),
	("Workflow", _("Workflow changed: {0}"), "name"),
	("Notification", _("Notification changed: {0}"), "name"),
	("Email Account", _("Email account changed: {0}"), "name"),
)
# A line of a reflog: two ids, who, the second, the zone, what was done.
_REFLOG = re.compile(r"^[0-9a-f]{40} ([0-9a-f]{7})[0-9a-f]{33} .*> (\d+) [+-]\d{4}\t(.*)$")


@dataclass(frozen=True)
class Change:
	"""Something that changed.

	Args:
		when: When, UTC.
		what: In a sentence without names of people.
		reference: DocType and name of the document, where it is one.
	"""

	when: datetime
	what: str
	reference: tuple[str, str] = ("", "")

	def as_dict(self) -> dict[str, Any]:
		return {"when": self.when, "what": self.what}


def recent_changes(site: Site, look_back: timedelta = LOOK_BACK) -> tuple[list[Change], list[str]]:
	"""Return what changed on a site and its bench, latest first.

	Cost: the stat of a few files, the end of each app's reflog, and one indexed query per kind of change.

	Returns:
		The changes, and for each source that could not be asked why not.
	"""
	found: list[Change] = []
	notes: list[str] = []
	sources: tuple[Callable[[Site, datetime], Iterator[Change]], ...] = (
		_files,
		_code,
		_patches,
		_customisations,
	)
	for read in sources:
		try:
			found += read(site, site.now() - look_back)
		except SourceUnavailable as error:
			note = f"Not all recent changes are known: {error.reason}"
			if note not in notes:
				notes.append(note)
	found.sort(key=lambda change: (change.when, change.what), reverse=True)
	return found[:MOST], notes


def _files(site: Site, since: datetime) -> Iterator[Change]:
	for path, what in (
		(site.config.site.path, _("The site's configuration was written: {0}")),
		(site.config.common.path, _("The configuration of all sites was written: {0}")),
		(site.bench / "sites" / "apps.txt", _("The list of apps was written: {0}")),
		(site.bench / "sites" / "assets" / "assets.json", _("Assets were built: {0}")),
	):
		file = site.files.stat(path)
		if file is not None and file.modified >= since:
			yield Change(file.modified, what.format(path.name))


def _code(site: Site, since: datetime) -> Iterator[Change]:
	"""Read from each app's reflog which commits it was put on."""
	for folder in sorted((site.bench / "apps").glob("*/.git/logs/HEAD")):
		if site.files.stat(folder) is None:
			continue
		app = folder.parents[2].name
		for line in site.files.read_text(folder, most_bytes=_LOG_BYTES).splitlines()[-_MOST_PER_KIND:]:
			entry = _REFLOG.match(line)
			if entry is None:
				continue
			when = datetime.fromtimestamp(int(entry[2]), UTC)
			if when >= since:
				yield Change(when, _("Code of {0} is now at {1} ({2})").format(app, entry[1], entry[3][:60]))


def _patches(site: Site, since: datetime) -> Iterator[Change]:
	if not site.has_doctype("Patch Log"):
		return
	t = table("Patch Log")
	recent = site.db_time(since)
	chosen = site.db.from_(t).where(
		(t.creation >= recent) & (t.modified >= recent) & (t.creation <= _latest(site))
	)
	count = site.db.count(chosen)
	newest = site.db.run(chosen.select(t.patch, t.creation).orderby(t.creation, order=Order.desc).limit(1))
	when = site.moment(newest[0]["creation"]) if newest else None
	if when is not None:
		yield Change(when, _("Patches were applied: {0}, the last {1}").format(count, newest[0]["patch"]))


def _latest(site: Site) -> datetime:
	"""Return the database time after which nothing can have changed yet: a site whose zone was changed has such rows."""
	return site.db_time(site.now() + timedelta(minutes=1))


def _customisations(site: Site, since: datetime) -> Iterator[Change]:
	recent, latest = site.db_time(since), _latest(site)
	for doctype, what, column in _CUSTOMISATIONS:
		if not site.has_doctype(doctype):
			continue
		t = table(doctype)
		query = site.db.from_(t).select(t["name"], t[column].as_("subject"), t.modified)
		query = query.where((t.modified >= recent) & (t.modified <= latest))
		rows = site.db.run(query.orderby(t.modified, order=Order.desc).limit(_MOST_PER_KIND))
		for subject in dict.fromkeys(str(row["subject"]) for row in rows):
			row = next(row for row in rows if str(row["subject"]) == subject)
			when = site.moment(row["modified"])
			if when is not None:
				yield Change(when, what.format(subject), (doctype, str(row["name"])))
