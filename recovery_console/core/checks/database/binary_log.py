"""Will the binary log fill the disk?"""

from __future__ import annotations

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.site import Site

_SETTINGS = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'expire_logs_days', 'binlog_expire_logs_seconds')"


@dataclass(frozen=True)
class BinaryLog(Check):
	"""Does MariaDB keep its binary log for ever?

	Cost: one statement of constant cost. The measurement tells whether the log is on, which a restore to a point in
	time needs.
	"""

	title = _("Binary log")

	def run(self, site: Site) -> Answer:
		_server.only_on(site, "mariadb")
		settings = {row["Variable_name"]: str(row["Value"]) for row in site.db.sql(_SETTINGS)}
		on = settings.get("log_bin", "OFF").upper() in ("ON", "1")
		yield self.measure(binary_log=int(on))
		kept = [float(settings.get(name, 0)) for name in ("expire_logs_days", "binlog_expire_logs_seconds")]
		if not on or any(kept):
			return
		yield self.warning(
			_("MariaDB writes a binary log and never removes it."),
			cause=_(
				"Each change to the database is kept for ever beside the data; one day it fills the disk, and then the"
				" database stops."
			),
			remedy=_(
				"Set binlog_expire_logs_seconds in MariaDB's configuration to a little more than the time between two"
				" backups, such as 604800 for seven days, and restart MariaDB. Where nobody follows the log, turn it off."
			),
			subjects=[("Database", _server.name(site))],
		)
