"""Repairs of imports plan exactly what they should; bad files are told apart, and nothing is changed by looking."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recovery_console.core.actions.imports._files import parse, read_table, write
from recovery_console.core.edits import Act, DocumentEdit, FileText, KeyEdit, RowEdit, SortedSetEdit
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.plan import Plan
from recovery_console.core.safe_csv import is_formula
from tests.core.actions._trying import breaks, planned, writable
from tests.faults.imports._imports import BANK, add_import, add_import_job
from tests.support.fill.logs import add_file
from tests.support.sample import SampleSite

HOSTILE = ("' OR 1=1 --", "<img src=x onerror=alert(1)>", "../../../etc/passwd", "contacts'; DROP TABLE x")


def log_rows(plan: Plan) -> list[int]:
	"""Return the rows of the file whose log rows a plan takes out."""
	return sorted(
		json.loads((edit.before or {})["row_indexes"])[0]
		for edit in plan.edits
		if isinstance(edit, RowEdit) and edit.table == "tabData Import Log"
	)


def kinds(plan: Plan) -> list[type]:
	return [type(edit) for edit in plan.edits]


# -- going on


def test_an_interrupted_import_forgets_its_failures_and_starts(any_site: SampleSite) -> None:
	add_import(any_site, "contacts", status="Partial Success", total=10, done=3, failed=[3, 6])
	plan = planned(any_site, "imports.resume")
	assert log_rows(plan) == [3, 6]
	(batch,) = plan.batches
	assert isinstance(batch.edits[-1], Act)
	assert batch.edits[-1].arguments == {"doctype": "Data Import", "name": "contacts"}
	assert log_rows(planned(any_site, "imports.resume", failed_too=False)) == []


def test_the_dead_job_of_an_interrupted_import_goes_out_of_the_way(any_site: SampleSite) -> None:
	breaks(any_site, "imports.worker_killed")
	assert KeyEdit in kinds(planned(any_site, "imports.resume"))
	assert SortedSetEdit in kinds(planned(any_site, "imports.resume"))


def test_an_import_at_work_is_left_alone(any_site: SampleSite) -> None:
	add_import(any_site, "contacts", status="Partial Success", total=10, done=3, failed=[3])
	add_import_job(any_site, "contacts", enqueued_at=any_site.minutes_ago(2))
	plan = planned(any_site, "imports.resume", names=["contacts"])
	assert plan.count == 0
	assert "at work" in plan.left_out[0].why


def test_one_that_ran_out_of_time_is_pending_again(site: SampleSite) -> None:
	breaks(site, "imports.ran_out_of_time")
	states = [
		edit.after
		for edit in planned(site, "imports.resume").edits
		if isinstance(edit, RowEdit) and edit.table == "tabData Import"
	]
	assert [state["status"] for state in states if state] == ["Pending"]


def test_a_document_that_may_come_from_an_unlogged_row_is_named(any_site: SampleSite) -> None:
	add_import(any_site, "contacts", status="Partial Success", total=10, done=3, hours=3)
	owner = any_site.rows("Data Import Log", {"data_import": "contacts"}, ["owner"])[0]["owner"]
	moment = any_site.minutes_ago(178)
	any_site.insert("Contact", name="Half", first_name="Half", owner=owner, creation=moment, modified=moment)
	plan = planned(any_site, "imports.resume")
	assert any("Half" in text for text in plan.warnings)


def test_rows_that_change_nothing_are_not_tried_again(site: SampleSite) -> None:
	nothing = "frappe.exceptions.ValidationError: No changes to update"
	add_import(site, "same", status="Error", total=2, failed=[2, 3], exception=nothing)
	plan = planned(site, "imports.retry_failed_rows", names=["same"])
	assert plan.count == 0
	assert "change nothing" in plan.left_out[0].why


def test_all_failed_imports_are_tried_again_at_once(any_site: SampleSite) -> None:
	add_import(any_site, "some", status="Partial Success", total=10, done=8, failed=[4, 7])
	add_import(any_site, "all", status="Error", total=3, failed=[2, 3, 4])
	add_import(any_site, "bank", doctype=BANK, status="Partial Success", done=5, failed=[3])
	add_import(any_site, "stopped", status="Partial Success", total=10, done=2, failed=[3])
	plan = planned(any_site, "imports.retry_failed_rows")
	assert {batch.subject.name for batch in plan.batches} == {"some", "all", "bank"}
	assert log_rows(plan) == [2, 3, 3, 4, 4, 7]


def test_nobody_starts_what_nobody_started(site: SampleSite) -> None:
	breaks(site, "imports.never_started")
	assert planned(site, "imports.start").count == 0
	assert planned(site, "imports.start", names=["contacts"]).count == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_are_no_imports_are_refused(site: SampleSite, name: str) -> None:
	for action in ("resume", "retry_failed_rows", "start", "export_failed_rows", "undo_partial"):
		with pytest.raises(UsageError, match="no import"):
			planned(site, f"imports.{action}", names=[name])
	with pytest.raises(UsageError, match="no import"):
		planned(site, "imports.dry_run", name=name)


# -- taking back


def made(site: SampleSite, **values: Any) -> None:
	"""An import that made three contacts, of which the second was submitted."""
	add_import(site, "contacts", status="Partial Success", total=4, done=3, failed=[5], **values)
	rows = site.rows("Data Import Log", {"data_import": "contacts", "success": 1}, ["name", "log_index"])
	for row in rows:
		name = f"Made {row['log_index']}"
		moment = site.hours_ago(3)
		site.update("Data Import Log", row["name"], docname=name)
		submitted = {"docstatus": int(row["log_index"] == 1)}
		site.insert("Contact", name=name, first_name=name, creation=moment, modified=moment, **submitted)


def test_documents_are_taken_back_last_first_with_their_log(any_site: SampleSite) -> None:
	made(any_site)
	plan = planned(any_site, "imports.undo_partial", names=["contacts"])
	edits = [edit for edit in plan.edits if isinstance(edit, DocumentEdit)]
	assert [(edit.name, edit.operation) for edit in edits] == [
		("Made 2", "delete"),
		("Made 1", "cancel"),
		("Made 1", "delete"),
		("Made 0", "delete"),
	]
	assert edits[0].before is not None
	assert edits[0].before["first_name"] == "Made 2"
	assert edits[0].before["email_ids"] == []
	assert log_rows(plan) == [2, 3, 4, 5]


def test_what_somebody_worked_on_stays(site: SampleSite) -> None:
	made(site)
	site.update("Contact", "Made 1", modified=site.hours_ago(1))
	plan = planned(site, "imports.undo_partial", names=["contacts"])
	assert [each.subject.name for each in plan.left_out] == ["Made 1"]
	assert planned(site, "imports.undo_partial", names=["contacts"], changed_too=True).left_out == ()


def test_an_import_that_changed_documents_cannot_be_taken_back(site: SampleSite) -> None:
	made(site)
	site.update("Data Import", "contacts", import_type="Update Existing Records")
	with pytest.raises(UsageError, match="changed documents"):
		planned(site, "imports.undo_partial", names=["contacts"])


# -- files


def failed_import(site: SampleSite, content: str) -> None:
	add_import(site, "contacts", status="Partial Success", total=3, done=1, failed=[3, 4])
	(site.path / "private" / "files" / "contacts-import.csv").write_text(content)


def test_failed_rows_come_out_with_their_errors_and_safe_to_open(any_site: SampleSite) -> None:
	content = '\ufeffFirst Name,Phone\nAnna,1\n=HYPERLINK("http://x"),+31 6 12\n"Klaas, jr.",\n'
	failed_import(any_site, content)
	plan = planned(any_site, "imports.export_failed_rows")
	(file,) = [edit for edit in plan.edits if isinstance(edit, FileText)]
	assert isinstance(file.after, bytes)
	lines = file.after.decode().splitlines()
	assert lines[0] == "First Name,Phone,Import Error"
	assert lines[1].startswith('"\'=HYPERLINK(""http://x"")",+31 6 12,')
	assert lines[2].startswith('"Klaas, jr.",,"frappe.exceptions.MandatoryError')
	assert file.path.startswith(f"sites/{any_site.name}/private/files/")


def test_another_file_than_the_imported_one_is_refused(site: SampleSite) -> None:
	failed_import(site, "First Name\nAnna\n")
	with pytest.raises(UsageError, match="not in the file"):
		planned(site, "imports.export_failed_rows", names=["contacts"])
	assert "not in the file" in planned(site, "imports.export_failed_rows").left_out[0].why


@pytest.mark.parametrize(
	("content", "said"),
	[
		("First Name,Nonsense\nAnna,1\n", "no field of Contact is called"),
		("\ufeffFirst Name\nAnna\n", "byte order mark"),
		("First Name;Phone\nAnna;1\n", "separated by ';'"),
		("First Name,First Name\nAnna,Anna\n", "come twice"),
		("First Name\n", "no line below"),
		("First Name\nAnna,1,2\n", "more cells than columns: 2"),
		("First Name\nAnna\n=1+1\n", "run as a formula: 3"),
		("First Name\nAn\x00na\n", "NUL characters: 1"),
		("Salutation\nMr\n", "Mandatory fields without a column"),
	],
)
def test_what_is_wrong_with_a_file_is_said(site: SampleSite, content: str, said: str) -> None:
	site.update("DocField", {"parent": "Contact", "fieldname": "first_name"}, reqd=1)
	address = add_file(site, "people.csv", content, "", "")
	plan = planned(site, "imports.check_file", file=address, doctype="Contact")
	assert plan.count == 0
	assert any(said in text for text in plan.warnings), plan.warnings


def test_nothing_is_wrong_with_a_good_file(any_site: SampleSite) -> None:
	address = add_file(any_site, "people.csv", "ID,first_name,Last Name\nA,Anna,-5\n", "", "")
	plan = planned(any_site, "imports.check_file", file=address, doctype="Contact")
	assert plan.warnings == ()
	assert plan.evidence["rows"] == 1


@pytest.mark.parametrize(
	("content", "encoding"),
	[("Café".encode(), "utf-8"), ("Café".encode("utf-16"), "utf-16"), (b"Caf\xe9", "windows-1250")],
)
def test_encodings_are_told_apart(content: bytes, encoding: str) -> None:
	table = parse(content)
	assert (table.rows[0][0], table.encoding) == ("Café", encoding)


@pytest.mark.parametrize("content", [b"PK\x03\x04 a spreadsheet", b"\x81\x8d\x8f\x90\x9d\xff" * 3])
def test_what_is_no_text_is_refused(content: bytes) -> None:
	with pytest.raises(UsageError):
		parse(content)


@pytest.mark.parametrize(
	"address",
	[
		"/etc/passwd",
		"/private/files/../../site_config.json",
		"/files/",
		"http://x/y.csv",
		"/private/files/x.xlsx",
	],
)
def test_only_csv_files_of_the_site_are_read(site: SampleSite, address: str) -> None:
	with writable(site) as opened, pytest.raises(UsageError):
		read_table(opened, address)


def test_a_file_that_is_gone_is_told(site: SampleSite) -> None:
	with writable(site) as opened, pytest.raises(SourceUnavailable):
		read_table(opened, "/private/files/gone.csv")


@pytest.mark.parametrize("cell", ["=1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\tx"])
def test_formulas_are_told_from_numbers(cell: str) -> None:
	assert is_formula(cell)
	assert write([[cell]]).lstrip(b'"').startswith(b"'")


@pytest.mark.parametrize("cell", ["-5", "+31 (0)6 12-34", "-1.234,50", "- 12 %", "", "a=b"])
def test_numbers_are_no_formulas(cell: str) -> None:
	assert not is_formula(cell)


def test_a_mended_file_is_in_the_form_that_frappe_reads(any_site: SampleSite) -> None:
	(any_site.path / "private/files/old.csv").write_bytes("Naam;Tel\n\nZoë;1\n".encode("utf-16"))
	plan = planned(any_site, "imports.mend_file", file="/private/files/old.csv")
	(file,) = [edit for edit in plan.edits if isinstance(edit, FileText)]
	assert file.after == "Naam,Tel\nZoë,1\n".encode()


def test_an_import_without_its_file_on_disk_is_left_out(site: SampleSite) -> None:
	breaks(site, "imports.file_gone_from_disk")
	site.delete("File", {"attached_to_name": "contacts"})
	plan = planned(site, "imports.restore_file_row")
	assert plan.count == 0
	assert "not on disk" in plan.left_out[0].why
