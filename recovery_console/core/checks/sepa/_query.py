"""What the queries of this family share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.sql import Fn
from recovery_console.core.finding import Subject, most_subjects
from recovery_console.core.profile_model import Profile, Source
from recovery_console.core.site import Site

#: Batches that may still become, or already are, money under way.
LIVE = ("draft", "file_made", "sent")
#: Batches that can still be stopped.
OPEN = ("draft", "file_made")
#: Functions that make a number of a text; SQLite has none.
HASHES = {"mariadb": "CRC32", "postgres": "HASHTEXT"}


def today(site: Site) -> date:
	"""Return the site's present date."""
	return site.db_time(site.now()).date()


def compact(term: Any) -> Fn:
	"""Return an IBAN column as it is to be compared: upper case, without blanks."""
	return Fn("UPPER", Fn("REPLACE", term, " ", ""))


def folded(site: Site, term: Any) -> Any:
	"""Return a mandate reference as it is to be compared: references do not differ in case.

	MariaDB compares that way by itself; there the bare column lets it use the index.
	"""
	return term if site.db.dialect == "mariadb" else Fn("UPPER", term)


def is_blank(term: Any) -> Criterion:
	"""Return the condition that a text column holds nothing."""
	empty: Criterion = term.isnull() | (term == "")
	return empty


def in_batches(batch: Source, statuses: tuple[str, ...], since: date | None = None) -> Criterion:
	"""Return the condition that a batch has one of these statuses and is not cancelled."""
	conditions = [batch["docstatus"] < 2, batch.is_(*statuses)]
	if since is not None:
		conditions.append(batch["date"] >= since)
	return Criterion.all(conditions)


def lines_of(site: Site, profile: Profile, statuses: tuple[str, ...], since: date | None = None) -> Lines:
	"""Start a query on the collections in batches with one of these statuses."""
	line, batch = profile["line"].source("l"), profile["batch"].source("b")
	query = batch.join(line.start(site.db), line["parent"] == batch["id"])
	return Lines(query.where(in_batches(batch, statuses, since)), line, batch)


class Lines:
	"""A query on collections, and the two sources that it joins."""

	def __init__(self, query: QueryBuilder, line: Source, batch: Source) -> None:
		self.query, self.line, self.batch = query, line, batch


def tally(site: Site, source: Source, query: QueryBuilder) -> tuple[int, list[Subject]]:
	"""Return how many rows a query on ``source`` has, and the first of them as subjects."""
	rows = site.db.run(query.select(source["id"].as_("id")).orderby(source["id"]).limit(most_subjects() + 1))
	count = len(rows) if len(rows) <= most_subjects() else site.db.count(query)
	return count, subjects(source.role.doctype, [row["id"] for row in rows])


def subjects(doctype: str, names: list[Any]) -> list[Subject]:
	"""Return documents as subjects: as many as a finding keeps, each once."""
	return [Subject(doctype, str(name)) for name in list(dict.fromkeys(names))[: most_subjects()]]


def money(amount: Any) -> float:
	"""Return an amount as a number that reads well."""
	return round(float(amount or 0), 2)


def days(duration: timedelta) -> int:
	"""Return a threshold in whole days."""
	return duration.days


def own_ibans(site: Site, profile: Profile) -> frozenset[str]:
	"""Return the creditor's IBANs, compact: nobody can be collected from to the same account."""
	role = profile.role("creditor")
	if role is None or not role.has("iban"):
		return frozenset()
	return frozenset(
		"".join(data["iban"].split()).upper() for data in role.read_all(site) if data.get("iban")
	)
