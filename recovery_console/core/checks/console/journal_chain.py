"""Are the journals of runs as they were written?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _journals
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class JournalChain(Check):
	"""Are the journals of the latest runs as the console wrote them: no entry changed, none missing in between?

	Cost: the entries of the newest runs, by index.
	"""

	title = _("Journals of runs")
	needs = (_journals.RUN, _journals.ENTRY)

	#: So many of the newest runs are looked at.
	newest: int = 10

	def run(self, site: Site) -> Answer:
		names = _journals.newest(site, self.newest)
		broken = {name: why for name in names if (why := _journals.broken(site, name)) is not None}
		yield self.measure(journals_looked_at=len(names), broken_journals=len(broken))
		if broken:
			yield self.critical(
				_("Runs whose journal is not as the console wrote it: {count}."),
				cause=_(
					"{first} It was changed in the database, past the console: what these runs did is not proven, and"
					" they are neither gone on with nor taken back."
				),
				remedy=_(
					"Compare what they planned with the site by hand, find out who may write to the database, and start"
					" a new run for what is left."
				),
				subjects=[(_journals.RUN, name) for name in broken],
				first=next(iter(broken.values())),
			)
