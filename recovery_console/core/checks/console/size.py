"""How large are the console's own tables?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.console import _snapshots
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.errors import NotApplicable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_MIB = 1024**2
_OWN = ("Health Snapshot", "Incident", "Incident Finding", "Incident Event", "Known Error", "SEPA Profile")


@dataclass(frozen=True)
class Size(Check):
	"""Do the console's own tables take more room than they are worth?

	Cost: the list of tables with their sizes from the statistics, read once for all checks.
	"""

	title = _("Size of the console's tables")
	needs = (_snapshots.DOCTYPE,)
	explained_by = ("console.retention",)

	most_mib: int = 1024

	def run(self, site: Site) -> Answer:
		if site.db.dialect == "sqlite":
			raise NotApplicable(_("SQLite does not tell how large a table is without reading it."))
		own = [item for item in tables(site) if item.doctype in _OWN]
		size = sum(item.total_bytes for item in own)
		yield self.measure(own_tables_mib=round(size / _MIB, 1))
		if size <= self.most_mib * _MIB:
			return
		largest = max(own, key=lambda item: item.total_bytes)
		yield self.info(
			_("The console's own tables take {size_mib} MiB."),
			cause=_(
				"The largest is {largest}. Every backup carries it along. Sizes are the database's estimates."
			),
			remedy=_("Keep whole reports and hourly snapshots for fewer days in Recovery Settings."),
			subjects=[("DocType", largest.doctype)],
			count=1,
			size_mib=round(size / _MIB),
			largest=largest.doctype,
		)
