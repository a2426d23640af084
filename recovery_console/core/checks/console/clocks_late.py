"""Does somebody look at the clocks of incidents?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console._snapshots import HELD_BACK_BY
from recovery_console.core.checks.console._timelines import INCIDENT
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import UTC, in_words, moment


@dataclass(frozen=True)
class ClocksLate(Check):
	"""Are the clocks of open incidents looked at when they run out?

	Cost: the open incidents whose next moment has passed.
	"""

	title = _("Clocks of incidents")
	needs = (INCIDENT,)
	explained_by = HELD_BACK_BY

	#: The sweeper comes every few minutes.
	older_than: timedelta = timedelta(minutes=30)

	def run(self, site: Site) -> Answer:
		if not site.has_doctype(INCIDENT, "next_due"):
			return
		t = table(INCIDENT)
		limit = (site.now() - self.older_than).astimezone(UTC).isoformat(timespec="seconds")
		late = (t.next_due > "1") & (t.next_due < limit) & t.status.notin(["Resolved", "Closed"])
		query = site.db.from_(t).select(t["name"], t.next_due).where(late).orderby(t.next_due)
		rows = site.db.run(query.limit(500))
		yield self.measure(clocks_late=len(rows))
		if not rows:
			return
		oldest = moment(rows[0]["next_due"], UTC) or site.now()
		yield self.critical(
			_("Incidents whose clocks nobody looks at: {count}."),
			cause=_(
				"Something was due {age} ago and nobody was called: the sweeper of the console, which comes with the"
				" scheduler every few minutes, does not run."
			),
			remedy=_(
				"Call the people yourself now, by the card of contacts. Then see why the scheduler or its workers"
				" stand still, and look in the Error Log for errors of the sweep."
			),
			subjects=[(INCIDENT, str(row["name"])) for row in rows],
			age=in_words(site.now() - oldest),
		)
