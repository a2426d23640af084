"""The healthy content is consistent in itself: links lead somewhere, values are allowed, numbers check out."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from stdnum import iban
from stdnum.eu import at_02

from tests.support.doctypes import DocType
from tests.support.fill.debits import draft_batch
from tests.support.sample import SampleBench, SampleSite, SqliteTarget
from tests.support.sepa_numbers import easter, is_target_day, target_day
from tests.support.services import Redis
from tests.support_tests.conftest import MakeSite, Services

APPS = ("frappe", "erpnext", "verenigingen", "banking")
KINDS = [("mariadb", 15), ("sqlite", 16)]


@pytest.fixture(params=KINDS, ids=[f"{dialect}-{frappe}" for dialect, frappe in KINDS])
def site(request: pytest.FixtureRequest, make_site: MakeSite) -> SampleSite:
	return make_site(*request.param, apps=APPS)


def tables(site: SampleSite) -> list[DocType]:
	return [doctype for doctype in site.schema.doctypes.values() if doctype.kind != "single"]


def test_links_lead_somewhere(site: SampleSite) -> None:
	names = {
		doctype.name: {row["name"] for row in site.rows(doctype.name, None, ["name"])}
		for doctype in tables(site)
	}
	# ERPNext logs the rows of a Bank Statement Import as if it were a Data Import.
	names["Data Import"] |= names["Bank Statement Import"]
	lost = []
	for doctype in tables(site):
		for row in site.rows(doctype.name):
			for field in doctype.fields.values():
				value = row.get(field.name)
				target = field.options if field.fieldtype == "Link" else None
				if field.fieldtype == "Dynamic Link":
					target = row.get(field.options)
				if value and target in names and value not in names[target]:
					lost.append(f"{doctype.name} {row['name']}: {field.name} = {value}")
	assert lost == []


def test_children_have_parents(site: SampleSite) -> None:
	orphans = []
	for doctype in tables(site):
		if doctype.kind != "child" or doctype.name == "DefaultValue":
			continue
		for row in site.rows(doctype.name, None, ["name", "parent", "parenttype", "parentfield"]):
			holder = site.schema.doctypes[row["parenttype"]]
			known = holder.kind == "single" or site.count(holder.name, row["parent"])
			if not known or holder.fields[row["parentfield"]].options != doctype.name:
				orphans.append((doctype.name, row))
	assert orphans == []


def test_values_are_options_and_what_is_mandatory_is_there(site: SampleSite) -> None:
	wrong = []
	for doctype in tables(site):
		selects = [field for field in doctype.fields.values() if field.choices and field.options]
		mandatory = [field.name for field in doctype.fields.values() if field.reqd and field.has_column]
		for row in site.rows(doctype.name):
			wrong += [
				f"{doctype.name} {row['name']}: {field.name} = {row[field.name]}"
				for field in selects
				if row[field.name] and row[field.name] not in field.choices
			]
			wrong += [
				f"{doctype.name} {row['name']}: no {name}" for name in mandatory if row[name] in (None, "")
			]
	assert wrong == []


def test_every_time_lies_in_the_past(site: SampleSite) -> None:
	late = [
		doctype.name
		for doctype in tables(site)
		if site.count(doctype.name, {"modified": (">", site.now)})
		or site.count(doctype.name, {"creation": (">", site.now)})
	]
	assert late == []


def test_numbers_check_out(site: SampleSite) -> None:
	accounts = [
		row["iban"] for table in ("Bank Account", "SEPA Mandate", "Member") for row in site.rows(table)
	]
	assert len(accounts) == 19
	assert [text for text in accounts if not iban.is_valid(text)] == []
	assert at_02.is_valid(site.single("Verenigingen Settings", "creditor_id") or "")


def test_batches_add_up(site: SampleSite) -> None:
	for batch in site.rows("Direct Debit Batch"):
		lines = site.rows("Direct Debit Batch Invoice", {"parent": batch["name"]})
		assert len(lines) == batch["entry_count"]
		assert sum(line["amount"] for line in lines) == batch["total_amount"]
		assert is_target_day(datetime.fromisoformat(str(batch["batch_date"])).date())
		owed = sum(site.value("Sales Invoice", line["invoice"], "outstanding_amount") for line in lines)
		assert owed == (batch["total_amount"] if batch["name"] == draft_batch(site) else 0)


def test_files_are_on_disk(site: SampleSite) -> None:
	rows = site.rows("File")
	assert len(rows) >= 6
	assert [row["file_url"] for row in rows if not (site.path / row["file_url"].lstrip("/")).exists()] == []


@pytest.mark.parametrize(
	"moment", ["2026-01-01T00:00:30", "2026-02-28T23:59:59", "2028-02-29T12:00:00", "2026-03-29T01:30:00"]
)
def test_awkward_moments(
	moment: str, services: Services, redis_pair: tuple[Redis, Redis], tmp_path_factory: pytest.TempPathFactory
) -> None:
	cache, queue = redis_pair
	bench = SampleBench.create(
		tmp_path_factory.mktemp("bench") / "bench",
		redis_cache=cache,
		redis_queue=queue,
		now=datetime.fromisoformat(moment).replace(tzinfo=timezone.utc),
	)
	site = bench.add_site("erp.example.org", database=SqliteTarget(), frappe=16)
	assert site.count("Direct Debit Batch") == 2
	site.close()


def test_calendar() -> None:
	assert [str(easter(year)) for year in (2024, 2025, 2026, 2027)] == [
		"2024-03-31",
		"2025-04-20",
		"2026-04-05",
		"2027-03-28",
	]
	friday = datetime(2026, 4, 3).date()
	assert str(target_day(friday)) == "2026-04-07"
	assert str(target_day(friday, step=-1)) == "2026-04-02"
