"""Repairs about logged errors: what waits is saved once, what still comes stays."""

from __future__ import annotations

import json

import pytest

from recovery_console.core.edits import ABSENT, FileText, ListEdit, RowEdit
from recovery_console.core.errors import UsageError
from tests.core.actions._trying import breaks, planned
from tests.faults.errors._errors import log, traceback
from tests.support.sample import SampleSite


def test_waiting_errors_are_saved_and_taken_off_the_list_in_order(any_site: SampleSite) -> None:
	key = any_site.cache_key("insert_queue_for_Error Log")
	entries = [
		json.dumps([{"method": "x" * 200, "error": "one"}, {"method": "m", "error": "two"}]),
		"no json",
		"{}",
		json.dumps({"method": "single", "error": "three", "owner": "a@example.com"}),
		json.dumps({"method": "single", "error": "three", "owner": "a@example.com"}),
	]
	any_site.cache.rpush(key, *entries)
	plan = planned(any_site, "errors.save_waiting")
	rows = [edit.after for edit in plan.edits if isinstance(edit, RowEdit) and edit.after]
	assert [row["error"] for row in rows] == ["one", "two", "three"]
	assert len(rows[0]["method"]) == 140
	taken = [edit for edit in plan.edits if isinstance(edit, ListEdit)]
	assert [edit.follows for edit in taken] == [ABSENT, b"{}"]
	assert plan.evidence == {"waiting": 5, "left_out_in_all": 3}


def test_an_error_that_still_comes_stays(any_site: SampleSite) -> None:
	breaks(any_site, "errors.same_error_many_documents")
	log(
		any_site,
		"again",
		any_site.minutes_ago(5),
		traceback("Row #77: Could not find Customer: <strong>Old 77</strong> in ACC-SINV-2026-00077"),
	)
	plan = planned(any_site, "errors.clear_group")
	assert plan.count == 0
	assert "still comes" in plan.left_out[0].why


def test_a_group_is_chosen_by_one_of_its_errors(any_site: SampleSite) -> None:
	breaks(any_site, "errors.same_error_many_documents")
	plan = planned(any_site, "errors.clear_group", names=["other"])
	(batch,) = plan.batches
	assert [type(edit) for edit in batch.edits] == [FileText, RowEdit]
	with pytest.raises(UsageError, match="no error"):
		planned(any_site, "errors.clear_group", names=["' OR 1=1 --"])


def test_only_logs_that_are_old_enough_and_in_log_settings_are_cleared(any_site: SampleSite) -> None:
	log(any_site, "old", any_site.days_ago(400), "old")
	plan = planned(any_site, "errors.prune_logs")
	assert plan.evidence["old_rows"] == {"Error Log": 1}
	with pytest.raises(UsageError, match="Log Settings say nothing"):
		planned(any_site, "errors.prune_logs", doctypes=["User"])
