"""Which problems come back again and again?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from datetime import timedelta
from typing import Any

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site
from recovery_console.core.timeline import EventKind
from recovery_console.core.times import in_words
from recovery_console.core.window import lately

_INCIDENT = "Incident"
_EVENT = "Incident Event"
_MOST = 1000


@plain_dataclass
class _Root:
	"""One problem: how often it came, and the incidents that it came with."""

	title: str = ""
	times: int = 0
	incidents: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Recurring(Check):
	"""Which problems were there several times within a week: opened anew, or reopened?

	What stood beneath another incident or was merged into one is not counted: what explains it is.

	Cost: the incidents and the reopenings of the window, by index.
	"""

	title = _("Problems that come back")
	needs = (_INCIDENT, _EVENT)

	#: So often within the window is a pattern.
	times: int = 3
	window: timedelta = timedelta(days=7)

	def run(self, site: Site) -> Answer:
		roots = self._roots(site)
		found = {name: root for name, root in roots.items() if root.times >= self.times}
		yield self.measure(recurring_problems=len(found))
		for name, root in sorted(found.items(), key=lambda item: -item[1].times):
			yield self.warning(
				_("Came {count} times in {window}: {problem}"),
				cause=_("It was put right each time, and what makes it come was not: {incidents}."),
				remedy=_(
					"Read the reviews of these incidents together. Agree on one action item that removes the cause, with an"
					" owner and a date, and make a runbook or a known error of what was learned."
				),
				subject=name,
				subjects=[(_INCIDENT, incident) for incident in root.incidents],
				count=root.times,
				problem=root.title,
				incidents=", ".join(list(root.incidents)[:10]),
				window=in_words(self.window),
			)

	def _roots(self, site: Site) -> Mapping[str, _Root]:
		"""Count by fingerprint: each incident that was opened in the window, and each time one was reopened."""
		roots: dict[str, _Root] = defaultdict(_Root)
		for row in (*self._opened(site), *self._reopened(site)):
			if row["parent_incident"] or row["merged_into"] or row["check_id"] == self.id:
				continue
			root = roots[str(row["fingerprint"])]
			root.times += 1
			root.title = str(row["title"])
			root.incidents[str(row["name"])] = None
		return roots

	def _opened(self, site: Site) -> list[dict[str, Any]]:
		t = table(_INCIDENT)
		query = self._columns(site, t).where(lately(site, t, self.window))
		return site.db.run(query.orderby(t.creation).limit(_MOST))

	def _reopened(self, site: Site) -> Iterator[dict[str, Any]]:
		e, t = table(_EVENT), table(_INCIDENT)
		again = lately(site, e, self.window) & (e.event == EventKind.REOPENED.value)
		names = [
			row["incident"]
			for row in site.db.run(site.db.from_(e).select(e.incident).where(again).limit(_MOST))
		]
		if not names:
			return
		rows = site.db.run(self._columns(site, t).where(t["name"].isin(sorted(set(names)))))
		known = {row["name"]: row for row in rows}
		yield from (known[name] for name in names if name in known)

	def _columns(self, site: Site, t: Any) -> Any:
		fields = (t["name"], t.title, t.fingerprint, t.check_id, t.parent_incident, t.merged_into)
		return site.db.from_(t).select(*fields)
