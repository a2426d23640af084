"""Reading and changing what a SEPA profile calls a mandate, a batch or a collection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika.queries import QueryBuilder

from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.profile_model import Profile, Role, Source
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

PAGE = 5_000
Row = dict[str, Any]
#: What every plan of this family that writes into an app's tables must say.
NO_HOOKS = _(
	"The rows are changed in the database. Code that the app runs when such a document is saved does not run, and no"
	" version is kept; the record of this run holds what was there before."
)


def own_column(role: Role, logical: str) -> str:
	"""Return the column of a role's own table that holds a field.

	Raises:
		NotApplicable: The profile maps none, or one of another table.
	"""
	path = role.fields.get(logical, "")
	if not path or ">" in path or path.startswith("="):
		raise NotApplicable(
			_("The SEPA profile names no column of {0} for {1}.").format(role.doctype, logical)
		)
	return path


def read(site: Site, source: Source, query: QueryBuilder, *logical: str) -> Iterator[Row]:
	"""Yield rows, page by page, with ``name``, ``modified`` and the columns of these fields, as they are stored."""
	t = source.table
	columns = dict.fromkeys(("name", "modified", *(own_column(source.role, name) for name in logical)))
	query = query.select(*[t[column] for column in columns]).orderby(t["name"]).limit(PAGE)
	last: Any = None
	while True:
		page = site.db.run(query if last is None else query.where(t["name"] > last))
		yield from page
		if len(page) < PAGE:
			return
		last = page[-1]["name"]


def value(role: Role, row: Row, logical: str) -> str:
	"""Return a field of a row that was read, as text."""
	return str(row[own_column(role, logical)] or "").strip()


def set_fields(site: Site, role: Role, row: Row, **after: Any) -> RowEdit:
	"""Return the edit that sets fields, given by their logical names, of a row that was read with them."""
	columns = {own_column(role, name): new for name, new in after.items()}
	return changed(role.doctype, row, **columns, modified=site.ago(timedelta(0)))


def offered(role: Role, logical: str) -> Any:
	"""Return the value of the status field that means a logical status.

	Raises:
		NotApplicable: The profile knows none that the form offers.
	"""
	values = role.status.get(logical, ())
	if not values:
		raise NotApplicable(
			_("The SEPA profile names no status of {0} for {1}.").format(role.doctype, logical)
		)
	return values[0]


def status_fields(role: Role) -> tuple[str, ...]:
	"""Return the fields that change together with a mandate's status."""
	return ("status", "in_use") if role.has("in_use") else ("status",)


def with_status(site: Site, role: Role, row: Row, logical: str) -> RowEdit:
	"""Return the edit that gives a mandate another status, and the switch that goes with it."""
	after: dict[str, Any] = {"status": offered(role, logical)}
	if role.has("in_use"):
		after["in_use"] = int(logical == "active")
	return set_fields(site, role, row, **after)


def compact(text: str) -> str:
	"""Return an IBAN in its electronic form: capitals and digits, without blanks, dashes and dots."""
	return "".join(sign for sign in text if sign.isalnum()).upper()


def collections_under_way(site: Site, profile: Profile, references: list[str]) -> int:
	"""Return how many collections in batches that are not sent yet stand on these mandate references."""
	if not references or not profile.has("line.umr", "line.parent", "batch.status"):
		return 0
	line, batch = profile["line"].source("l"), profile["batch"].source("b")
	query = batch.join(line.start(site.db), line["parent"] == batch["id"])
	query = query.where(batch.is_("draft", "file_made") & (batch["docstatus"] < 2))
	return sum(
		site.db.count(query.where(line["umr"].isin(references[start : start + 500])))
		for start in range(0, len(references), 500)
	)


def said_of_collections(count: int) -> list[str]:
	"""Return what to know about collections that stand on mandates which are about to end."""
	if not count:
		return []
	return [
		_(
			"Collections in batches that are not sent yet stand on these mandates: {0}. They are taken out of drafts by"
			" splitting the batch; a file that was made must be made anew."
		).format(count)
	]
