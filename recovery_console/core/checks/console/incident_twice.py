"""Has every problem one open incident at most?"""

from __future__ import annotations

from pypika import functions as fn

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console._timelines import INCIDENT
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class IncidentTwice(Check):
	"""Has every problem one open incident at most?

	The database sees to that by an index, which a restore or a rebuilt table may have lost.

	Cost: groups the open incidents.
	"""

	title = _("One open incident per problem")
	needs = (INCIDENT,)

	def run(self, site: Site) -> Answer:
		t = table(INCIDENT)
		keyed = t.open_key.notnull() & (t.open_key != "")
		query = site.db.from_(t).select(t.open_key).where(keyed).groupby(t.open_key, t.check_id)
		keys = [row["open_key"] for row in site.db.run(query.having(fn.Count("*") > 1).limit(50))]
		if not keys:
			return
		query = site.db.from_(t).select(t["name"]).where(t.open_key.isin(keys)).orderby(t["name"])
		names = [str(row["name"]) for row in site.db.run(query.limit(200))]
		yield self.warning(
			_("Open incidents that speak of a problem that has another one: {count}."),
			cause=_("The index that keeps a problem from being opened twice is missing from the database."),
			remedy=_(
				"Merge them, then run `bench --site {site} migrate`, which makes the index again: it is called {index}."
			),
			subjects=[(INCIDENT, name) for name in names],
			site=site.name,
			index="recovery_one_open_incident",
		)
