"""What statements cost: from whatever the server writes down about them and the site's user may read.

MariaDB: the digests of performance_schema, else the slow log as a table or as a file on this machine.
PostgreSQL: pg_stat_statements. Values never leave this module.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from recovery_console.core.checks.database import _server
from recovery_console.core.errors import NotApplicable, SourceUnavailable
from recovery_console.core.finding import _
from recovery_console.core.query_text import without_values
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site
from recovery_console.core.times import UTC

#: So much of the slow log's end is read.
MOST_BYTES = 4 * 1024**2
_MOST_SHOWN = 200
_LOCAL = ("", "localhost", "127.0.0.1", "::1")
_DIGESTS = """SELECT DIGEST_TEXT AS text, COUNT_STAR AS calls, SUM_TIMER_WAIT / 1e12 AS seconds,
	SUM_ROWS_EXAMINED AS row_count FROM performance_schema.events_statements_summary_by_digest
	WHERE SCHEMA_NAME = DATABASE() AND DIGEST_TEXT IS NOT NULL AND LAST_SEEN >= NOW() - INTERVAL 7 DAY
	ORDER BY SUM_TIMER_WAIT DESC LIMIT 200"""
_SLOW_TABLE = """SELECT CONVERT(sql_text USING utf8mb4) AS text, 1 AS calls, TIME_TO_SEC(query_time) AS seconds,
	rows_examined AS row_count FROM mysql.slow_log WHERE db = DATABASE() AND start_time >= NOW() - INTERVAL %(days)s DAY
	ORDER BY start_time DESC LIMIT 20000"""
_SETTINGS = """SELECT @@performance_schema AS digests, @@slow_query_log AS slow, @@log_output AS output,
	@@datadir AS folder, @@slow_query_log_file AS file"""
_POSTGRES = """SELECT query AS text, calls AS calls, total_exec_time / 1000 AS seconds, rows AS row_count
	FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND query <> '<insufficient privilege>' ORDER BY total_exec_time DESC LIMIT 200"""
_EXTENSION = "SELECT 1 AS present FROM pg_extension WHERE extname = 'pg_stat_statements'"
_HEAD = re.compile(
	r"^# Query_time: ([\d.]+)\s+Lock_time: [\d.]+\s+Rows_sent: \d+\s+Rows_examined: (\d+)", re.MULTILINE
)
_SCHEMA = re.compile(r"^# Thread_id: \d+\s+Schema: (\S*)", re.MULTILINE)
_STAMP = re.compile(r"^SET timestamp=(\d+)", re.MULTILINE)
_NOISE = re.compile(
	r"^(#.*|SET timestamp=.*|use .*|/\S+, Version: .*|Tcp port: .*|Time\s+Id .*)\n?", re.MULTILINE
)


@dataclass(frozen=True)
class Statement:
	"""Statements of one shape. ``seconds`` and ``rows`` are those of all calls together."""

	text: str
	calls: int
	seconds: float
	rows: int

	@property
	def average(self) -> float:
		return self.seconds / self.calls if self.calls else 0.0

	@property
	def id(self) -> str:
		"""A short name that stays the same for statements of this shape."""
		return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def statements(site: Site, window: timedelta) -> tuple[str, list[Statement]]:
	"""Return where statements are written down, and what they cost by shape, the most costly first.

	Raises:
		NotApplicable: Nothing is written down, or the site's user may not read it; says how to change that.
	"""
	if _server.only_on(site, "mariadb", "postgres") == "postgres":
		return "pg_stat_statements", _of_postgres(site)
	settings = site.db.sql(_SETTINGS)[0]
	output = str(settings["output"]).upper().split(",") if settings["slow"] else []
	sources: tuple[tuple[str, bool, Callable[[], list[Statement]]], ...] = (
		("performance_schema", bool(settings["digests"]), lambda: _grouped(site, _rows(site, _DIGESTS))),
		("mysql.slow_log", "TABLE" in output, lambda: _of_slow_table(site, window)),
		("slow query log", "FILE" in output, lambda: _of_slow_file(site, settings, window)),
	)
	for source, there, read in sources:
		if there:
			try:
				return source, read()
			except SourceUnavailable as error:
				if error.kind not in ("rights", "denied", "missing", "elsewhere"):
					raise
	raise NotApplicable(
		_(
			"The database writes down nothing about its statements that the site's user may read. Its administrator sets"
			" performance_schema = ON and runs `GRANT SELECT ON performance_schema.* TO …`; or sets slow_query_log = ON and"
			" log_output = TABLE and runs `GRANT SELECT ON mysql.slow_log TO …`."
		)
	)


def _of_postgres(site: Site) -> list[Statement]:
	if not site.db.sql(_EXTENSION):
		raise NotApplicable(
			_(
				"PostgreSQL writes down nothing about its statements. Its administrator sets shared_preload_libraries ="
				" 'pg_stat_statements', restarts it, and runs `CREATE EXTENSION pg_stat_statements;` in the site's database."
			)
		)
	return _grouped(site, _rows(site, _POSTGRES))


def _of_slow_table(site: Site, window: timedelta) -> list[Statement]:
	rows = site.db.sql(_SLOW_TABLE, {"days": max(1, window.days)})
	return _grouped(site, (_row(row) for row in rows))


def _rows(site: Site, statement: str) -> Iterator[Statement]:
	return (_row(row) for row in site.db.sql(statement))


def _row(row: dict[str, object]) -> Statement:
	numbers = [float(str(row[name] or 0)) for name in ("calls", "seconds", "row_count")]
	return Statement(str(row["text"] or ""), int(numbers[0]), numbers[1], int(numbers[2]))


def _of_slow_file(site: Site, settings: dict[str, object], window: timedelta) -> list[Statement]:
	if str(site.config.get("db_host") or "") not in _LOCAL:
		raise _unreadable("elsewhere", "the database runs on another machine")
	path = Path(str(settings["folder"])) / str(settings["file"])
	text = _end_of(path)
	return _grouped(site, entries(text, _server.name(site), site.now() - window))


def _end_of(path: Path) -> str:
	try:
		handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
		with os.fdopen(handle, "rb") as file:
			found = os.fstat(file.fileno())
			if not stat.S_ISREG(found.st_mode):
				raise _unreadable("denied", f"{path} is no file")
			file.seek(max(0, found.st_size - MOST_BYTES))
			return file.read(MOST_BYTES).decode("utf-8", "replace")
	except OSError as error:
		raise _unreadable("denied", f"{path}: {error.strerror or error}") from error


def _unreadable(kind: str, why: str) -> SourceUnavailable:
	return SourceUnavailable(
		"files",
		f"The slow query log cannot be read: {why}.",
		remedy="Let its administrator write it into mysql.slow_log, or give the bench's user the right to read it.",
		kind=kind,
	)


def entries(text: str, schema: str, since: datetime) -> Iterator[Statement]:
	"""Yield the statements of a slow log's text that ran in a schema since a moment."""
	for block in re.split(r"^(?=# (?:Time|User@Host): )", text, flags=re.MULTILINE):
		head, named, stamp = _HEAD.search(block), _SCHEMA.search(block), _STAMP.search(block)
		if head is None or named is None or stamp is None or named[1] != schema:
			continue
		if datetime.fromtimestamp(int(stamp[1]), UTC) >= since:
			yield Statement(_NOISE.sub("", block).strip().rstrip(";"), 1, float(head[1]), int(head[2]))


def _grouped(site: Site, found: Iterable[Statement]) -> list[Statement]:
	"""Put statements of one shape together, without their values."""
	sums: dict[str, tuple[int, float, int]] = {}
	for one in found:
		shape = without_values(one.text, site.db.dialect, most=_MOST_SHOWN)
		calls, seconds, rows = sums.get(shape, (0, 0.0, 0))
		sums[shape] = (calls + one.calls, seconds + one.seconds, rows + one.rows)
	shapes = [Statement(text, *numbers) for text, numbers in sums.items()]
	return sorted(shapes, key=lambda item: item.seconds, reverse=True)
