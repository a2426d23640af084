"""SQLite's file in every state in which it is met."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from recovery_console.core.backends import sqlite
from recovery_console.core.errors import SourceUnavailable
from tests.support.unprivileged import as_nobody, let_others_pass

SLOW = {
	"mariadb": "SELECT SLEEP(30)",
	"postgres": "SELECT pg_sleep(30)",
	"sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT COUNT(*) FROM n",
}


class TestSQLite:
	@pytest.fixture
	def file(self, tmp_path: Path) -> Path:
		file = tmp_path / "site.db"
		connection = sqlite3.connect(file)
		connection.execute('CREATE TABLE "tabNote" (name text, a)')
		connection.executemany(
			'INSERT INTO "tabNote" VALUES (?, ?)', [(str(n), "x" * 500) for n in range(500)]
		)
		connection.commit()
		connection.close()
		return file

	def kind(self, file: Path) -> str:
		with (
			pytest.raises(SourceUnavailable) as error,
			contextlib.closing(sqlite.connect(file, "site")) as db,
		):
			db.sql('SELECT COUNT(*), MAX(a) FROM "tabNote"')
		return error.value.kind

	def test_that_is_not_there(self, tmp_path: Path) -> None:
		assert self.kind(tmp_path / "gone.db") == "missing"
		assert self.kind(tmp_path) == "missing"

	def test_that_may_not_be_read(self, file: Path) -> None:
		file.chmod(0)
		let_others_pass(file.parent)
		assert as_nobody(lambda: self.kind(file)) == "denied"

	def test_behind_a_closed_folder(self, file: Path) -> None:
		let_others_pass(file.parent.parent)
		file.parent.chmod(0o700 if file.stat().st_uid == 0 else 0)
		try:
			assert as_nobody(lambda: self.kind(file)) == "denied"
		finally:
			file.parent.chmod(0o700)

	def test_that_is_no_database(self, file: Path) -> None:
		file.write_bytes(b"this is not a database at all" * 100)
		assert self.kind(file) == "corrupt"

	def test_that_is_damaged(self, file: Path) -> None:
		raw = bytearray(file.read_bytes())
		raw[4096:-4096] = b"\xff" * (len(raw) - 8192)
		file.write_bytes(raw)
		assert self.kind(file) == "corrupt"

	def test_that_somebody_holds(self, file: Path) -> None:
		holder = sqlite3.connect(file, isolation_level=None)
		try:
			holder.execute("BEGIN EXCLUSIVE")
			assert self.kind(file) == "locked"
		finally:
			holder.close()

	def test_that_frappe_writes_at_the_same_time(self, file: Path) -> None:
		writer = sqlite3.connect(file, isolation_level=None)
		writer.execute("PRAGMA journal_mode = WAL")
		try:
			writer.execute("BEGIN IMMEDIATE")
			writer.execute('DELETE FROM "tabNote"')
			with contextlib.closing(sqlite.connect(file, "site")) as db:
				assert db.sql('SELECT COUNT(*) AS n FROM "tabNote"') == [{"n": 500}]
		finally:
			writer.close()

	def test_whose_name_needs_quoting(self, file: Path) -> None:
		odd = file.rename(file.with_name("a b?c#d%20.db"))
		with contextlib.closing(sqlite.connect(odd, "site")) as db:
			assert db.has("Note")

	def test_values_are_bound_as_frappe_stores_them(self, file: Path) -> None:
		with contextlib.closing(sqlite.connect(file, "site")) as db:
			values = [datetime(2026, 1, 2, 3), date(2026, 1, 2), Decimal("1.5"), None, "x"]
			(row,) = db.sql("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e", values)
		assert list(row.values()) == ["2026-01-02 03:00:00.000000", "2026-01-02", 1.5, None, "x"]

	def test_a_connection_that_was_cut_answers_no_more(self, file: Path) -> None:
		with contextlib.closing(sqlite.connect(file, "site")) as db:
			db.cut()
			with pytest.raises(SourceUnavailable) as error:
				db.sql(SLOW["sqlite"])
			assert error.value.kind == "timeout"
