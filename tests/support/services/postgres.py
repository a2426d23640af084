"""A private PostgreSQL."""

from __future__ import annotations

import getpass
import os
import pwd
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import psycopg2
from psycopg2 import extensions
from psycopg2.extras import RealDictCursor

from tests.support.services.process import Service, program

SERVER_USER = "postgres"


class Postgres(Service):
	"""A small PostgreSQL that trusts the disk. `config` holds settings.

	PostgreSQL refuses to run as root; then it runs as the user `postgres`. The harness enters as the superuser
	through the socket, sites have roles of their own and need their password on the TCP port.
	"""

	title: ClassVar[str] = "PostgreSQL"
	stop_signal: ClassVar[signal.Signals] = signal.SIGINT

	def __init__(self, folder: Path, *, config: Mapping[str, str] | None = None) -> None:
		super().__init__(folder)
		self.config = {
			"fsync": "off",
			"synchronous_commit": "off",
			"full_page_writes": "off",
			"autovacuum": "off",
			"shared_buffers": "64MB",
			"max_wal_size": "1GB",
			"max_connections": "100",
			"logging_collector": "off",
			**(config or {}),
		}
		self.user = SERVER_USER if os.geteuid() == 0 else getpass.getuser()

	def prepare(self) -> None:
		if os.geteuid() == 0:
			account = pwd.getpwnam(SERVER_USER)
			os.chown(self.folder, account.pw_uid, account.pw_gid)
			_open_way(self.folder)
		self.run(
			self._as_server_user(
				program("initdb"),
				*("--pgdata", str(self.folder / "data"), "--username", self.user),
				*("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
				*("--auth-local", "trust", "--auth-host", "scram-sha-256"),
			)
		)

	def command(self) -> Sequence[str]:
		return self._as_server_user(
			program("postgres"),
			*("-D", str(self.folder / "data"), "-p", str(self.port), "-h", self.host, "-k", str(self.folder)),
			*(part for key, value in self.config.items() for part in ("-c", f"{key}={value}")),
		)

	def connect(self, database: str = "postgres") -> extensions.connection:
		"""A superuser's connection in autocommit that answers dicts."""
		connection = psycopg2.connect(
			host=str(self.folder),
			port=self.port,
			user=self.user,
			dbname=database,
			connect_timeout=5,
			cursor_factory=RealDictCursor,
		)
		connection.autocommit = True
		return connection

	def admin(self, *statements: str) -> list[dict[str, Any]]:
		"""Run statements as superuser, each on its own; the rows of the last one."""
		connection = self.connect()
		try:
			with connection.cursor() as cursor:
				for statement in statements:
					cursor.execute(statement)
				return [dict(row) for row in cursor.fetchall()] if cursor.description else []
		finally:
			connection.close()

	def answers(self) -> bool:
		try:
			self.connect().close()
		except psycopg2.OperationalError:
			return False
		return True

	def _as_server_user(self, *command: str) -> list[str]:
		if os.geteuid() != 0:
			return list(command)
		account = pwd.getpwnam(SERVER_USER)
		ids = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
		return [program("setpriv"), *ids, "--", *command]


def _open_way(folder: Path) -> None:
	"""Let the server's user pass through the private folders above its own (pytest makes them 0700)."""
	for parent in folder.parents:
		state = parent.stat()
		if state.st_uid == os.geteuid() and not state.st_mode & 0o001 and parent != Path.home():
			parent.chmod(state.st_mode | 0o011)
