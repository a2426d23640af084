"""A sample site can be written, read and put back, on every database."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import psycopg2
import pymysql
import pytest
from cryptography.fernet import Fernet

from tests.support.fill.email import ACCOUNT, PASSWORD
from tests.support.sample import SampleSite, SqliteTarget
from tests.support.services import MariaDB, Postgres
from tests.support_tests.conftest import MakeSite, Services

KINDS = [("sqlite", 16), ("mariadb", 15), ("mariadb", 16), ("postgres", 15), ("postgres", 16)]


@pytest.fixture(params=KINDS, ids=[f"{dialect}-{frappe}" for dialect, frappe in KINDS])
def site(request: pytest.FixtureRequest, make_site: MakeSite) -> SampleSite:
	return make_site(*request.param)


def test_insert_fills_what_the_doctype_wants(site: SampleSite) -> None:
	name = site.insert("Email Queue", status="Sending", creation=site.hours_ago(31))
	row = site.rows("Email Queue", name)[0]
	assert (row["status"], row["priority"], row["retry"], row["docstatus"]) == ("Sending", 1, 0, 0)
	assert str(row["modified"]).startswith(f"{site.hours_ago(31):%Y-%m-%d %H:%M:%S}")


def test_children_find_their_parent(site: SampleSite) -> None:
	site.insert("Has Role", parent="eva.bos@example.org", parenttype="User", role="Inbox User")
	row = site.rows("Has Role", {"parent": "eva.bos@example.org", "role": "Inbox User"})[0]
	assert (row["parenttype"], row["parentfield"]) == ("User", "roles")
	with pytest.raises(ValueError, match="parenttype"):
		site.insert("Has Role", parent="eva.bos@example.org", role="Inbox User")


def test_filters(site: SampleSite) -> None:
	assert site.count("Email Queue", {"creation": (">", site.hours_ago(4)), "status": ["Sent", "Error"]}) == 2
	assert site.count("Email Queue", {"error": None}) == site.count("Email Queue")
	assert (
		site.update("Email Queue", {"creation": (">", site.hours_ago(4))}, status="Error", error="%s ' \"")
		== 2
	)
	assert site.delete("Email Queue", {"status": "Error"}) == 2
	rows = site.sql("SELECT COUNT(*) AS n FROM `tabEmail Queue` WHERE `status` = %s", ["Sent"])
	assert rows[0]["n"] == 22


def test_singles_and_defaults(site: SampleSite) -> None:
	site.set_single("System Settings", enable_scheduler=False, country=None)
	site.set_default("suspend_email_queue", 1)
	assert site.single("System Settings", "enable_scheduler") == "0"
	assert site.single("System Settings", "country") is None
	assert site.value("DefaultValue", {"defkey": "suspend_email_queue"}, "defvalue") == "1"
	installed = site.value("DefaultValue", {"defkey": "installed_apps", "parent": "__global"}, "defvalue")
	assert json.loads(installed) == list(site.apps)


def test_unknown_doctype_is_named(site: SampleSite) -> None:
	with pytest.raises(LookupError, match="Klarna Kosma Session is not on this site"):
		site.insert("Klarna Kosma Session", status="Running")


def test_restore_brings_back_rows_files_configuration_and_redis(site: SampleSite) -> None:
	before = site.checksums()
	site.insert("Error Log", method="x")
	site.update("User", "anna.bakker@example.org", enabled=False)
	site.delete("Scheduled Job Type")
	site.sql("DROP TABLE `tabVersion`")
	site.sql("ALTER TABLE `tabWebhook` ADD COLUMN `extra` TEXT")
	site.sql("CREATE TABLE `tabNew` (`name` VARCHAR(20))")
	site.set_config(maintenance_mode=1)
	site.bench.set_common_config(pause_scheduler=1)
	(site.path / "private/files/contacts.csv").unlink()
	(site.path / "locks/bench_migrate.lock").write_text("")
	site.add_job("default", status="failed")
	site.cache.flushall()

	site.restore()

	assert site.checksums() == before
	assert "maintenance_mode" not in site.config()
	assert "pause_scheduler" not in site.bench.common_config()
	assert (site.path / "private/files/contacts.csv").exists()
	assert not (site.path / "locks/bench_migrate.lock").exists()
	assert site.queue.zcard(f"rq:failed:{site.queue_key('default')}") == 0
	assert site.queue.scard("rq:workers") == 3


def test_restore_is_not_stopped_by_a_forgotten_transaction(site: SampleSite) -> None:
	config = site.config()
	if config["db_type"] == "sqlite":
		pytest.skip("SQLite: a reader of the old file does not hold up the new one")
	left_open = own_connection(site)
	left_open.cursor().execute(site.database.translate("UPDATE `tabUser` SET `enabled` = 0"))
	before = time.monotonic()
	site.restore()
	assert time.monotonic() - before < 10
	assert site.count("User", {"enabled": 0}) == 0
	left_open.close()


def test_restore_starts_a_server_that_crashed(site: SampleSite, services: Services) -> None:
	server = services.started[site.database.dialect]
	if isinstance(server, SqliteTarget):
		pytest.skip("SQLite has no server")
	before = site.checksums()
	server.kill()
	with pytest.raises((pymysql.err.OperationalError, psycopg2.OperationalError)):
		own_connection(site)
	site.restore()
	assert site.checksums() == before


def test_checksums_point_at_the_table_that_changed(site: SampleSite) -> None:
	before = site.checksums()
	site.update("User", "anna.bakker@example.org", enabled=False)
	after = site.checksums()
	assert {table for table in after if after[table] != before[table]} == {"tabUser"}


def test_secrets_open_with_the_sites_key(site: SampleSite) -> None:
	stored = site.value("__Auth", {"doctype": "Email Account", "name": ACCOUNT}, "password")
	assert Fernet(site.config()["encryption_key"]).decrypt(stored.encode()).decode() == PASSWORD


def test_the_sites_own_user_reaches_its_data_and_nothing_else(site: SampleSite, services: Services) -> None:
	if site.config()["db_type"] == "sqlite":
		pytest.skip("SQLite has no users")
	connection = own_connection(site)
	cursor = connection.cursor()
	cursor.execute(site.database.translate("SELECT COUNT(*) FROM `tabUser`"))
	assert cursor.fetchone()[0] == site.count("User")
	connection.close()
	server = services.started[site.database.dialect]
	assert isinstance(server, MariaDB | Postgres)
	if isinstance(server, MariaDB):
		grants = [next(iter(row.values())) for row in server.admin(f"SHOW GRANTS FOR `{site.db_name}`@'%'")]
		assert len(grants) == 2
		assert re.match(r"GRANT USAGE ON \*\.\*", grants[0])
		assert f'ON "{site.db_name}".* TO' in grants[1]


def own_connection(site: SampleSite) -> Any:
	"""A connection with what the site's configuration says, as Frappe would make it."""
	config = site.config()
	if config["db_type"] == "mariadb":
		return pymysql.connect(
			host=config["db_host"],
			port=config["db_port"],
			user=config.get("db_user", config["db_name"]),
			password=config["db_password"],
			database=config["db_name"],
		)
	return psycopg2.connect(
		host=config["db_host"],
		port=config["db_port"],
		user=config.get("db_user", config["db_name"]),
		password=config["db_password"],
		dbname=config["db_name"],
	)
