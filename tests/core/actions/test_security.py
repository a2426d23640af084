"""What containing a breach plans, keeps and never shows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.action import build
from recovery_console.core.action_registry import find_action
from recovery_console.core.actions.security._evidence import checksum, seal_of
from recovery_console.core.actions.security.evidence_bundle import FOLDER
from recovery_console.core.edits import Act, DocumentEdit, RowEdit
from recovery_console.core.errors import UsageError
from recovery_console.core.plan import shown_plan
from recovery_console.core.run import RunState
from tests.core.actions._trying import acts_done, planned, writable
from tests.faults.security._help import ADMIN, add_staff, export, give_keys, log_in
from tests.support.repairs import APPROVER, engine, start, to_the_end
from tests.support.sample import SampleSite

ANNA, BRAM, EVA = "anna.bakker@example.org", "bram.visser@example.org", "eva.bos@example.org"
SECRET = "chosen-in-a-safe-0123456789"


def bundle_of(site: SampleSite) -> Path:
	[path] = sorted((site.path / FOLDER).glob("*.zip"))
	return path


def test_evidence_is_whole_sealed_and_holds_no_secret(any_site: SampleSite) -> None:
	give_keys(any_site, ANNA, days=3)
	export(any_site, BRAM, 3)
	log_in(any_site, BRAM, ["192.0.2.9"])
	any_site.insert(
		"Version", ref_doctype="User", docname=EVA, data='{"changed": [["api_secret", "", "hunter2hunter2"]]}'
	)
	before = any_site.checksums()
	_plan, said = acts_done(any_site, "security.evidence_bundle", window="7 d")
	assert any_site.checksums() == before
	path = bundle_of(any_site)
	assert path.stat().st_mode & 0o777 == 0o600
	assert path.parent.stat().st_mode & 0o777 == 0o700
	assert seal_of(path).read_text().split()[0] == checksum(path)
	assert checksum(path) in said[0]
	with zipfile.ZipFile(path) as bundle:
		texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
	manifest = json.loads(texts["manifest.json"])
	assert manifest["files"]["exports"]["rows"] >= 3
	assert all(entry["complete"] for entry in manifest["files"].values())
	assert "192.0.2.9" in texts["logins.jsonl"]
	sids = [str(row["sid"]) for row in any_site.rows("Sessions", {}, ["sid"])]
	key = str(any_site.value("User", ANNA, "api_key"))
	for hidden in ("hunter2", key, *sids):
		assert not any(hidden in text for text in texts.values())


def test_evidence_says_what_is_missing_and_is_not_taken_twice(site: SampleSite) -> None:
	export(site, BRAM, 150)
	plan, _said = acts_done(site, "security.evidence_bundle", most_rows=100, hide_addresses=True)
	with zipfile.ZipFile(bundle_of(site)) as bundle:
		manifest = json.loads(bundle.read("manifest.json"))
		assert EVA not in bundle.read("users.jsonl").decode()
	assert manifest["files"]["exports"] | {"sha256": ""} == {
		"file": "exports.jsonl",
		"source": "Access Log",
		"rows": 100,
		"complete": False,
		"sha256": "",
	}
	action = build(find_action("security.evidence_bundle"), {})
	[act] = plan.edits
	assert isinstance(act, Act)
	with writable(site) as opened:
		assert action.is_done(opened, act)
		bundle_of(site).write_bytes(b"changed")
		assert not action.is_done(opened, act)


def test_a_breach_is_contained_and_whoever_leads_stays_in(any_site: SampleSite) -> None:
	give_keys(any_site, ANNA, days=3)
	give_keys(any_site, BRAM, days=3)
	token = any_site.insert(
		"OAuth Bearer Token", name="t0ken", access_token="t0ken", user=BRAM, status="Active"
	)
	works = engine(any_site)
	run = works.create(
		works.runbooks["contain-suspected-breach"], {"keep": [ANNA]}, APPROVER, "suspected breach"
	)
	shown = json.dumps([shown_plan(plan) for _number, plan in run.plans], default=str)
	assert token not in shown
	assert str(any_site.value("User", BRAM, "api_key")) not in shown
	run = works.approve(run.id, APPROVER, "a test", typed=any_site.name)
	run = to_the_end(works, run, any_site)
	while run.state is RunState.PAUSED or (run.cursor is not None and run.state.is_open):
		run = to_the_end(works, works.confirm(run.id, APPROVER, "done by hand"), any_site)
	assert run.state is RunState.SUCCEEDED, f"{run.said} {run.left}"
	assert bundle_of(any_site).is_file()
	assert {str(row["user"]) for row in any_site.rows("Sessions", {}, ["user"])} == {ANNA}
	assert any_site.value("User", BRAM, "api_key") is None
	assert any_site.value("User", ANNA, "api_key")
	assert any_site.value("OAuth Bearer Token", token, "status") == "Revoked"
	left = {str(row["name"]) for row in any_site.rows("__Auth", {"fieldname": "password"}, ["name"])}
	assert {name for name in left if "@" in name} == {ANNA}
	assert "Administrator" in left


def test_a_new_secret_stands_in_no_plan_and_no_journal(site: SampleSite) -> None:
	give_keys(site, ANNA, days=400)
	given = {"name": ANNA, "new_secret": SECRET}
	plan = planned(site, "security.rotate_api_key", **given)
	assert SECRET not in json.dumps(plan.as_dict())
	[sealed] = [edit for edit in plan.edits if isinstance(edit, RowEdit) and edit.table == "__Auth"]
	assert sealed.after is not None
	assert sealed.after["password"] not in str(shown_plan(plan))
	works = engine(site)
	run = to_the_end(works, start(works, "rotate-api-key", given, site), site)
	assert run.state is RunState.SUCCEEDED, run.said
	journal = "".join(
		path.read_text() for path in (site.path / "private" / "recovery_console").rglob("*.jsonl")
	)
	assert journal
	assert SECRET not in journal


@pytest.mark.parametrize("secret", ["short", "with spaces in it that is long", "<script>" * 5, "x" * 129])
def test_a_secret_that_cannot_be_one_is_refused_and_not_repeated(site: SampleSite, secret: str) -> None:
	give_keys(site, ANNA, days=400)
	with pytest.raises(UsageError) as refused:
		planned(site, "security.rotate_api_key", name=ANNA, new_secret=secret)
	assert secret not in str(refused.value)


def test_nobody_is_locked_out_for_good(any_site: SampleSite) -> None:
	for action in ("security.disable_users", "security.remove_role"):
		with pytest.raises(UsageError, match="Nobody would be System Manager"):
			planned(any_site, action, names=[ANNA])
		with pytest.raises(UsageError, match=r"Frappe's own|Nobody was named"):
			planned(any_site, action, names=["Administrator"])
		with pytest.raises(UsageError, match=r"Nobody was named|must be told"):
			planned(any_site, action, names=[])
	add_staff(any_site, "second@example.org", role=ADMIN)
	plan = planned(any_site, "security.remove_role", names=[ANNA])
	[edit] = plan.edits
	assert isinstance(edit, DocumentEdit)
	assert edit.after is not None
	assert ADMIN not in {row["role"] for row in edit.after["roles"]}


def test_passwords_of_everybody_leave_administrator_and_the_kept(any_site: SampleSite) -> None:
	plan = planned(any_site, "security.force_password_resets", everybody=True, keep=[ANNA])
	names = {batch.subject.name for batch in plan.batches}
	assert BRAM in names
	assert EVA in names
	assert not names & {ANNA, "Administrator", "Guest"}
	for wrong in ({}, {"names": [EVA], "everybody": True}):
		with pytest.raises(UsageError):
			planned(any_site, "security.force_password_resets", **wrong)


def rights(site: SampleSite, doctype: str, **given: Any) -> dict[str, Any]:
	site.insert("Custom DocPerm", parent=doctype, role="Guest", permlevel=0, **given)
	plan = planned(site, "security.take_guest_rights")
	found: dict[str, Any] = {}
	for edit in plan.edits:
		if isinstance(edit, DocumentEdit):
			found |= dict(edit.after or {})
	return found


def test_guests_lose_what_is_confidential(site: SampleSite) -> None:
	taken = rights(site, "Contact", read=1, write=1)
	assert {"write": 0, "read": 0}.items() <= taken.items()
	assert not any(taken.values())


def test_guests_keep_reading_what_is_not_confidential(site: SampleSite) -> None:
	assert rights(site, "ToDo", read=1, create=1) == {"create": 0}
