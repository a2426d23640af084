"""Finding values that occur more than once in large tables."""

from __future__ import annotations

from typing import Any

from pypika import functions as fn
from pypika.queries import QueryBuilder
from pypika.terms import Criterion

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import Bind, Fn

#: More suspects are not worth a list: then every row is one.
MOST_SUSPECTS = 2000


def may_repeat(db: Database, rows: QueryBuilder, value: Any) -> Criterion:
	"""Return a condition that every row fulfils whose value occurs more than once, and hardly any other row.

	MariaDB groups long texts in a table on disk: five seconds for 100,000 of them, where short numbers made of the
	texts take half a second. The caller groups the few rows that are left by the values themselves.

	Args:
		db: The database.
		rows: A query on the rows, nothing selected yet.
		value: What may occur more than once, as it is to be compared.
	"""
	everything: Criterion = Bind(1) == Bind(1)
	if db.dialect != "mariadb":
		return everything
	# The weight of a text is the same for all texts that the collation takes for equal, blanks at the end aside.
	number = Fn("CRC32", Fn("WEIGHT_STRING", Fn("RTRIM", value)))
	found = db.run(
		rows.select(number.as_("n")).groupby(number).having(fn.Count("*") > 1).limit(MOST_SUSPECTS + 1)
	)
	if len(found) > MOST_SUSPECTS:
		return everything
	numbers = [int(row["n"]) for row in found if row["n"] is not None]
	suspect: Criterion = number.isin(numbers or [-1])
	return suspect
