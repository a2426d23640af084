"""Repairs of integrations: what the faults of the catalogue do not walk along."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core.actions.integrations.report_requests import safety_class
from recovery_console.core.edits import Act, RowEdit
from recovery_console.core.errors import NotApplicable, UsageError
from tests.core.actions._trying import planned
from tests.faults import all_faults
from tests.faults.integrations._help import WEBHOOK, call_webhook, request
from tests.support.sample import SampleSite

HOSTILE = "<b>x</b>'; DROP TABLE `tabUser`; --"


def test_what_was_deleted_or_switched_off_is_not_sent_again(any_site: SampleSite) -> None:
	all_faults()["integrations.webhook_refused"].breaks(any_site)
	call_webhook(any_site, "Deleted Meanwhile")
	plan = planned(any_site, "integrations.retry_webhooks")
	assert [batch.subject.name for batch in plan.batches] == ["Carla Smit", "Eva Bos"]
	assert all(isinstance(edit, Act) and edit.frappe for edit in plan.edits)
	assert [left.subject.name for left in plan.left_out] == ["Deleted Meanwhile"]
	assert planned(any_site, "integrations.retry_webhooks", most=1).count == 1
	any_site.update("Webhook", WEBHOOK, enabled=0)
	plan = planned(any_site, "integrations.retry_webhooks")
	assert (plan.count, [left.subject.name for left in plan.left_out]) == (0, [WEBHOOK])


def test_a_working_webhook_is_switched_off_only_by_name(any_site: SampleSite) -> None:
	assert planned(any_site, "integrations.disable_webhook").count == 0
	edits = list(planned(any_site, "integrations.disable_webhook", names=[WEBHOOK]).edits)
	(row,) = [edit for edit in edits if isinstance(edit, RowEdit)]
	assert row.after is not None
	assert row.after["enabled"] == 0
	assert len(edits) == 3, "the list that Frappe keeps is dropped before and after"


def test_a_webhook_counts_as_dead_only_when_it_delivered_nothing(any_site: SampleSite) -> None:
	for number in range(10):
		call_webhook(any_site, f"document {number}")
	assert planned(any_site, "integrations.disable_webhook", dead=True).count == 1
	assert planned(any_site, "integrations.disable_webhook", dead=True, dead_from=11).count == 0
	call_webhook(any_site, "document 0", error="", hours=1)
	assert planned(any_site, "integrations.disable_webhook", dead=True).count == 0


@pytest.mark.parametrize(
	("action", "given"),
	[
		("integrations.disable_webhook", {"names": [HOSTILE]}),
		("integrations.disable_social_login", {"names": [HOSTILE]}),
		("integrations.retry_webhooks", {"names": [HOSTILE]}),
		("integrations.retry_webhooks", {"most": 20_000}),
		("integrations.drop_dead_tokens", {"names": [HOSTILE]}),
		("integrations.refresh_tokens", {"names": [HOSTILE]}),
	],
)
def test_what_is_no_parameter_is_refused(site: SampleSite, action: str, given: dict[str, Any]) -> None:
	call_webhook(site, "Carla Smit")
	with pytest.raises(UsageError):
		planned(site, action, **given)


def test_ldap_that_is_off_cannot_be_switched_off(site: SampleSite) -> None:
	with pytest.raises(NotApplicable):
		planned(site, "integrations.disable_ldap")


def test_a_token_that_can_be_renewed_is_renewed_and_not_deleted(any_site: SampleSite) -> None:
	all_faults()["integrations.app_authorisation_ran_out"].breaks(any_site)
	renewed = planned(any_site, "integrations.refresh_tokens")
	assert [batch.subject.name for batch in renewed.batches] == ["app1-eva.bos@example.org"]
	dropped = planned(any_site, "integrations.drop_dead_tokens")
	assert [batch.subject.name for batch in dropped.batches] == ["app1-bram.visser@example.org"]


def test_what_moves_money_is_never_said_to_be_repeatable(any_site: SampleSite) -> None:
	assert safety_class("Mollie", "") == "money"
	assert safety_class("Anything", "Payment Request") == "money"
	assert safety_class("Slack", "Note") == "message"
	assert safety_class("Something", "") == "unknown"
	request(any_site, "Mollie", "Failed", 2)
	request(any_site, "Slack", "Failed", 1)
	request(any_site, "Stripe", "Queued", 3)
	plan = planned(any_site, "integrations.report_requests")
	assert plan.count == 0
	assert plan.evidence["by_class"] == {"money": 2, "message": 1}
