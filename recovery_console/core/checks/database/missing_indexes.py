"""Do big tables lack indexes?"""

from __future__ import annotations

from collections.abc import Iterator

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database._expected import expected, indexed_fields
from recovery_console.core.checks.database._tables import indexed, key, largest_rowids, tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: Frappe's first tables come from a script of their own, with other indexes than the rest.
_FIRST = frozenset(
	{"DocType", "DocField", "DocPerm", "DocType Action", "DocType Link", "DefaultValue", "File"}
)


@dataclass(frozen=True)
class MissingIndexes(Check):
	"""Do big tables lack an index that Frappe makes for them?

	Cost: one read of the fields and one of the catalogue; how many rows a table has comes from its statistics, on
	SQLite from the largest row number.
	"""

	title = _("Missing indexes")
	needs = ("DocType", "DocField", "Custom Field")

	#: Smaller tables are read through in no time.
	big_rows: int = 100_000

	def run(self, site: Site) -> Answer:
		big = _big_tables(site, self.big_rows)
		missing = sorted(set(_missing(site, big)))
		yield self.measure(missing_indexes=len(missing), big_tables=len(big))
		if not missing:
			return
		first = missing[0]
		yield self.warning(
			_("Indexes missing on big tables: {count}."),
			cause=_(
				"Each search by {column} reads all of the about {rows} rows of {doctype}. A migrate was interrupted, or an"
				" index was dropped by hand."
			),
			remedy=_(
				"Outside working hours, for each of them, such as the first:"
				' `bench --site {site} add-database-index --doctype "{doctype}" --column "{column}"`'
			),
			subjects=[("Index", f"{doctype}.{column}") for doctype, column in missing],
			doctype=first[0],
			column=first[1],
			rows=big[first[0]],
			site=site.name,
		)


def _big_tables(site: Site, rows: int) -> dict[str, int]:
	"""Return the DocTypes with at least so many rows, and about how many they have."""
	names = {found.name: found.rows for found in tables(site) if found.name.startswith("tab")}
	if site.db.dialect == "sqlite":
		wanted = sorted(f"tab{name}" for name in expected(site).doctypes if f"tab{name}" in names)
		names = largest_rowids(site, wanted)
	return {name.removeprefix("tab"): count for name, count in names.items() if count >= rows}


def _missing(site: Site, big: dict[str, int]) -> Iterator[tuple[str, str]]:
	if big:
		present = indexed(site)
		if site.db.dialect != "postgres":  # there Frappe makes only the indexes of fields
			yield from _standard(site, big, present)
		if site.db.dialect != "sqlite":
			yield from _of_fields(site, big, present)


def _standard(site: Site, big: dict[str, int], present: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
	doctypes = expected(site).doctypes
	for doctype in (big.keys() & doctypes.keys()) - _FIRST:
		own = present.get(key(site, f"tab{doctype}"), set())
		if doctypes[doctype]:
			if "parent" not in own:
				yield doctype, "parent"
		elif not own & {"creation", "modified"}:
			yield doctype, "modified" if site.frappe_major == 15 else "creation"


def _of_fields(site: Site, big: dict[str, int], present: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
	for doctype, fieldname in indexed_fields(site):
		own = present.get(key(site, f"tab{doctype}"), set())
		if doctype in big and fieldname.lower() not in own:
			yield doctype, fieldname
