"""Connections of the site's own user, and statements that run beside the diagnosis."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

import psycopg2
import pymysql

from tests.support.mariadb_database import MariaDBDatabase
from tests.support.postgres_database import PostgresDatabase
from tests.support.sample import SampleSite
from tests.support.services import MariaDB, Postgres


def mariadb(site: SampleSite) -> MariaDB:
	"""The server of a site in MariaDB."""
	assert isinstance(site.database, MariaDBDatabase)
	return site.database.server


def postgres(site: SampleSite) -> Postgres:
	"""The server of a site in PostgreSQL."""
	assert isinstance(site.database, PostgresDatabase)
	return site.database.server


def connect(site: SampleSite) -> Any:
	"""A connection as the site's own processes open it; restoring the site ends it."""
	if isinstance(site.database, MariaDBDatabase):
		server = site.database.server
		return pymysql.connect(
			host=server.host,
			port=server.port,
			user=site.db_name,
			password=site.db_password,
			database=site.db_name,
		)
	other = postgres(site)
	return psycopg2.connect(
		host=other.host, port=other.port, user=site.db_name, password=site.db_password, dbname=site.db_name
	)


def open_connections(site: SampleSite, number: int) -> None:
	"""Open connections and leave them open until the site is restored."""
	held = [connect(site) for _number in range(number)]

	def close() -> None:
		for connection in held:
			with contextlib.suppress(Exception):
				connection.close()

	(mariadb(site) if isinstance(site.database, MariaDBDatabase) else postgres(site)).on_reset(close)


def run_beside(site: SampleSite, *statements: str, seconds: float = 1.3) -> None:
	"""Run statements in a connection of their own that is still busy when this returns, after ``seconds``."""
	connection = connect(site)

	def run() -> None:
		with contextlib.suppress(Exception), connection.cursor() as cursor:
			for statement in statements:
				cursor.execute(statement)

	threading.Thread(target=run, daemon=True).start()
	time.sleep(seconds)


def hold(site: SampleSite, *statements: str) -> None:
	"""Run statements in a transaction that stays open until the site is restored."""
	connection = connect(site)
	with connection.cursor() as cursor:
		if isinstance(site.database, MariaDBDatabase):
			cursor.execute("START TRANSACTION")
		for statement in statements:
			cursor.execute(statement)
	_HELD.append(connection)
	(mariadb(site) if isinstance(site.database, MariaDBDatabase) else postgres(site)).on_reset(_HELD.clear)


def may_see_all(site: SampleSite) -> None:
	"""Let the site's user of MariaDB see transactions, as some hostings do, until the site is restored."""
	if isinstance(site.database, MariaDBDatabase):
		server, user = mariadb(site), f"`{site.db_name}`@'%'"
		server.admin(f"GRANT PROCESS ON *.* TO {user}")
		server.on_reset(lambda: server.admin(f"REVOKE PROCESS ON *.* FROM {user}"))


_HELD: list[Any] = []
