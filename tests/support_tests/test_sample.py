"""A sample site can be written, read and put back."""

from __future__ import annotations

import pytest

from tests.support.sample import SampleSite


@pytest.fixture
def site(sqlite_site: SampleSite) -> SampleSite:
	sqlite_site.restore()
	return sqlite_site


def test_insert_fills_what_the_doctype_wants(site: SampleSite) -> None:
	name = site.insert("Email Queue", status="Sending", creation=site.hours_ago(31))
	row = site.rows("Email Queue", name)[0]
	assert (row["status"], row["priority"], row["retry"], row["docstatus"]) == ("Sending", 1, 0, 0)
	assert str(row["modified"]).startswith(f"{site.hours_ago(31):%Y-%m-%d %H:%M:%S}")


def test_children_find_their_parent(site: SampleSite) -> None:
	site.insert("Has Role", parent="eva.bos@example.org", parenttype="User", role="Inbox User")
	row = site.rows("Has Role", {"parent": "eva.bos@example.org", "role": "Inbox User"})[0]
	assert (row["parenttype"], row["parentfield"]) == ("User", "roles")


def test_restore_brings_back_rows_files_configuration_and_redis(site: SampleSite) -> None:
	before = site.checksums()
	site.insert("Error Log", method="x")
	site.update("User", "anna.bakker@example.org", enabled=False)
	site.delete("Scheduled Job Type")
	site.sql("DROP TABLE `tabVersion`")
	site.set_config(maintenance_mode=1)
	(site.path / "private/files/contacts.csv").unlink()
	site.add_job("default", status="failed")
	site.cache.flushall()

	site.restore()

	assert site.checksums() == before
	assert "maintenance_mode" not in site.config()
	assert (site.path / "private/files/contacts.csv").exists()
	assert site.queue.zcard(f"rq:failed:{site.queue_key('default')}") == 0
	assert len(site.queue.smembers("rq:workers")) == 3


def test_checksums_point_at_the_table_that_changed(site: SampleSite) -> None:
	before = site.checksums()
	site.update("User", "anna.bakker@example.org", enabled=False)
	after = site.checksums()
	assert {table for table in after if after[table] != before[table]} == {"tabUser"}
