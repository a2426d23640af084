"""Error Log, read within a window and a limit, and grouped: one problem, one group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pypika import Case, Order
from pypika import functions as fn

from recovery_console.core.backends.sql import DocTable, Fn, bind, table
from recovery_console.core.checks.jobs._errors import read_death
from recovery_console.core.finding import _
from recovery_console.core.fingerprint import Fingerprint, fingerprint
from recovery_console.core.knowledge import known_in
from recovery_console.core.record import dataclass
from recovery_console.core.redact import redact_text
from recovery_console.core.site import Site
from recovery_console.core.window import indexed_time

DOCTYPE = "Error Log"
#: Texts of no more errors are read than these, the newest; counts are exact all the same.
MOST_READ = 1000
#: So many are counted by both of their times.
MOST_COUNTED = 20_000
#: Texts are read in pages of so many.
_PAGE = 100
#: Of a longer text the beginning is left out: the exception stands at the end.
LAST_WORDS = 8000
#: An error that is not an exception is known by its first line, of at most so many characters.
_LONGEST_LINE = 300
_HTML = re.compile(r"<[^<>]{1,300}>")


@dataclass(frozen=True)
class LoggedError:
	"""One error, wherever it was written down."""

	name: str
	at: datetime
	title: str
	text: str


@dataclass(frozen=True)
class Group:
	"""Errors with one fingerprint, newest first."""

	mark: Fingerprint
	errors: tuple[LoggedError, ...]

	@property
	def newest(self) -> LoggedError:
		return self.errors[0]

	@property
	def oldest(self) -> LoggedError:
		return self.errors[-1]


@dataclass(frozen=True)
class Told:
	"""A group in words: what it is called, what the error says, and what is known about it."""

	label: str
	message: str
	known_id: str
	cause: str
	fix: str


def within(site: Site, t: DocTable, window: timedelta, until: timedelta = timedelta(0)) -> Any:
	"""Return the condition that a row lies in a window: Frappe 15 indexes ``modified``, 16 ``creation``."""
	since = site.ago(window)
	condition = (t.creation >= since) & (t.modified >= since)
	return condition & (t.creation < site.ago(until)) if until else condition


def count(site: Site, window: timedelta) -> int:
	"""Return how many errors were logged within a window."""
	if window == timedelta(days=1):
		return rates(site).day
	t = table(DOCTYPE)
	return site.db.count(site.db.from_(t).where(within(site, t, window)))


@dataclass(frozen=True)
class Rates:
	"""How many errors were logged in the last hour, in the last day, and in the day before."""

	hour: int
	day: int
	day_before: int


def rates(site: Site) -> Rates:
	"""Return how many errors there were, counted in one pass for all checks.

	Very many are counted by the time that has the index, without reading them, a tenth of the work: Frappe 15 leaves
	``modified`` alone when somebody looks at an error, so it differs from ``creation`` only where a program wrote it.
	"""

	def read() -> Rates:
		t, day = table(DOCTYPE), timedelta(days=1)
		time = t[indexed_time(site)]
		lately = time >= site.ago(2 * day)
		if site.db.count(site.db.from_(t).where(lately)) <= MOST_COUNTED:
			time, lately = t.creation, within(site, t, 2 * day)
		younger = [
			fn.Sum(Case().when(time >= site.ago(age), bind(1)).else_(bind(0))).as_(name)
			for name, age in (("hour", timedelta(hours=1)), ("day", day))
		]
		(row,) = site.db.run(site.db.from_(t).select(*younger, fn.Count("*").as_("both")).where(lately))
		last = int(row["day"] or 0)
		return Rates(int(row["hour"] or 0), last, int(row["both"]) - last)

	return site.remember("errors.rates", read)


def read(site: Site, window: timedelta, until: timedelta = timedelta(0)) -> list[LoggedError]:
	"""Return the newest errors of a window: names and times first, then texts by name, page by page.

	A diagnosis reads no text twice, though the windows of its checks overlap.
	"""
	t = table(DOCTYPE)
	query = site.db.from_(t).select(t["name"], t.creation).where(within(site, t, window, until))
	rows = site.db.run(query.orderby(t[indexed_time(site)], order=Order.desc).limit(MOST_READ))
	kept: dict[str, LoggedError] = site.remember("errors.read", dict)
	names = [row["name"] for row in rows if row["name"] not in kept]
	end = (
		Fn("SUBSTR", t.error, -LAST_WORDS)
		if site.db.dialect == "sqlite"
		else Fn("RIGHT", t.error, LAST_WORDS)
	)
	times = {row["name"]: row["creation"] for row in rows}
	for start in range(0, len(names), _PAGE):
		page = names[start : start + _PAGE]
		query = site.db.from_(t).select(t["name"], t.method, end.as_("error")).where(t["name"].isin(page))
		kept |= {row["name"]: _logged(site, times[row["name"]], row) for row in site.db.run(query)}
	return [kept[row["name"]] for row in rows if row["name"] in kept]


def recent(site: Site, window: timedelta) -> list[Group]:
	"""Return the groups of a window, read once for all checks, largest first."""
	return site.remember(f"errors.{window}", lambda: group(site, read(site, window)))


def group(site: Site, errors: Iterable[LoggedError]) -> list[Group]:
	"""Put errors into groups, largest first."""
	members: dict[str, list[LoggedError]] = {}
	marks: dict[str, Fingerprint] = {}
	known: dict[tuple[str, str], Fingerprint] = site.remember("errors.marks", dict)
	for error in sorted(errors, key=lambda item: item.at, reverse=True):
		says = (error.title, error.text)
		found = known.get(says) or known.setdefault(says, mark(error, site.name))
		marks.setdefault(found.key, found)
		members.setdefault(found.key, []).append(error)
	groups = [Group(marks[key], tuple(found)) for key, found in members.items()]
	return sorted(groups, key=lambda item: (-len(item.errors), item.mark.key))


def mark(error: LoggedError, site: str) -> Fingerprint:
	"""Return what an error is grouped by."""
	death = read_death(error.text)
	name, begins = death.error, error.text.rfind(death.message[:100])
	message = error.text[begins:] if begins >= 0 else death.message
	if " " in name and not name.rpartition(" ")[2].isdigit():  # no exception: a text that somebody logged
		name, message = "", error.text.strip().partition("\n")[0][:_LONGEST_LINE]
	return fingerprint(name, message, error.text, title=error.title, site=site)


def tell(site: Site, found: Group) -> Told:
	"""Say what a group is, from its newest error. Account numbers, secrets and addresses are left out."""
	newest = found.newest
	death = read_death(newest.text)
	said = death.message if found.mark.error else newest.text.strip().partition("\n")[0]
	message = _readable(said)[:_LONGEST_LINE]
	title = _readable(newest.title)[:140]
	known = known_in(site, f"{newest.title}\n{newest.text}")
	where = found.mark.frames[-1] if found.mark.frames else ""
	return Told(
		label=" ".join(
			part for part in (found.mark.error, _("in {0}").format(where) if where else "") if part
		)
		or title
		or _("an error without a name"),
		message=message or title or _("No error text was kept."),
		known_id=known.id if known else "",
		cause=f" {known.cause}" if known else "",
		fix=f"{known.fix} " if known else "",
	)


def _readable(text: str) -> str:
	"""Return a text on one line, without tags; redacted before, for a tag may be what tells a secret, and after."""
	bare = " ".join(_HTML.sub("", redact_text(text, personal=True)).split())
	return redact_text(bare, personal=True)


def _logged(site: Site, created: Any, found: dict[str, Any]) -> LoggedError:
	return LoggedError(
		name=str(found["name"]),
		at=site.moment(created) or site.now(),
		title=str(found["method"] or ""),
		text=str(found["error"] or ""),
	)
