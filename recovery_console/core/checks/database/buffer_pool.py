"""Is the database's memory too small for its data?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import tables
from recovery_console.core.finding import _
from recovery_console.core.site import Site


@dataclass(frozen=True)
class BufferPool(Check):
	"""Is MariaDB's buffer pool too small for this site's data, so that it reads from disk again and again?

	Cost: two statements of constant cost, and the list of tables, read once for all checks.
	"""

	title = _("Memory of the database")

	#: Warn when the pool holds less than this share of the data …
	pool_share: float = 0.25
	#: … of at least so much data, …
	data_at_least_mib: int = 1024
	#: … and at least this share of page reads went to the disk …
	disk_reads: float = 0.01
	#: … of at least so many.
	reads_at_least: int = 1_000_000

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb")
		pool = int(site.db.sql("SELECT @@innodb_buffer_pool_size AS n")[0]["n"])
		data = sum(found.total_bytes for found in tables(site) if found.engine == "InnoDB")
		counters = _server.status(site)
		reads = counters["Innodb_buffer_pool_read_requests"]
		share = counters["Innodb_buffer_pool_reads"] / reads if reads else 0.0
		yield self.measure(
			pool_mib=_server.mib(pool), data_mib=_server.mib(data), disk_reads_percent=round(100 * share, 3)
		)
		enough_data = data >= self.data_at_least_mib * _server.MIB and reads >= self.reads_at_least
		if not enough_data or pool >= data * self.pool_share or share < self.disk_reads:
			return
		yield self.warning(
			_("MariaDB keeps {pool_mib} MiB in memory for {data_mib} MiB of this site's data."),
			cause=_(
				"So it goes to the disk for {percent} % of what it reads, which is a thousand times slower."
				" innodb_buffer_pool_size was never raised from its default, or the data has outgrown it."
			),
			remedy=_(
				"Raise innodb_buffer_pool_size in MariaDB's configuration and restart it: to about the size of the data, at"
				" most 70 % of the memory of a machine that runs nothing else, 25 % where the bench runs there, too."
			),
			subjects=[("Database", _server.name(site))],
			pool_mib=_server.mib(pool),
			data_mib=_server.mib(data),
			percent=round(100 * share, 1),
		)
