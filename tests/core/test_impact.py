"""What an incident affects: counted to the last one, told in one sentence, and never guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from recovery_console.core.impact import Group, Impact, assess, read, sentence_of
from recovery_console.core.site import open_site
from tests.conftest import look_at
from tests.support.fill.debits import draft_batch
from tests.support.sample import SampleSite


def finding(fingerprint: str, *subjects: tuple[str, str], count: int = 0, **values: Any) -> Mapping[str, Any]:
	return {
		"fingerprint": fingerprint,
		"severity": "critical",
		"count": count or len(subjects) or 1,
		"subjects": [{"doctype": doctype, "name": name} for doctype, name in subjects[:20]],
		**values,
	}


def impact(site: SampleSite, *findings: Mapping[str, Any], **values: Any) -> Impact:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		return assess(opened, findings, **values)


class TestCounting:
	def test_mails_are_counted_beyond_the_twenty_of_a_report(self, any_site: SampleSite) -> None:
		any_site.insert_many(
			"Email Queue",
			[
				{"status": "Sending", "creation": any_site.hours_ago(30), "modified": any_site.hours_ago(30)}
				for _number in range(40)
			],
		)
		report = look_at(any_site, "email.stuck_sending").as_dict()
		found = impact(any_site, *report["checks"][0]["findings"])
		[group] = found.groups
		assert (group.kind, group.count, group.exact, len(group.samples)) == ("mails", 40, True, 20)
		assert found.sentence == "40 mails"

	def test_a_batch_leads_to_its_invoices_money_and_members(self, any_site: SampleSite) -> None:
		batch = draft_batch(any_site)
		lines = any_site.rows(
			"Direct Debit Batch Invoice", {"parent": batch}, ["invoice", "member", "amount"]
		)
		found = impact(any_site, finding("sepa.batch_date:verenigingen", ("Direct Debit Batch", batch)))
		groups = {group.kind: group for group in found.groups}
		assert groups["members"].count == len({line["member"] for line in lines})
		assert groups["invoices"].count == len({line["invoice"] for line in lines})
		totals = [any_site.value("Sales Invoice", line["invoice"], "grand_total") for line in lines]
		assert sum(groups["invoices"].amounts.values()) == sum(round(total, 2) for total in totals)
		assert list(groups["invoices"].amounts) == ["EUR"]
		assert "members" in found.sentence
		assert " EUR in " in found.sentence
		assert "customer" not in found.sentence
		assert found.profiles[0] == "verenigingen"
		assert found.erpnext

	def test_a_document_that_two_findings_name_counts_once(self, site: SampleSite) -> None:
		one, two, three = (("User", f"{name}@example.org") for name in ("a", "b", "c"))
		found = impact(site, finding("portal.locked_out", one, two), finding("portal.user_roles", two, three))
		assert found.sentence == "3 users"

	def test_what_cannot_be_told_apart_is_at_least_so_many(self, site: SampleSite) -> None:
		first = finding("acme.one", ("User", "a@example.org"), count=25)
		second = finding("acme.two", ("User", "b@example.org"), count=9)
		assert impact(site, first).sentence == "25 users"
		assert impact(site, first, second).sentence == "at least 26 users"

	def test_things_that_are_no_documents_affect_nobody(self, site: SampleSite) -> None:
		found = impact(
			site, finding("cache.memory", ("Redis", "cache"), ("Host", "box"), ("DocType", "User"))
		)
		assert found.groups == ()
		assert found.sentence == "No user, customer or document is named by what was found."

	def test_mails_and_jobs_that_wait_are_told_with_what_holds_them_up(self, site: SampleSite) -> None:
		site.insert_many("Email Queue", [{"status": "Not Sent"} for _number in range(7)])
		before = impact(site, finding("cache.memory", ("Redis", "cache")))
		assert before.groups == ()
		found = impact(site, finding("email.switched_off", ("Setting", "mute_emails")))
		[mails] = found.groups
		assert mails.kind == "mails"
		assert mails.through
		assert mails.count == site.count("Email Queue", {"status": ["Not Sent", "Sending", "Partially Sent"]})

	def test_a_database_that_is_down_stops_everybody_and_nothing_is_guessed(self, site: SampleSite) -> None:
		site.set_config(db_name="there_is_none")
		found = impact(site, finding("database.reachable", ("Database", "x")))
		assert found.everybody
		assert found.unknown
		assert found.sentence.startswith("Everybody: nobody can work on the site (not all")

	def test_what_is_not_looked_up_in_time_is_said(self, site: SampleSite) -> None:
		batch = ("Direct Debit Batch", draft_batch(site))
		found = impact(site, finding("sepa.batch_date", batch), deadline=timedelta(seconds=-1))
		assert [group.kind for group in found.groups] == ["others"]
		assert "no time left" in found.unknown[0]


class TestTelling:
	def test_the_sentence_names_money_and_leaves_out_customers_who_are_members(self) -> None:
		found = Impact(
			(
				Group("members", "Member", 31),
				Group("customers", "Customer", 31, through=True),
				Group("invoices", "Sales Invoice", 12, amounts={"EUR": Decimal("1204.50")}),
				Group("mails", "Email Queue", 1040),
			)
		)
		assert found.sentence == "31 members, 1,204.50 EUR in 12 invoices, 1,040 mails"

	def test_one_is_one(self) -> None:
		found = Impact((Group("members", "Member", 1), Group("customers", "Customer", 1)))
		assert found.sentence == "1 member, 1 customer"

	def test_it_is_stored_without_account_numbers_and_read_back(self) -> None:
		stored = Impact((Group("others", "Bank Account", 1, samples=("NL91ABNA0417164300",)),)).as_dict()
		assert "0417" not in json.dumps(stored)
		assert sentence_of(json.dumps(stored)) == sentence_of(stored) == "1 other document"
		assert sentence_of(None) == sentence_of("") == sentence_of("not json") == ""
		assert read("[1]") == {}
