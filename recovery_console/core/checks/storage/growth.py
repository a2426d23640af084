"""Do uploads grow faster than usual?"""

from __future__ import annotations

from datetime import datetime, timedelta

from recovery_console.core.backends.sql import Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MIB = 1024**2


@dataclass(frozen=True)
class Growth(Check):
	"""Were far more bytes uploaded in the last days than usual?

	Cost: two sums over the File rows of five weeks.
	"""

	title = _("Growth of uploads")
	needs = ("File",)

	recent: timedelta = timedelta(days=7)
	before: timedelta = timedelta(days=28)
	#: Speak when so many times the usual amount came in, and at least so much.
	times: float = 3.0
	least_mib: int = 1024

	def run(self, site: Site) -> Answer:
		split = site.ago(self.recent)
		new = self._bytes(site, split, site.ago(timedelta(0)))
		old = self._bytes(site, site.ago(self.recent + self.before), split)
		usual = old * (self.recent / self.before)
		yield self.measure(
			uploaded_recently_mib=round(new / _MIB, 1), uploaded_usually_mib=round(usual / _MIB, 1)
		)
		if new >= self.least_mib * _MIB and new > usual * self.times:
			yield self.info(
				_("Uploads of the last {days} days: {new_mib} MiB; usual are {usual_mib} MiB."),
				cause=_(
					"Somebody imports many files, a mail account takes in large attachments, or a job repeats."
				),
				remedy=_(
					"Look at the list of File, sorted by size and filtered by the last days, for where they come from;"
					" and at the room left on the disk."
				),
				days=self.recent.days,
				new_mib=round(new / _MIB),
				usual_mib=round(usual / _MIB),
			)

	@staticmethod
	def _bytes(site: Site, since: datetime, until: datetime) -> int:
		t = table("File")
		return int(
			site.db.value(
				site.db.from_(t)
				.select(Fn("SUM", t.file_size))
				.where(
					(t.creation >= since) & (t.creation < until) & (t.modified >= since) & (t.is_folder == 0)
				)
			)
			or 0
		)
