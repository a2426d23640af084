"""Repairs of records: what the faults of the catalogue do not walk along."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core.actions.data import normalise_emails, normalise_phones
from recovery_console.core.edits import RowEdit
from recovery_console.core.errors import UsageError
from tests.core.actions._trying import planned
from tests.faults import all_faults
from tests.support.fill.erpnext import COMPANY_ACCOUNT
from tests.support.fill.users import CUSTOMERS
from tests.support.sample import SampleSite

HOSTILE = "<b>x</b>'; DROP TABLE `tabUser`; --"


@pytest.mark.parametrize(
	("text", "right", "likely"),
	[
		(" anna@example.org ", "anna@example.org", "anna@example.org"),
		("anna@example.org.", "anna@example.org", "anna@example.org"),
		("mailto:anna@example.org", "anna@example.org", "anna@example.org"),
		("Anna Bakker <anna@example.org>", "anna@example.org", "anna@example.org"),
		("a..b@example.org", "", "a.b@example.org"),
		("info@.example.org", "", "info@example.org"),
		("a@example.org, b@example.org", "", ""),
		("a b@example.org", "", ""),
		("nobody", "", ""),
		("x@localhost", "", ""),
	],
)
def test_an_address_is_corrected_only_where_one_is_meant(text: str, right: str, likely: str) -> None:
	assert normalise_emails.corrected(text, likely=False) == right
	assert normalise_emails.corrected(text, likely=True) == likely


@pytest.mark.parametrize(
	("text", "right"),
	[
		("06-12345678 (after six)", "06-12345678"),
		("Anna: +31 (0)20 123 45 67", "+31 (0)20 123 45 67"),
		("06-12345678 or 06-87654321", ""),
		("020-1234567 ext. 12", ""),
		("020-1234567 x12", ""),
		("ask Anna", ""),
		("112", ""),
	],
)
def test_a_number_is_left_where_there_is_exactly_one(text: str, right: str) -> None:
	assert normalise_phones.corrected(text) == right


def test_the_copy_of_an_address_in_its_contact_is_corrected_too(any_site: SampleSite) -> None:
	any_site.insert("Contact", name="dotted", first_name="D", email_id="d@example.org.")
	any_site.insert("Contact Email", parent="dotted", email_id="d@example.org.")
	plan = planned(any_site, "data.normalise_emails")
	rows = [edit for edit in plan.edits if isinstance(edit, RowEdit)]
	assert [(edit.table, (edit.after or {})["email_id"]) for edit in rows] == [
		("tabContact Email", "d@example.org"),
		("tabContact", "d@example.org"),
	]


def test_a_user_is_not_renamed_by_its_address(any_site: SampleSite) -> None:
	any_site.insert("User", name="bad@example..org", email="bad@example..org", first_name="Bad")
	plan = planned(any_site, "data.normalise_emails", likely=True)
	assert "tabUser" not in {edit.table for edit in plan.edits if isinstance(edit, RowEdit)}
	assert "bad@example..org" in {left.subject.name for left in plan.left_out}


def test_a_counter_is_never_set_back(any_site: SampleSite) -> None:
	key = f"ACC-SINV-{any_site.now.year}-"
	any_site.update("Series", key, current=900)
	assert planned(any_site, "data.advance_naming_series").count == 0
	any_site.update("Series", key, current=3)
	any_site.insert(
		"Sales Invoice", name=f"{key}00777", creation=any_site.days_ago(300), modified=any_site.days_ago(300)
	)
	(edit,) = planned(any_site, "data.advance_naming_series").edits
	assert isinstance(edit, RowEdit)
	assert edit.after == {"current": 777}, "an old document with a high number counts, too"
	with pytest.raises(UsageError):
		planned(any_site, "data.advance_naming_series", names=[HOSTILE])


def test_rows_of_a_document_that_can_be_restored_are_left(any_site: SampleSite) -> None:
	all_faults()["data.rows_left_of_a_contact"].breaks(any_site)
	any_site.insert("Contact Email", parent="Also gone", email_id="also@example.org")
	if "tabDeleted Document" in any_site.database.tables():
		any_site.insert(
			"Deleted Document", deleted_doctype="Contact", deleted_name="Also gone", restored=0, data="{}"
		)
		plan = planned(any_site, "data.delete_orphans")
		assert [batch.subject.name for batch in plan.batches] == ["Gone"]
		assert [left.subject.name for left in plan.left_out] == ["Also gone"]
	with pytest.raises(UsageError):
		planned(any_site, "data.delete_orphans", doctypes=["User"])


@pytest.mark.parametrize(
	("action", "given"),
	[
		("data.relink", {"link": "Bank Transaction.bank_account", "old": COMPANY_ACCOUNT, "new": "x"}),
		("data.relink", {"link": "Bank Transaction.bank_account", "old": "gone", "new": HOSTILE}),
		("data.relink", {"link": "Bank Transaction.description", "old": "gone", "new": COMPANY_ACCOUNT}),
		("data.relink", {"link": HOSTILE, "old": "gone", "new": "x"}),
		("data.relink", {"link": "Payment Entry.party", "old": "gone", "new": CUSTOMERS[0].full_name}),
		("data.relink", {"link": "Has Role.role", "old": "gone", "new": "System Manager"}),
		("data.unlink", {"link": "User Permission.user"}),
		("data.unlink", {"link": "Bank Account.bank"}),
		("data.unlink", {"link": "Payment Entry.party"}),
		("data.unlink", {"link": HOSTILE}),
		("data.merge_duplicates", {"doctype": "User", "keep": "Administrator", "drop": "Guest"}),
		("data.merge_duplicates", {"doctype": "Customer", "keep": CUSTOMERS[0].full_name, "drop": HOSTILE}),
		(
			"data.merge_duplicates",
			{"doctype": "Customer", "keep": CUSTOMERS[0].full_name, "drop": CUSTOMERS[0].full_name},
		),
		("data.enable_linked", {"doctype": "User", "names": ["Guest"]}),
		("data.enable_linked", {"doctype": "Customer", "names": [HOSTILE]}),
		("data.reset_docstatus", {"doctype": "Sales Invoice"}),
		("data.reset_docstatus", {"names": [CUSTOMERS[0].full_name]}),
	],
)
def test_what_may_not_be_changed_is_refused(site: SampleSite, action: str, given: dict[str, Any]) -> None:
	with pytest.raises(UsageError):
		planned(site, action, **given)


def test_a_submitted_document_keeps_its_links(any_site: SampleSite) -> None:
	any_site.insert("Contact", name="Sent", first_name="S", user="gone@example.org", docstatus=1)
	any_site.insert("Contact", name="Free", first_name="F", user="gone@example.org")
	plan = planned(any_site, "data.unlink", link="Contact.user")
	assert [batch.subject.name for batch in plan.batches] == ["Free"]
	assert [left.subject.name for left in plan.left_out] == ["Sent"]


def test_a_merge_says_what_would_name_the_other(any_site: SampleSite) -> None:
	keep, drop = CUSTOMERS[0].full_name, CUSTOMERS[1].full_name
	plan = planned(any_site, "data.merge_duplicates", doctype="Customer", keep=keep, drop=drop)
	assert plan.evidence["named_in"]["Sales Invoice"] == 2
	assert not plan.reversible
