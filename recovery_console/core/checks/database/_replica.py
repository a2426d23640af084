"""The copy of the database from which Frappe reads when the site's configuration says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from recovery_console.core.backends.database import Database
from recovery_console.core.backends.sql import table
from recovery_console.core.checks.database import _server
from recovery_console.core.finding import _
from recovery_console.core.record import dataclass
from recovery_console.core.site import Site

#: Whoever has one of these may ask MariaDB how far the copying is.
RIGHTS = frozenset({"SUPER", "SLAVE MONITOR", "REPLICA MONITOR"})
_RUNNING = "SHOW GLOBAL STATUS WHERE Variable_name = 'Slave_running'"
_POSTGRES = """SELECT pg_is_in_recovery() AS follows,
	CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused,
	(SELECT COUNT(*) FROM pg_stat_wal_receiver) AS receivers,
	CASE WHEN pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()
		THEN EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp()) ELSE 0 END AS behind"""


@dataclass(frozen=True)
class Copying:
	"""How a copy follows its main server.

	Args:
		stopped: Why it does not follow at all; empty when it does.
		behind: How far it is behind, by its own account; None where it may not be asked.
		error: The number of the error that stopped it; 0 when there is none.
		follows: It is set up to follow another server.
	"""

	stopped: str = ""
	behind: timedelta | None = None
	error: int = 0
	follows: bool = True


def is_used(site: Site) -> bool:
	"""Tell whether the configuration lets Frappe read from a copy."""
	return site.config.flag("read_from_replica")


def address(site: Site) -> str:
	"""Return where the copy is; empty where the configuration does not say."""
	host = site.config.get("replica_host")
	return f"{host}:{_port(site)}" if host else ""


def _port(site: Site) -> int:
	usual = 5432 if site.db.dialect == "postgres" else 3306
	return site.config.number("replica_db_port", usual) or usual


@contextmanager
def opened(site: Site) -> Iterator[Database]:
	"""Open the copy as Frappe does, to read.

	Raises:
		SourceUnavailable: It does not let us in.
	"""
	config, name = site.config, _server.name(site)
	own = config.flag("different_credentials_for_replica")
	user = config.get("replica_db_user") or config.get("replica_db_name") if own else config.get("db_user")
	settings: dict[str, Any] = {
		"host": str(config.get("replica_host")),
		"port": _port(site),
		"user": str(user or name),
		"password": str(config.get("replica_db_password" if own else "db_password") or ""),
	}
	database: Database
	if site.db.dialect == "postgres":
		from recovery_console.core.backends import postgres  # a driver is loaded where it is needed

		database = postgres.connect({**settings, "dbname": name}, name, config.get("db_schema"))
	else:
		certificates = {part: config.get(f"db_ssl_{part}") for part in ("ca", "cert", "key")}
		secured = {"ssl": certificates} if all(certificates.values()) else {}
		from recovery_console.core.backends import mariadb

		database = mariadb.connect({**settings, **secured, "database": name}, name)
	try:
		yield database
	finally:
		database.close()


def copying(database: Database) -> Copying:
	"""Ask a server how it follows its main server."""
	return _of_postgres(database) if database.dialect == "postgres" else _of_mariadb(database)


def _of_postgres(database: Database) -> Copying:
	row = database.sql(_POSTGRES)[0]
	behind = timedelta(seconds=float(row["behind"] or 0))
	if not row["follows"]:
		return Copying(
			_("It follows no other server: it was promoted, or never was a standby."), follows=False
		)
	if row["paused"]:
		return Copying(_("Taking in changes was paused by hand (pg_wal_replay_pause)."), behind)
	if not row["receivers"]:
		return Copying(_("It is not connected to the main server."), behind)
	return Copying(behind=behind)


def _of_mariadb(database: Database) -> Copying:
	granted = database.sql("SELECT privilege_type AS p FROM information_schema.user_privileges")
	if RIGHTS & {row["p"] for row in granted}:
		return _told(database.sql("SHOW SLAVE STATUS"))
	running = [str(row["Value"]) for row in database.sql(_RUNNING)]
	if running == ["ON"]:
		return Copying()
	return Copying(_("At least one of the two threads that copy has stopped (Slave_running is OFF)."))


def _told(rows: list[dict[str, Any]]) -> Copying:
	if not rows:
		return Copying(_("It follows no other server: no replication is set up."), follows=False)
	row = rows[0]
	seconds = row["Seconds_Behind_Master"]
	behind = None if seconds is None else timedelta(seconds=int(seconds))
	if row["Slave_SQL_Running"] != "Yes":
		return Copying(
			_("The thread that carries out changes (SQL thread) has stopped."),
			behind,
			int(row["Last_SQL_Errno"]),
		)
	if row["Slave_IO_Running"] != "Yes":
		return Copying(
			_("The thread that fetches changes (IO thread) is not connected."),
			behind,
			int(row["Last_IO_Errno"]),
		)
	return Copying(behind=behind)


def runs(site: Site, database: Database) -> list[datetime]:
	"""Return when scheduled jobs last ran, as a server has it: a small table that changes every few minutes."""
	t = table("Scheduled Job Type")
	rows = database.run(database.from_(t).select(t.last_execution).where(t.last_execution.isnotnull()))
	return [at for row in rows if (at := site.moment(row["last_execution"])) is not None]


def first_missing(main: list[datetime], copy: list[datetime]) -> datetime | None:
	"""Return when the main server made the first change that the copy lacks; None where it lacks none."""
	known = max(copy, default=None)
	return min((at for at in main if known is None or at > known), default=None)
