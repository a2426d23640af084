"""Are the timelines of incidents as they were written?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _timelines
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class TimelineChain(Check):
	"""Are the timelines of incidents as the console wrote them: no line changed, none missing?

	Each line is sealed to the one before, and the incident keeps how many there are. A backup that is restored makes
	both shorter, and is no break.

	Cost: the lines of the newest incidents, and every hour those of a few older ones in turn, by index.
	"""

	title = _("Timelines of incidents")
	needs = (_timelines.INCIDENT, _timelines.EVENT)

	#: So many of the newest incidents are looked at every time.
	newest: int = 20
	#: So many of the older ones are looked at in turn.
	in_turn: int = 5

	def run(self, site: Site) -> Answer:
		if not site.has_doctype(_timelines.EVENT, "incident", "number", "seal"):
			return
		names = [*_timelines.newest(site, self.newest), *self._older(site)]
		broken = [found for name in names if (found := _timelines.broken(site, name)) is not None]
		yield self.measure(timelines_looked_at=len(names), broken_timelines=len(broken))
		if broken:
			yield self.critical(
				_("Timelines of incidents that are not as the console wrote them: {count}."),
				cause=_(
					"Lines are missing or were changed in the database, past the console: {where}. Everything from"
					" that line on proves nothing any more."
				),
				remedy=_(
					"Compare with the timeline in the incident's evidence bundles and with a backup, find out who may"
					" write to the database, and note in the incident what was found. The lines stay as they are."
				),
				subjects=[(_timelines.INCIDENT, found.incident) for found in broken],
				where=", ".join(
					_("{incident} from line {line}").format(incident=found.incident, line=found.line)
					for found in broken[:5]
				),
			)

	def _older(self, site: Site) -> list[str]:
		"""Return a few of the older incidents: others every hour, until all had their turn."""
		t = table(_timelines.INCIDENT)
		older = site.db.count(site.db.from_(t)) - self.newest
		if older <= 0 or self.in_turn <= 0:
			return []
		turns = -(-older // self.in_turn)
		turn = int(site.now().timestamp() // _SECONDS_PER_HOUR) % turns
		return _timelines.newest(site, self.in_turn, skip=self.newest + turn * self.in_turn)
