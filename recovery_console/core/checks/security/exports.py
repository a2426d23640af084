"""Did somebody carry data away?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pypika import Order

from recovery_console.core.backends.database import Row
from recovery_console.core.backends.sql import DocTable, Fn, table
from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.finding import Finding, _
from recovery_console.core.site import Site
from recovery_console.core.times import in_words

#: As Frappe names the download of a whole backup in the Access Log.
_BACKUP = "Backup"


@dataclass(frozen=True)
class Exports(Check):
	"""Did a user export unusually much lately, or download a whole backup?

	Frappe notes who exported what, not how many rows. Prints and single files are left out.

	Cost: the Access Log of the window, twice.
	"""

	title = _("Exports of data")
	needs = ("Access Log",)

	window: timedelta = timedelta(days=1)
	per_user: int = 20

	def run(self, site: Site) -> Answer:
		log = table("Access Log")
		rows = self._by_user(
			site,
			log,
			log.file_type.isin(["CSV", "Excel"]) & (log.method.isnull() | (log.method != "Print")),
		)
		yield self.measure(exports=sum(int(row["number"]) for row in rows))
		yield from self._bursts([row for row in rows if int(row["number"]) >= self.per_user])
		yield from self._backups(self._by_user(site, log, log.report_name == _BACKUP))

	def _by_user(self, site: Site, log: DocTable, kind: Any) -> list[Row]:
		since = site.ago(self.window)
		number = Fn("COUNT", log["name"])
		return site.db.run(
			site.db.from_(log)
			.select(log["user"].as_("who"), number.as_("number"))
			.where((log.creation >= since) & (log.modified >= since) & kind)
			.groupby(log["user"])
			.orderby(number, order=Order.desc)
		)

	def _bursts(self, rows: list[Row]) -> Iterator[Finding]:
		if rows:
			yield self.warning(
				_("Users who exported data {limit} times or more in {window}: {count}."),
				cause=_(
					"The busiest exported {most} times. It may be a month's closing, a program, or somebody who takes the"
					" data along."
				),
				remedy=_(
					"See in Access Log what they exported, and ask them. If personal data left without permission, you"
					" may have 72 hours to report it. Take the right Export away where it is not needed, in Role"
					" Permissions Manager."
				),
				subject="bursts",
				subjects=[("User", str(row["who"])) for row in rows],
				limit=self.per_user,
				most=int(rows[0]["number"]),
				window=in_words(self.window),
			)

	def _backups(self, rows: list[Row]) -> Iterator[Finding]:
		if rows:
			yield self.info(
				_("Users who downloaded a whole backup in {window}: {count}."),
				cause=_("A backup holds all data of the site, the password hashes included."),
				remedy=_("Ask them what for, and where the copy lies now."),
				subject="backups",
				subjects=[("User", str(row["who"])) for row in rows],
				downloads=sum(int(row["number"]) for row in rows),
				window=in_words(self.window),
			)
