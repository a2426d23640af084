"""Backups that the console takes can be read, restored and searched, on each database."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from typing import Any

import pytest

from recovery_console.core.action import build
from recovery_console.core.action_registry import find_action
from recovery_console.core.actions.backups import _dumps
from recovery_console.core.actions.backups._scratch import scratch_name, staying
from recovery_console.core.checks.backups import _sets
from recovery_console.core.edits import Act, DocumentEdit, RowEdit
from recovery_console.core.errors import ConsoleError, NotApplicable, UsageError
from recovery_console.core.run import RunState
from recovery_console.core.site import open_site
from tests.conftest import Samples
from tests.core.actions._trying import acts_done, planned, writable
from tests.faults.backups._files import only
from tests.faults.database._help import mariadb, postgres
from tests.support.fill.logs import add_file
from tests.support.repairs import APPROVER, engine, start, to_the_end
from tests.support.sample import SampleSite

NASTY = 'O\'Brien "&" söhne \\ 100%\n\tkg; INSERT INTO `tabUser` VALUES (1);'


def newest(site: SampleSite) -> _sets.BackupSet:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return _sets.all_sets(opened)[0]


def test_a_backup_is_taken_whole_and_nothing_is_deleted(any_site: SampleSite) -> None:
	before = {path.name for path in (any_site.path / "private" / "backups").iterdir()}
	add_file(any_site, "a letter.pdf", "%PDF", "ToDo", "t1")
	plan, said = acts_done(any_site, "backups.take")
	assert plan.count == 1
	assert "4 files" in said[0]
	taken = newest(any_site)
	assert taken.parts.keys() == set(_sets.PARTS)
	now = {path.name for path in (any_site.path / "private" / "backups").iterdir()}
	assert before < now, "older backups stay, and nothing unfinished is left"
	assert len(now - before) == 4
	assert all(part.mode == 0o600 for part in taken.parts.values())
	saved = json.loads(taken.parts[_sets.CONFIG].path.read_text())
	assert saved["db_name"] == any_site.db_name
	with tarfile.open(taken.parts[_sets.PRIVATE].path) as archive:
		assert f"./{any_site.name}/private/files/a letter.pdf" in archive.getnames()
	_plan, said = acts_done(any_site, "backups.verify")
	assert said[0].startswith("It is whole: ")


def test_after_a_crash_it_is_seen_whether_it_was_taken(site: SampleSite) -> None:
	action = build(find_action("backups.take"), {})
	[act] = planned(site, "backups.take").edits
	assert isinstance(act, Act)
	with writable(site) as opened:
		assert action.is_done(opened, act) is False
		action.perform(opened, act)
		assert action.is_done(opened, act) is True


def test_a_backup_that_fails_leaves_nothing_behind(site: SampleSite, monkeypatch: pytest.MonkeyPatch) -> None:
	samples_path = site.path / "db" / f"{site.db_name}.db"
	plan = planned(site, "backups.take")
	before = sorted((site.path / "private" / "backups").iterdir())
	site.close()
	away = samples_path.rename(samples_path.with_suffix(".away"))
	try:
		with writable(site) as opened, pytest.raises(ConsoleError):
			build(find_action("backups.take"), {}).perform(opened, plan.batches[0].edits[0])  # type: ignore[arg-type]
	finally:
		away.rename(samples_path)
	assert sorted((site.path / "private" / "backups").iterdir()) == before


def test_what_a_killed_try_left_is_taken_away(site: SampleSite) -> None:
	folder = site.path / "private" / "backups"
	left = folder / f".20260101_000000-{site.name.replace('.', '_')}-database.sql.gz.part"
	left.write_bytes(b"half")
	other = folder / ".20260101_000000-other_site-database.sql.gz.part"
	other.write_bytes(b"half")
	acts_done(site, "backups.take", with_files=False)
	assert not left.exists()
	assert other.exists()
	other.unlink()


def test_a_damaged_backup_is_not_called_whole(site: SampleSite) -> None:
	acts_done(site, "backups.take")
	made = newest(site)
	part = made.parts[_sets.DATABASE]
	part.path.write_bytes(part.path.read_bytes()[: part.size_bytes // 2])
	with pytest.raises(ConsoleError, match="cannot be relied on"):
		acts_done(site, "backups.verify", backup=made.stamp)
	# It may still be being written: until it is older, the newest is the one before.
	[edit] = planned(site, "backups.verify").edits
	assert edit.subject.name != made.stamp
	old = site.bench.now.timestamp() - 180
	os.utime(part.path, (old, old))
	[edit] = planned(site, "backups.verify").edits
	assert edit.subject.name == made.stamp
	[edit] = planned(site, "backups.restore_drill").edits
	assert edit.subject.name != made.stamp, "nobody wants to restore what is damaged"


def test_a_restore_is_tried_beside_the_site(any_site: SampleSite) -> None:
	dialect = any_site.database.dialect
	acts_done(any_site, "backups.take", with_files=False)
	if dialect == "mariadb":
		server = mariadb(any_site)
		scratch, user = "`rc\\_drill\\_%`.*", f"`{any_site.db_name}`@'%'"
		with pytest.raises(ConsoleError, match="may not create"):
			acts_done(any_site, "backups.restore_drill")
		server.admin(f"GRANT ALL ON {scratch} TO {user}")
		server.on_reset(lambda: server.admin(f"REVOKE ALL ON {scratch} FROM {user}"))
	if dialect == "postgres":
		with pytest.raises(ConsoleError, match="may not create"):
			acts_done(any_site, "backups.restore_drill")
		postgres(any_site).admin(f'ALTER ROLE "{any_site.db_name}" CREATEDB')
		postgres(any_site).on_reset(
			lambda: postgres(any_site).admin(f'ALTER ROLE "{any_site.db_name}" NOCREATEDB')
		)
	before = any_site.checksums()
	_plan, said = acts_done(any_site, "backups.restore_drill")
	users = any_site.count("User")
	assert said[0].startswith("It can be restored: ")
	assert f"tabUser {users}/{users}" in said[0]
	assert any_site.checksums() == before
	with writable(any_site) as opened:
		name = scratch_name(opened)
	assert not list(any_site.path.glob(f"**/{name}*"))
	if dialect == "mariadb":
		assert not mariadb(any_site).admin(f"SHOW DATABASES LIKE '{name}'")
	if dialect == "postgres":
		assert not postgres(any_site).admin(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")


def test_deleted_documents_come_back_as_they_were(any_site: SampleSite) -> None:
	any_site.update("Customer", any_site.rows("Customer", {}, ["name"])[0]["name"], customer_name=NASTY)
	invoices = [row["name"] for row in any_site.rows("Sales Invoice", {}, ["name"])[:2]]
	customer = any_site.rows("Customer", {"customer_name": NASTY}, ["name"])[0]["name"]
	acts_done(any_site, "backups.take", with_files=False)
	before = any_site.checksums()
	mails = [any_site.rows("Email Queue Recipient", {}, ["parent"])[0]["parent"]]
	for name in invoices:
		any_site.delete("Sales Invoice", name)
	any_site.delete("Email Queue", mails[0])
	any_site.delete("Email Queue Recipient", {"parent": mails[0]})
	any_site.delete("Customer", customer)
	deleted = any_site.checksums()
	works = engine(any_site)
	runs = []
	for doctype, names in (("Sales Invoice", invoices), ("Customer", [customer]), ("Email Queue", mails)):
		run = start(works, "bring-documents-back", {"doctype": doctype, "names": names}, any_site)
		assert run.planned == len(names)
		run = to_the_end(works, run, any_site)
		assert run.state is RunState.SUCCEEDED, run.said
		runs.append(run)
	assert any_site.checksums() == before
	for run in reversed(runs):
		works.undo(run.id, APPROVER)
		assert to_the_end(works, works.journal.load(run.id), any_site).state is RunState.UNDONE
	assert any_site.checksums() == deleted


def test_what_is_there_is_not_overwritten(site: SampleSite) -> None:
	acts_done(site, "backups.take", with_files=False)
	there = site.rows("Customer", {}, ["name"])[0]["name"]
	plan = planned(site, "backups.extract_records", doctype="Customer", names=[there, "Nobody' OR 1=1"])
	assert not plan.count
	assert {left.subject.name: left.why for left in plan.left_out} == {
		there: "It is there now, and is not overwritten.",
		"Nobody' OR 1=1": "It is not in this backup.",
	}
	site.delete("Customer", there)
	plan = planned(site, "backups.extract_records", doctype="Customer", names=[there], through_frappe=True)
	assert not plan.left_out
	[edit] = plan.edits
	assert isinstance(edit, DocumentEdit)
	assert edit.operation == "insert"
	[row] = planned(site, "backups.extract_records", doctype="Customer", names=[there]).edits
	assert isinstance(row, RowEdit)


@pytest.mark.parametrize(
	("action", "given", "error"),
	[
		("backups.extract_records", {"doctype": "User`; DROP", "names": ["a"]}, UsageError),
		("backups.extract_records", {"doctype": "System Settings", "names": ["a"]}, UsageError),
		("backups.extract_records", {"doctype": "DocField", "names": ["a"]}, UsageError),
		("backups.extract_records", {"doctype": "User", "names": [f"n{n}" for n in range(501)]}, UsageError),
		("backups.extract_records", {"doctype": "User", "names": ["a"], "backup": "../../etc"}, UsageError),
		("backups.verify", {"backup": "20200101_000000"}, UsageError),
		("backups.prune", {"backups": ["../x"]}, UsageError),
		("backups.keep_more", {"hours": 0}, UsageError),
	],
)
def test_what_makes_no_sense_is_refused(
	site: SampleSite, action: str, given: dict[str, Any], error: type[Exception]
) -> None:
	with pytest.raises(error):
		planned(site, action, **given)


def test_without_a_backup_there_is_nothing_to_read(site: SampleSite) -> None:
	only(site, ())
	for action, given in (("verify", {}), ("extract_records", {"doctype": "User", "names": ["x"]})):
		with pytest.raises(NotApplicable):
			planned(site, f"backups.{action}", **given)


def test_rows_are_read_out_of_both_forms_of_a_mariadb_dump(samples: Samples) -> None:
	dump = (
		"CREATE TABLE `tabA` (\n  `name` varchar(140) NOT NULL,\n  `n` int(11),\n  `t` text,\n"
		"  PRIMARY KEY (`name`)\n) ENGINE=InnoDB;\n"
		"INSERT INTO `tabA` VALUES ('a',1,'x'),('b\\'s',NULL,'),(\\'c\\',2,'),('c',-2.5,'''');\n"
		"INSERT INTO `tabA` VALUES\n('d',4,_binary 'x'),\n('e',0x41,'');\n"
		"INSERT INTO `tabB` VALUES ('a',1,'no');\n"
		"INSERT INTO `tabA` (`t`,`name`,`n`) VALUES ('named','f',6);\n"
	)
	packed = gzip.decompress(gzip.compress(dump.encode()))
	pieces = [packed[start : start + 7] for start in range(0, len(packed), 7)]
	names = ["a", "b's", "c", "e", "f"]
	reader = _dumps.MariaDBRows(frozenset({"tabA"}), names, lambda _table, row: row["name"] in names)
	found = [row for _table, row in reader.read(_dumps.lines(pieces))]
	assert found == [
		{"name": "a", "n": "1", "t": "x"},
		{"name": "b's", "n": None, "t": "),('c',2,"},
		{"name": "c", "n": "-2.5", "t": "'"},
		{"name": "e", "n": b"A", "t": ""},
		{"t": "named", "name": "f", "n": "6"},
	]


@pytest.mark.parametrize(
	("kind", "dump"),
	[
		("mariadb", b"-- dump\nUSE `live`;\n"),
		("mariadb", b"/*!40000 DROP DATABASE IF EXISTS `live`*/;\n"),
		("mariadb", b"CREATE DATABASE /*!32312 IF NOT EXISTS*/ `live`;\n"),
		("mariadb", b"\\! rm x\n"),
		("postgres", b"SET x = 1;\n\\connect live\n"),
		("postgres", b"DROP DATABASE live;\n"),
	],
)
def test_a_dump_that_leaves_the_scratch_database_is_not_restored(kind: str, dump: bytes) -> None:
	for size in (1, 7, 1000):
		pieces = [dump[start : start + size] for start in range(0, len(dump), size)]
		given: list[bytes] = []
		with pytest.raises(ConsoleError, match="leaves the scratch database"):
			given.extend(staying(kind, pieces))
		assert not b"".join(given).endswith(b";\n")


def test_what_a_dump_holds_may_speak_of_anything() -> None:
	pieces = [
		b"INSERT INTO `tabNote` VALUES ('",
		b"x" * 100,
		b"USE `live`; DROP DATABASE live\\n');\n",
		b"COPY x;\n",
	]
	assert list(staying("mariadb", pieces)) == pieces
	assert list(staying("postgres", pieces)) == pieces
