"""Are tables damaged?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

from recovery_console.core.check import Answer, Check, dataclass
from recovery_console.core.checks.database import _server
from recovery_console.core.checks.database._tables import StoredTable, tables
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.site import Site

#: PyPika knows no CHECK TABLE: only names that need no escaping go into one.
_PLAIN = re.compile(r"[\w -]+")


@dataclass(frozen=True)
class DamagedTables(Check):
	"""Are tables of this site damaged on disk?

	Cost: reads whole tables, so only on request: MariaDB's CHECK TABLE for one table after the other, the smallest
	first, within the time allowed; on SQLite its quick_check and integrity_check. Tables that are not reached are never called sound.
	"""

	title = _("Damaged tables")
	on_request = True
	budget = timedelta(seconds=28)
	explained_by = ("host.disk",)

	#: Stop looking after so long.
	within: timedelta = timedelta(seconds=20)
	#: Leave out larger tables: to read one takes longer than a statement may.
	largest_mib: int = 512

	def run(self, site: Site) -> Answer:
		if _server.only_on(site, "mariadb", "sqlite") == "sqlite":
			damaged, left_out = _check_file(site), 0
		else:
			damaged, left_out = self._check_tables(site)
		yield self.measure(damaged=len(damaged), not_looked_at=left_out)
		if damaged:
			yield self.critical(
				_("Damaged tables: {count}."),
				cause=_(
					"The check said: {first}. A crash, a full disk or failing hardware; more may follow."
				),
				remedy=_(
					"Stop all work on the site, and copy the database's files before anything else. Then restore the last"
					" good backup. Only tables of the engine MyISAM or Aria can be mended in place: `REPAIR TABLE` in"
					" `{console}`."
				),
				subjects=[("Table", name) for name in damaged],
				first=next(iter(damaged.values())),
				console=_server.console(site),
				not_looked_at=left_out,
			)
		elif left_out:
			raise SourceUnavailable(
				"database",
				f"{left_out} tables are too large to be checked in passing; the others are sound.",
				remedy="Run `mariadb-check` outside working hours.",
				kind="size",
			)

	def _check_tables(self, site: Site) -> tuple[dict[str, str], int]:
		ends = time.monotonic() + self.within.total_seconds()
		found = sorted(tables(site), key=lambda item: item.total_bytes)
		damaged: dict[str, str] = {}
		left_out = 0
		for item in found:
			too_large = item.total_bytes > self.largest_mib * _server.MIB
			if too_large or time.monotonic() > ends or not _PLAIN.fullmatch(item.name):
				left_out += 1
				continue
			for text in _complaints(site, item):
				damaged.setdefault(item.name, text)
		return damaged, left_out


def _check_file(site: Site) -> dict[str, str]:
	"""Return what SQLite finds wrong with its file. Where it cannot even read on, that is the answer."""
	try:
		answers = [str(next(iter(row.values()))) for row in site.db.sql("PRAGMA integrity_check(20)")]
	except SourceUnavailable as error:
		if error.kind != "corrupt":
			raise
		answers = [error.reason]
	return {_server.name(site): answers[0]} if answers != ["ok"] else {}


def _complaints(site: Site, item: StoredTable) -> Iterator[str]:
	"""Yield what MariaDB finds wrong with a table."""
	for row in site.db.sql(f"CHECK TABLE `{item.name}` MEDIUM"):
		if row["Msg_type"].lower() == "error":
			yield str(row["Msg_text"])


def sqlite_complaints(site: Site) -> list[str]:
	"""Return what SQLite finds wrong: with its pages, and where these are sound with its indexes."""
	for statement in ("PRAGMA quick_check(20)", "PRAGMA integrity_check(100)"):
		said = [str(next(iter(row.values()))) for row in site.db.sql(statement)]
		if said != ["ok"]:
			return said
	return []
