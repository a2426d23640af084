"""Disable Server Scripts that are not valid Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions.cache._keys import document_key, noticed
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.config.server_scripts import problem_of
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import _
from recovery_console.core.plan import Batch, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import changed
from recovery_console.core.site import Site

DOCTYPE = "Server Script"


@dataclass(frozen=True)
class DisableScripts(Action):
	"""Disable the Server Scripts that cannot be compiled, or those of them that are named.

	Whatever such a script belongs to ends in an error; without it, it works again, but the script does not.
	"""

	title = _("Disable broken Server Scripts")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("config.server_scripts",)

	names: tuple[str, ...] = ()
	most: int = 500

	def plan(self, site: Site) -> Plan:
		batches = list(self._batches(site))
		found = {item.subject.name for item in batches}
		unknown = [name for name in self.names if name not in found]
		if unknown:
			raise UsageError(
				f"{', '.join(unknown)[:200]} is no Server Script that is switched on and broken.",
				remedy="Name one that the finding config.server_scripts lists, or none for all of them.",
			)
		return self.planned(
			site,
			_("Broken Server Scripts to disable: {count}"),
			[item for item in batches if not self.names or item.subject.name in self.names],
			most=self.most,
			warnings=[_("A script that guarded something, such as a validation, no longer does.")]
			if batches
			else [],
		)

	def _batches(self, site: Site) -> Iterator[Batch]:
		t = table(DOCTYPE)
		rows = site.db.run(
			site.db.from_(t)
			.select(t["name"], t["script"], t["disabled"], t["modified"])
			.where(t["disabled"] == 0)
			.orderby(t["name"])
			.limit(self.most)
		)
		now = site.ago(timedelta(0))
		for row in rows:
			if problem := problem_of(str(row["script"] or "")):
				names = ("server_script_map", document_key(DOCTYPE, str(row["name"])))
				yield batch(
					DOCTYPE,
					row["name"],
					*noticed(site, names, changed(DOCTYPE, row, disabled=1, modified=now)),
					why=problem,
				)
