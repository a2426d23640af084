"""Which regular duties has nobody signed off in time?"""

from __future__ import annotations

from datetime import timedelta

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console._snapshots import HELD_BACK_BY
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.times import day, in_words

_SIGN_OFF = "Duty Sign-off"


@dataclass(frozen=True)
class DutiesOverdue(Check):
	"""Which duties of the check calendar are past their day, and neither checks nor a person signed them off?

	Cost: the sign-offs that are open, by index.
	"""

	title = _("Duties that are overdue")
	needs = (_SIGN_OFF,)
	explained_by = HELD_BACK_BY

	#: What is overdue for longer than this needs attention; before, it is only told.
	patience: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		today = site.now().astimezone(site.time_zone).date()
		t = table(_SIGN_OFF)
		waits = t.state.isin(["Open", "Overdue"]) & (t.due_on < today)
		query = site.db.from_(t).select(t["name"], t.title, t.due_on).where(waits)
		rows = site.db.run(query.orderby(t.due_on).limit(500))
		yield self.measure(duties_overdue=len(rows))
		if not rows:
			return
		oldest = today - (day(rows[0]["due_on"]) or today)
		tell = self.warning if oldest > self.patience else self.info
		yield tell(
			_("Duties that nobody signed off in time: {count}."),
			cause=_(
				"The longest is “{duty}”, due {overdue} ago. What nobody looks at is not known to be well."
			),
			remedy=_(
				"Open the calendar of Duty Sign-off. Each says which check found something, or what a person is to do; do it,"
				" note what you saw, and sign it off."
			),
			subjects=[(_SIGN_OFF, str(row["name"])) for row in rows],
			duty=str(rows[0]["title"]),
			overdue=in_words(oldest),
		)
