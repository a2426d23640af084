"""Delete log files that were rotated long ago."""

from __future__ import annotations

import re
from datetime import timedelta

from recovery_console.core.action import Action, Risk, batch
from recovery_console.core.actions._named import only_named
from recovery_console.core.actions.storage._paths import removal
from recovery_console.core.actions.storage.cut_logs import log_files
from recovery_console.core.finding import _
from recovery_console.core.plan import Plan
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

_MIB = 1024**2
#: What rotation leaves behind: web.log.3, web.log.2.gz, web.log-20260101, web.log.20260101_120000.gz.
_ROTATED = re.compile(r".+\.(?:log|json)(?:\.\d{1,4}|-\d{8}|\.\d{8}_\d{6})(?:\.gz)?")


@dataclass(frozen=True)
class PruneLogs(Action):
	"""Delete log files that were rotated and have not been written for long, for good.

	Only in the bench's and the site's folders of logs, and never a log that is still written.
	"""

	title = _("Delete old rotated logs")
	risk = Risk.DESTRUCTIVE
	checks = ("host.disk", "host.inodes")

	#: Names of rotated logs; without, all that are older than ``older_than``.
	names: tuple[str, ...] = ()
	older_than: timedelta = timedelta(days=30)
	most: int = 1_000

	def plan(self, site: Site) -> Plan:
		old = {
			file.path.name: file
			for file in log_files(site)
			if _ROTATED.fullmatch(file.path.name) and site.now() - file.modified > self.older_than
		}
		chosen = only_named(self.id, self.names, old, _("rotated log that is old enough"))
		return self.planned(
			site,
			_("Rotated logs to delete: {count}, together {mib} MiB"),
			[batch("File", file.path.name, removal(site, file)) for file in chosen],
			most=self.most,
			mib=round(sum(file.size_bytes for file in chosen) / _MIB, 1),
		)
