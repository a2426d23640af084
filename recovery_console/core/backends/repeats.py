"""Finding values that occur more than once in large tables."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import Fn

#: More suspects are not worth a list: then every row is one.
MOST_SUSPECTS = 2000


def repeating(db: Database, rows: QueryBuilder, value: Any) -> QueryBuilder | None:
	"""Return the rows whose value occurs more than once, and hardly any others; None when there are none.

	MariaDB groups long texts in a table on disk: five seconds for 100,000 of them, where short numbers made of the
	texts take half a second. The caller groups the few rows that are left by the values themselves.

	Args:
		db: The database.
		rows: A query on the rows, nothing selected yet.
		value: What may occur more than once, as it is to be compared.
	"""
	if db.dialect != "mariadb":
		return rows
	# The weight of a text is the same for all texts that the collation takes for equal, blanks at the end aside.
	number = Fn("CRC32", Fn("WEIGHT_STRING", Fn("RTRIM", value)))
	found = db.run(
		rows.select(number.as_("n")).groupby(number).having(fn.Count("*") > 1).limit(MOST_SUSPECTS + 1)
	)
	if len(found) > MOST_SUSPECTS:
		return rows
	numbers = [int(row["n"]) for row in found if row["n"] is not None]
	return rows.where(number.isin(numbers)) if numbers else None
