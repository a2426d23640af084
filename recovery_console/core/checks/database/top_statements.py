"""Which statements cost the database most?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database._statements import Statement, statements
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SHOWN = 5


@dataclass(frozen=True)
class TopStatements(Check):
	"""Which statements cost the database most, and are some of them slow again and again?

	Cost: 200 rows of what the server counts by shape of statement; or at most 20 000 rows, or 4 MiB, of its slow log.
	"""

	title = _("Statements that cost most")
	explained_by = ("database.missing_indexes", "database.buffer_pool", "database.waiting", "host.load")

	#: From a slow log, this far back.
	window: timedelta = timedelta(days=1)
	#: A shape of statement is slow when it takes this long on average …
	average: timedelta = timedelta(seconds=1)
	#: … and was carried out so often.
	calls: int = 10
	#: One shape that takes this share of all the time is worth knowing …
	share: float = 0.3
	#: … when that is at least so long.
	total: timedelta = timedelta(minutes=10)

	def run(self, site: Site) -> Answer:
		source, found = statements(site, self.window)
		spent = sum(one.seconds for one in found)
		yield self.measure(shapes=len(found), spent_seconds=round(spent, 1))
		slow = [
			one for one in found if one.calls >= self.calls and one.average >= self.average.total_seconds()
		]
		if slow:
			yield self.warning(
				_(
					"Statements that are slow again and again: {count}. The costliest took {average_seconds} s on average."
				),
				cause=_(
					"Each of its {calls} calls kept a page or a job waiting and looked at about {rows_each} rows, as"
					" {source} says: {statement}"
				),
				remedy=_(
					"Ask what would help, with values in place of the question marks:"
					' `bench --site {site} recovery explain-query "SELECT …"`'
				),
				subject="slow",
				subjects=[("Statement", one.id) for one in slow],
				**self._evidence(site, source, slow),
			)
		elif found and found[0].seconds >= max(self.total.total_seconds(), spent * self.share):
			yield self.info(
				_("One statement takes {percent} % of the database's time."),
				cause=_("It was carried out {calls} times in all, as {source} says: {statement}"),
				remedy=_(
					"See whether it is asked more often than needed, and what would make it cheaper:"
					' `bench --site {site} recovery explain-query "SELECT …"`'
				),
				subject="costly",
				subjects=[("Statement", found[0].id)],
				percent=round(100 * found[0].seconds / spent),
				**self._evidence(site, source, found[:1]),
			)

	@staticmethod
	def _evidence(site: Site, source: str, found: Sequence[Statement]) -> dict[str, Any]:
		first = found[0]
		return {
			"statement": first.text,
			"calls": first.calls,
			"average_seconds": round(first.average, 2),
			"rows_each": round(first.rows / first.calls),
			"source": source,
			"site": site.name,
			"statements": [
				{"id": one.id, "statement": one.text, "calls": one.calls, "seconds": round(one.seconds, 1)}
				for one in found[:_SHOWN]
			],
		}
