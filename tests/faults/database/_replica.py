"""A second server that copies the site's own, as far as the console looks at it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.database._help import mariadb, postgres
from tests.support.sample import SampleSite
from tests.support.services import MariaDB, Postgres
from tests.support.services.process import program

TABLE = "tabScheduled Job Type"
_WAIT = 20.0


class Standby(Postgres):
	"""A PostgreSQL that starts as a copy of another one and follows it."""

	def __init__(self, folder: Path, main: Postgres) -> None:
		super().__init__(folder)
		self.main = main

	def prepare(self) -> None:
		super().prepare()  # for the rights on the folder
		data = str(self.folder / "data")
		self.run(self._as_server_user("rm", "-r", data))
		self.run(
			self._as_server_user(
				program("pg_basebackup"),
				*("-h", str(self.main.folder), "-p", str(self.main.port), "-U", self.main.user),
				*("-D", data, "-R", "--checkpoint=fast", "--no-sync", "-X", "stream"),
			)
		)


def wait_until(true: Callable[[], object]) -> None:
	limit = time.monotonic() + _WAIT
	while not true():
		assert time.monotonic() < limit, "the copy does not follow"
		time.sleep(0.1)


def follow(site: SampleSite, delay: int = 0) -> MariaDB:
	"""Give a site in MariaDB a copy that follows its server, by so many seconds; the site reads from it."""
	main = mariadb(site)
	usual = dict(main.config)
	main.stop()
	main.config = {key: value for key, value in usual.items() if key != "skip-log-bin"}
	main.config |= {"log-bin": "main", "server-id": "1", "expire-logs-days": "7"}
	folder = tempfile.TemporaryDirectory(prefix="recovery-console-copy-")
	copy = MariaDB(Path(folder.name) / "copy", config={"server-id": "2"})

	def undo() -> None:
		copy.stop()
		folder.cleanup()
		main.stop()
		main.config = usual
		main.start()

	main.on_reset(undo)
	main.start()
	site.close()
	_seed(site, main, copy.start())
	main.admin("RESET MASTER")
	copy.admin(
		f"CHANGE MASTER TO MASTER_HOST = '{main.host}', MASTER_PORT = {main.port}, MASTER_USER = 'copier',"
		f" MASTER_PASSWORD = 'copier', MASTER_DELAY = {delay}, MASTER_USE_GTID = slave_pos",
		"START SLAVE",
	)
	wait_until(lambda: copy.admin("SHOW SLAVE STATUS")[0]["Slave_IO_Running"] == "Yes")
	_read_from(site, copy)
	return copy


def _seed(site: SampleSite, main: MariaDB, copy: MariaDB) -> None:
	main.admin(
		"CREATE OR REPLACE USER copier@'%' IDENTIFIED BY 'copier'",
		"GRANT REPLICATION SLAVE ON *.* TO copier@'%'",
	)
	made = main.admin(f'SHOW CREATE TABLE "{site.db_name}"."{TABLE}"')[0]["Create Table"]
	copy.admin(
		f"CREATE DATABASE {site.db_name}",
		f"USE {site.db_name}",
		made,
		f"CREATE USER {site.db_name}@'%' IDENTIFIED BY '{site.db_password}'",
		f"GRANT ALL ON {site.db_name}.* TO {site.db_name}@'%'",
	)
	rows = main.admin(f'SELECT * FROM "{site.db_name}"."{TABLE}"')
	with copy.connect(site.db_name) as connection, connection.cursor() as cursor:
		marks = ", ".join(["%s"] * len(rows[0]))
		cursor.executemany(f'INSERT INTO "{TABLE}" VALUES ({marks})', [list(row.values()) for row in rows])


def follow_in_postgres(site: SampleSite) -> Standby:
	"""Give a site in PostgreSQL a standby of its server; the site reads from it."""
	main = postgres(site)
	folder = tempfile.TemporaryDirectory(prefix="recovery-console-copy-", ignore_cleanup_errors=True)
	Path(folder.name).chmod(0o755)
	copy = Standby(Path(folder.name) / "copy", main)

	def undo() -> None:
		copy.stop()
		folder.cleanup()

	main.on_reset(undo)
	copy.start()
	wait_until(lambda: copy.admin("SELECT COUNT(*) AS n FROM pg_stat_wal_receiver")[0]["n"])
	_read_from(site, copy)
	return copy


def _read_from(site: SampleSite, copy: MariaDB | Postgres) -> None:
	site.set_config(read_from_replica=1, replica_host=copy.host, replica_db_port=copy.port)


def rest(site: SampleSite, minutes: float) -> None:
	"""Let no job have run for so many minutes."""
	at = site.minutes_ago(minutes)
	site.update("Scheduled Job Type", {"last_execution": (">", at)}, last_execution=at)


def run_a_job(site: SampleSite, minutes: float) -> None:
	"""Let a job have run so many minutes ago: after the rest."""
	name = site.rows("Scheduled Job Type", fields=["name"])[0]["name"]
	site.update("Scheduled Job Type", name, last_execution=site.minutes_ago(minutes))
