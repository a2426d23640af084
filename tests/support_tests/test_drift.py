"""The sample's tables and value sets are those of a real site, wherever a bench is found.

Only what the TOML files speak of is compared; a real site may have more tables, and fields that its own
customisations or other apps added. Nothing is written to the real site.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.sample import SampleSite
from tests.support_tests.benches import site_configs
from tests.support_tests.conftest import MakeSite
from tests.support_tests.real_sites import ERRORS, Columns, RealSite, SchemaReader, open_site

LAYOUT = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Fold", "Heading", "Image"}
WITH_OPTIONS = {"Select", "Link", "Dynamic Link", "Table", "Table MultiSelect"}
NO_SITE = Path("no bench")
#: Our own tables: whether Frappe 15 indexes their ``creation`` depends on whether they were ever altered.
OWN = {
	f"tab{json.loads(path.read_text())['name']}"
	for path in Path(__file__).parents[2].glob("recovery_console/recovery/doctype/*/*.json")
}
#: Frappe keeps these columns of a table that was a child table once: Incident Event was one.
CHILD = {"parent", "parentfield", "parenttype"}


@pytest.fixture(
	params=site_configs() or [NO_SITE], ids=lambda path: "/".join(path.parts[-4:-1]), scope="module"
)
def real(request: pytest.FixtureRequest) -> RealSite:
	if request.param == NO_SITE:
		pytest.skip("NOT COMPARED with a real site: no bench found (set FRAPPE_BENCH)")
	try:
		return open_site(request.param)
	except ERRORS as error:
		pytest.skip(f"NOT COMPARED with {request.param.parent}: {type(error).__name__}: {error}")


@pytest.fixture
def sample(real: RealSite, make_site: MakeSite) -> SampleSite:
	return make_site(real.reader.dialect, real.frappe, real.apps)


@pytest.fixture
def ours(sample: SampleSite) -> SchemaReader:
	def query(text: str) -> list[tuple[Any, ...]]:
		return [tuple(row.values()) for row in sample.database.execute(text)[0]]

	return SchemaReader(sample.database.dialect, query)


def added_by_others(real: RealSite) -> set[tuple[str, str]]:
	"""(table, column) of the custom fields that the real site has."""
	rows = real.reader.query("SELECT dt, fieldname FROM `tabCustom Field`".replace("`", quote(real)))
	return {(f"tab{doctype}", field) for doctype, field in rows}


def quote(real: RealSite) -> str:
	return "`" if real.reader.dialect == "mariadb" else '"'


def differences(real: RealSite, ours: Columns, theirs: Columns) -> list[str]:
	# On SQLite Frappe rebuilds a table to alter it, without its defaults: ours change while they are developed.
	altered = "recovery_console" if real.reader.dialect == "sqlite" else None
	rough = {spec.table for spec in real.schema.doctypes.values() if spec.bootstrapped or spec.app == altered}
	custom = added_by_others(real)
	found = []
	for table, columns in ours.items():
		if table not in theirs:
			found.append(f"{table}: no such table on the real site")
			continue
		for column in sorted(columns.keys() | theirs[table].keys()):
			mine, real_one = columns.get(column), theirs[table].get(column)
			if mine is None and ((table, column) in custom or (table in OWN and column in CHILD)):
				continue
			if table in rough and mine and real_one:
				# Made by the framework's own SQL and altered since: nullability and defaults depend on the age
				# of the site, and SQLite keeps the old type names.
				mine, real_one = (mine[:1], real_one[:1]) if real.reader.dialect != "sqlite" else ((), ())
			if mine != real_one:
				found.append(f"{table}.{column}: sample {mine}, real {real_one}")
	return found


def test_columns(real: RealSite, ours: SchemaReader) -> None:
	assert differences(real, ours.columns(), real.reader.columns()) == []


def test_fields_and_value_sets(real: RealSite) -> None:
	theirs = {key: value for key, value in real.reader.fields().items() if value[0] not in LAYOUT}
	found = []
	for doctype in real.schema.doctypes.values():
		here = {
			field.name: (field.fieldtype, field.options)
			for field in doctype.fields.values()
			if not field.custom_by
		}
		there = {field: value for (parent, field), value in theirs.items() if parent == doctype.name}
		for field in sorted(here.keys() | there.keys()):
			mine, real_one = here.get(field), there.get(field)
			if mine and real_one and mine[0] == real_one[0] and mine[0] not in WITH_OPTIONS:
				continue
			if mine != real_one:
				found.append(f"{doctype.name}.{field}: sample {mine}, real {real_one}")
	assert found == []


def test_indexes(real: RealSite, ours: SchemaReader) -> None:
	if real.reader.dialect != "mariadb":
		pytest.skip("index names and order differ from run to run outside MariaDB")
	theirs = real.reader.indexes()
	found = {
		table: (sorted(indexes - theirs.get(table, set())), sorted(theirs.get(table, set()) - indexes))
		for table, indexes in ours.indexes().items()
		if indexes != theirs.get(table) and table not in OWN
	}
	assert found == {}


def test_scheduled_jobs_exist(real: RealSite, sample: SampleSite) -> None:
	rows = real.reader.query(
		"SELECT method, frequency FROM `tabScheduled Job Type`".replace("`", quote(real))
	)
	theirs: dict[str, str] = dict(rows)
	mine = {row["method"]: row["frequency"] for row in sample.rows("Scheduled Job Type")}
	assert {method: theirs.get(method) for method in mine} == mine
