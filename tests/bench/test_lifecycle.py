"""Installing, updating, uninstalling, installing again: nothing is lost, nothing is left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.benches import APP, BenchSite

#: Tables of which Frappe itself fills some whenever an app comes or goes, whichever it is.
OF_FRAPPE = (
	"tabError Log", "tabActivity Log", "tabVersion", "tabDeleted Document", "tabScheduled Job Log", "tabPatch Log",
	"tabSessions", "tabSingles", "tabDefaultValue", "tabInstalled Application", "tabComment", "tabAccess Log",
	"tabPermission Log",
)  # fmt: skip
INVENTORY = """
skipped = json.loads(args[0])
rows = {}
for table in frappe.db.get_tables(cached=False):
	columns = [row[0] for row in frappe.db.sql(
		f"select name from pragma_table_info('{table}')" if frappe.db.db_type == "sqlite" else
		f"select column_name from information_schema.columns where table_schema = database() and table_name = '{table}'")]
	key = "name" if "name" in columns else None
	rows[table] = sorted(str(row[0]) for row in frappe.db.sql(f"select `{key}` from `{table}`")) if (
		key and table not in skipped) else []
singles = frappe.db.sql("select distinct doctype from `tabSingles`")
print(json.dumps([rows, sorted(row[0] for row in singles)]))
"""
TIMES = """
from recovery_console.install import own_doctypes
times = {}
for doctype in [*own_doctypes(), "Role", "Number Card", "Workspace", "Scheduled Job Type"]:
	if not frappe.get_meta(doctype).issingle:
		rows = frappe.get_all(doctype, fields=["name", "modified"], limit_page_length=0)
		times[doctype] = {row.name: str(row.modified) for row in rows}
print(json.dumps(times))
"""
SNAPSHOT = """
from recovery_console.in_site import snapshots
print(json.dumps(snapshots.take("Person")))
"""
#: What a site that used the console has of it, here and there.
USED = """
from recovery_console.in_site import bundles, incident_actions
settings = frappe.get_doc("Recovery Settings")
settings.health_token = "a token of thirty letters or so"
settings.save()
channel = frappe.new_doc("Recovery Channel")
channel.update({"kind": "Webhook", "secret": "a" * 20, "secret_url": "http://127.0.0.1:9/"})
channel.insert(set_name="To Be Forgotten")
name = incident_actions.open_by_hand("It was used", severity="S4", actor="Administrator")
doc = frappe.get_doc("Incident", name)
doc.add_comment("Comment", "a comment")
doc.add_tag("forgotten")
frappe.db.delete("Tag", {"name": "forgotten"})  # a word of the site, not of the console
frappe.share.add("Incident", name, "Administrator", read=1)
frappe.db.commit()
bundles.make(name)
print(json.dumps(frappe.db.count("File", {"attached_to_name": name})))
"""
#: As it is where the console was just fetched: Frappe's cache still holds the modules of before.
STALE_MODULES = """
modules = {app: frappe.get_module_list(app) for app in frappe.get_installed_apps()}
frappe.cache.set_value("app_modules", {app: [frappe.scrub(name) for name in names] for app, names in modules.items()})
"""
RIVAL = """
frappe.get_doc({"doctype": "DocType", "name": "Incident", "module": "Custom", "custom": 1,
	"fields": [{"fieldname": "a", "fieldtype": "Data", "label": "A"}],
	"permissions": [{"role": "System Manager", "read": 1}]}).insert()
frappe.db.commit()
"""
REMOVE_RIVAL = """
frappe.delete_doc("DocType", "Incident", force=True)
frappe.db.sql_ddl("drop table if exists `tabIncident`")
frappe.db.commit()
"""


@pytest.fixture
def without(site: BenchSite) -> Iterator[BenchSite]:
	"""A site without the console; it has the console again afterwards."""
	if site.installed:
		uninstall(site)
	try:
		yield site
	finally:
		site.install()


def uninstall(site: BenchSite) -> None:
	site.run("uninstall-app", APP, "--yes", "--no-backup")


def inventory(site: BenchSite) -> Any:
	return site.python(INVENTORY, json.dumps(OF_FRAPPE))


def differences(before: Any, after: Any) -> dict[str, Any]:
	(rows, singles), (rows_after, singles_after) = before, after
	found: dict[str, Any] = {
		table: {"new": sorted(set(rows_after.get(table, [])) - set(rows.get(table, [])))[:20],
			"gone": sorted(set(rows.get(table, [])) - set(rows_after.get(table, [])))[:20]}
		for table in rows.keys() | rows_after.keys()
		if rows.get(table, []) != rows_after.get(table, []) or (table in rows) != (table in rows_after)
	}  # fmt: skip
	if singles != singles_after:
		found["singles"] = sorted(set(singles) ^ set(singles_after))
	return found


def files(site: BenchSite) -> set[Path]:
	private = site.bench / "sites" / site.name / "private"
	locks = private.parent / "locks"
	return {
		*private.glob("recovery_console*"),
		*private.glob("files/evidence-*"),
		*locks.glob("recovery_console*"),
	}


def test_it_leaves_nothing_behind_and_comes_again(without: BenchSite) -> None:
	before = inventory(without)
	without.python(STALE_MODULES)
	for _time in range(2):
		without.run("install-app", APP)
		assert without.python(SNAPSHOT)
		assert without.python(USED) == 1
		uninstall(without)
		assert differences(before, inventory(without)) == {}
		assert files(without) == set()


def test_a_migrate_changes_nothing_and_loses_nothing(installed: BenchSite) -> None:
	name = installed.python(SNAPSHOT)
	installed.run("migrate")
	before = installed.python(TIMES)
	assert name in before["Health Snapshot"]
	installed.run("migrate")
	assert installed.python(TIMES) == before


def test_it_does_not_take_the_doctype_of_another(without: BenchSite) -> None:
	without.python(RIVAL)
	try:
		before = inventory(without)
		done = without.run("install-app", APP, check=False)
		assert "The DocType Incident belongs to" in done.stdout + done.stderr
		assert not without.installed
		assert differences(before, inventory(without)) == {}
	finally:
		without.python(REMOVE_RIVAL)


def test_a_dry_run_of_uninstalling_removes_nothing(installed: BenchSite) -> None:
	before = inventory(installed)
	installed.run("uninstall-app", APP, "--dry-run", "--yes", "--no-backup")
	assert differences(before, inventory(installed)) == {}


def test_a_role_of_that_name_is_respected(without: BenchSite) -> None:
	without.python("frappe.new_doc('Role', role_name='Recovery Manager').insert(); frappe.db.commit()")
	try:
		before = inventory(without)
		done = without.run("install-app", APP, check=False)
		assert "There is a role Recovery Manager" in done.stdout + done.stderr
		assert not without.installed
		assert differences(before, inventory(without)) == {}
	finally:
		without.python("frappe.delete_doc('Role', 'Recovery Manager', force=True); frappe.db.commit()")
