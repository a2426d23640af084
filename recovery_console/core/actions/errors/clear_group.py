"""Take errors of one kind out of Error Log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.errors import _groups
from recovery_console.core.checks.errors._groups import DOCTYPE, Group
from recovery_console.core.edits import ABSENT, FileText
from recovery_console.core.edits.values import pack
from recovery_console.core.errors import UsageError
from recovery_console.core.finding import Subject, _
from recovery_console.core.plan import Batch, LeftOut, Plan
from recovery_console.core.record import dataclass
from recovery_console.core.rows import deleted, whole_rows
from recovery_console.core.site import Site

FOLDER = "private/recovery_console/errors"
#: A plan holds each text twice, in the file and in the row; it stops here.
MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class ClearGroup(Action):
	"""Delete errors that repeat from Error Log, once their cause was put right; each group is saved in a file first.

	A group whose error still comes is left alone: first its cause has to go.
	"""

	title = _("Clear repeated errors")
	risk = Risk.REVERSIBLE
	needs = (DOCTYPE,)
	checks = ("errors.repeated", "errors.rate")

	#: Names of errors, one of each group; empty: all groups that repeat.
	names: tuple[str, ...] = ()
	#: A group counts as over when its last error is older.
	quiet_for: timedelta = timedelta(hours=1)
	window: timedelta = timedelta(hours=24)
	#: Without names, groups with fewer errors stay.
	often: int = 10
	most: int = 20

	def plan(self, site: Site) -> Plan:
		groups = _groups.recent(site, self.window)
		wanted = [group for group in groups if self._is_wanted(group)]
		missing = set(self.names) - {error.name for group in wanted for error in group.errors}
		if missing:
			raise UsageError(
				f"Error Log has no error {sorted(missing)[0]!r} within the window.",
				remedy="Take the name from the finding or from the Error Log list.",
			)
		over = [group for group in wanted if site.now() - group.newest.at > self.quiet_for]
		return self.planned(
			site,
			_("Groups of repeated errors to clear, each saved in {folder}: {count}"),
			self._batches(site, over),
			most=self.most,
			warnings=[_("This puts nothing right: it only takes what is over out of the list.")]
			if over
			else [],
			left_out=[
				LeftOut(Subject(DOCTYPE, group.newest.name), _("It still comes; put its cause right first."))
				for group in wanted
				if group not in over
			][:20],
			folder=f"{site.name}/{FOLDER}",
			errors=sum(len(group.errors) for group in over),
		)

	def _is_wanted(self, group: Group) -> bool:
		if self.names:
			return any(error.name in self.names for error in group.errors)
		return len(group.errors) >= self.often

	@staticmethod
	def _batches(site: Site, groups: list[Group]) -> Iterator[Batch]:
		t = table(DOCTYPE)
		size = 0
		for group in groups:
			names = [error.name for error in group.errors]
			rows = whole_rows(
				site, site.db.from_(t).where(t["name"].isin(names)).orderby(t["creation"], t["name"])
			)
			content = "".join(json.dumps(pack(dict(row))) + "\n" for row in rows).encode()
			size += len(content)
			if size > MOST_BYTES:
				return
			path = f"sites/{site.name}/{FOLDER}/{group.newest.at:%Y-%m-%d-%H%M%S}-{group.mark.key[:12]}.jsonl"
			yield batch(
				DOCTYPE,
				_groups.tell(site, group).label,
				FileText(path, ABSENT, content),
				*(deleted(DOCTYPE, row) for row in rows),
			)
