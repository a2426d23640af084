"""Does the database hold much space that nothing uses?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SQLITE = """SELECT f.freelist_count * s.page_size AS free, p.page_count * s.page_size AS total
	FROM pragma_freelist_count() f, pragma_page_count() p, pragma_page_size() s"""


@dataclass(frozen=True)
class WastedSpace(Check):
	"""Does the database hold much disk space that nothing uses any more?

	Cost: the list of tables from the statistics, read once for all checks; on SQLite three PRAGMAs.
	"""

	title = _("Unused space in the database")

	#: Reported when this share of the space is unused …
	share: float = 0.5
	#: … and at least so much.
	at_least_mib: int = 1024

	def run(self, site: Site) -> Answer:
		if _server.only_on(site, "mariadb", "sqlite") == "sqlite":
			row = site.db.sql(_SQLITE)[0]
			free, total = int(row["free"]), int(row["total"])
			names = [_server.name(site)] if free else []
		else:
			own = sorted(tables(site), key=lambda item: item.free_bytes, reverse=True)
			free, total = (
				sum(item.free_bytes for item in own),
				sum(item.total_bytes + item.free_bytes for item in own),
			)
			names = [item.name for item in own if item.free_bytes >= free / 10]
		yield self.measure(unused_mib=_server.mib(free), total_mib=_server.mib(total))
		if not free or free < self.at_least_mib * _server.MIB or free < total * self.share:
			return
		yield self.info(
			_("Unused space inside the database: {unused_mib} of {total_mib} MiB."),
			cause=_(
				"Many rows were deleted. The space is used again for new rows, but not given back to the disk."
			),
			remedy=_(
				"Nothing is wrong. To give it back, with twice the space free on the disk and nobody at work:"
				" `{statement}` in `{console}`."
			),
			subjects=[("Table", name) for name in names],
			count=len(names),
			unused_mib=_server.mib(free),
			total_mib=_server.mib(total),
			console=_server.console(site),
			statement="VACUUM;" if site.db.dialect == "sqlite" else f"OPTIMIZE TABLE `{names[0]}`;",
		)
