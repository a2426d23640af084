"""Did patches fail and were passed over?"""

from __future__ import annotations

from recovery_console.core.backends.sql import table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_LONGEST = 140


@dataclass(frozen=True)
class PatchesFailed(Check):
	"""Did a patch fail and was it passed over, and has it not succeeded since?

	Cost: those that were passed over, of a table of about a thousand rows.
	"""

	title = _("Patches that failed")
	needs = ("Patch Log",)

	most: int = 50000

	def run(self, site: Site) -> Answer:
		if not site.has_doctype("Patch Log", "skipped"):
			return
		t = table("Patch Log")
		query = site.db.from_(t).select(t.patch, t.modified).where(t.skipped == 1).limit(self.most)
		skipped = site.db.run(query)
		if not skipped:
			return
		rows = site.db.run(
			site.db.from_(t).select(t.patch).where((t.skipped == 0) | t.skipped.isnull()).limit(self.most)
		)
		done = {row["patch"] for row in rows}
		failed = [row for row in skipped if row["patch"] not in done]
		if not failed:
			return
		names = sorted({str(row["patch"]) for row in failed})
		yield self.warning(
			_("Patches that failed and were passed over: {count}."),
			cause=_(
				"A migration ran with --skip-failing: it wrote them down as skipped and went on. What they should"
				" have changed in the data is not changed."
			),
			remedy=_(
				"Open Patch Log, filter by Skipped, and read the traceback of each. Put right what it names, then run"
				" `bench --site {site} run-patch` with the line, or `bench --site {site} migrate`, which tries again."
			),
			subjects=[("Patch", name[:_LONGEST]) for name in names],
			site=site.name,
			newest=max(site.moment(row["modified"]) or site.now() for row in failed),
		)
