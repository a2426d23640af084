"""A private MariaDB."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pymysql
from pymysql.connections import Connection
from pymysql.cursors import DictCursor

from tests.support.services.process import Service, program


class MariaDB(Service):
	"""A small MariaDB that trusts the disk: no binary log, no sync. `config` holds server variables.

	The harness enters as root through the socket; sites have users of their own and use the TCP port.
	"""

	title: ClassVar[str] = "MariaDB"

	def __init__(self, folder: Path, *, config: Mapping[str, str] | None = None) -> None:
		super().__init__(folder)
		self.config = {
			"skip-log-bin": "",
			"skip-name-resolve": "1",
			"character-set-server": "utf8mb4",
			"collation-server": "utf8mb4_unicode_ci",
			"innodb-buffer-pool-size": "64M",
			"innodb-log-file-size": "16M",
			"innodb-flush-log-at-trx-commit": "0",
			"innodb-flush-method": "nosync",
			"innodb-doublewrite": "0",
			"innodb-stats-auto-recalc": "0",
			"sync-binlog": "0",
			"table-open-cache": "4000",
			"max-connections": "151",
			**(config or {}),
		}

	@property
	def socket(self) -> Path:
		"""The Unix socket that the harness uses."""
		return self.folder / "mariadb.sock"

	def prepare(self) -> None:
		self.run(
			[
				program("mariadb-install-db"),
				"--no-defaults",
				f"--user={getpass.getuser()}",
				f"--datadir={self.folder / 'data'}",
				"--auth-root-authentication-method=normal",
				"--skip-test-db",
				"--innodb-flush-method=nosync",
				f"--tmpdir={self._temporary()}",
			]
		)

	def command(self) -> Sequence[str]:
		return [
			program("mariadbd"),
			"--no-defaults",
			f"--user={getpass.getuser()}",
			f"--datadir={self.folder / 'data'}",
			f"--socket={self.socket}",
			f"--pid-file={self.folder / 'mariadb.pid'}",
			f"--tmpdir={self._temporary()}",
			f"--bind-address={self.host}",
			f"--port={self.port}",
			*(f"--{key}={value}" if value else f"--{key}" for key, value in self.config.items()),
		]

	def _temporary(self) -> Path:
		"""A folder of its own: a server that starts removes the temporary tables of all others from a shared one."""
		folder = self.folder / "tmp"
		folder.mkdir(exist_ok=True)
		return folder

	def connect(self, database: str | None = None) -> Connection[DictCursor]:
		"""A connection with all rights, in autocommit; double quotes stand around names."""
		return pymysql.connect(
			unix_socket=str(self.socket),
			user="root",
			database=database,
			charset="utf8mb4",
			autocommit=True,
			cursorclass=DictCursor,
			connect_timeout=5,
			sql_mode="ANSI_QUOTES,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
		)

	def admin(self, *statements: str) -> list[dict[str, Any]]:
		"""Run statements as root; the rows of the last one."""
		with self.connect() as connection, connection.cursor() as cursor:
			for statement in statements:
				cursor.execute(statement)
			return list(cursor.fetchall())

	def answers(self) -> bool:
		try:
			with socket.socket(socket.AF_UNIX) as door:  # PyMySQL forgets its socket when this fails
				door.connect(str(self.socket))
			self.connect().close()
		except (OSError, pymysql.MySQLError):
			return False
		return True
