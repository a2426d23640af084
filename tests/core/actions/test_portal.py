"""What repairs of log-ins, users and permissions plan, refuse and leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from recovery_console.core.actions.portal._csv import read_users
from recovery_console.core.actions.portal.mend_restrictions import _rewritten
from recovery_console.core.edits import CacheDrop, DocumentEdit, HashEdit, RowEdit
from recovery_console.core.errors import SourceUnavailable, UsageError
from recovery_console.core.plan import shown_plan
from recovery_console.core.run import RunState
from tests.core.actions._trying import planned
from tests.faults import all_faults
from tests.faults.portal._help import (
	add_sessions,
	add_user,
	fail_logins,
	give_profile,
	set_expiry,
	turn_two_factor_on,
)
from tests.support.repairs import REQUESTER, engine, start, to_the_end
from tests.support.sample import SampleSite

ANNA, CARLA, EVA = "anna.bakker@example.org", "carla.smit@example.org", "eva.bos@example.org"
NASTY = ("<script>alert(1)</script>", "x' OR '1'='1", "Robert'); DROP TABLE `tabUser`;--", "é" * 900)


def save_of(site: SampleSite, action: str, **given: Any) -> dict[str, tuple[Any, Any]]:
	"""Return per document what a plan of saves would change it from and to."""
	edits = [edit for edit in planned(site, action, **given).edits if not isinstance(edit, CacheDrop)]
	assert all(isinstance(edit, DocumentEdit) for edit in edits)
	return {edit.name: (edit.before, edit.after) for edit in edits if isinstance(edit, DocumentEdit)}


def test_unlocking_takes_both_counters_of_the_named_out_and_no_other(any_site: SampleSite) -> None:
	for who in (ANNA, CARLA, "192.0.2.44"):
		fail_logins(any_site, who, failures=20)
	plan = planned(any_site, "portal.unlock_login", names=[ANNA, "192.0.2.44"])
	assert {(batch.subject.doctype, batch.subject.name) for batch in plan.batches} == {
		("User", ANNA),
		("IP address", "192.0.2.44"),
	}
	edits = [edit for edit in plan.edits if isinstance(edit, HashEdit)]
	assert len(edits) == 4
	assert {edit.key.decode() for edit in edits} == {
		any_site.cache_key("login_failed_count"),
		any_site.cache_key("login_failed_time"),
	}
	assert all(edit.before == any_site.cache.hget(edit.key, edit.field) for edit in edits)


def test_unlocking_warns_of_an_attack_and_needs_the_cache(site: SampleSite) -> None:
	fail_logins(site, ANNA, failures=20)
	site.insert_many(
		"Activity Log",
		[
			{"operation": "Login", "status": "Failed", "subject": "x", "creation": site.minutes_ago(9)}
			for _number in range(30)
		],
	)
	plan = planned(site, "portal.unlock_login")
	assert plan.evidence["failed_logins_in_one_hour"] == 30
	assert "guessing" in plan.warnings[0]
	site.bench.redis_cache.stop()
	with pytest.raises(SourceUnavailable):
		planned(site, "portal.unlock_login")


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize(
	"action",
	["portal.unlock_login", "portal.enable_users", "portal.end_sessions", "portal.reset_two_factor"],
)
def test_a_name_that_is_nobody_is_refused(site: SampleSite, action: str, name: str) -> None:
	before = site.checksums()
	with pytest.raises(UsageError, match=r"(?i)nothing was changed"):
		planned(site, action, names=[name])
	assert site.checksums() == before


def test_ten_thousand_names_are_looked_at_and_more_are_refused(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="There is no User"):
		planned(site, "portal.enable_users", names=[f"u{number}@example.org" for number in range(10_000)])
	with pytest.raises(UsageError, match="more than 10000"):
		planned(site, "portal.enable_users", names=[f"u{number}@example.org" for number in range(10_001)])


@pytest.mark.parametrize(("given", "text"), [("15 min", "0:15"), ("170 h", "170:00"), ("90 min", "1:30")])
def test_the_session_expiry_has_the_form_that_frappe_reads(site: SampleSite, given: str, text: str) -> None:
	set_expiry(site, "0:05")
	plan = planned(site, "portal.set_session_expiry", expiry=given)
	afters = [edit.after for edit in plan.edits if isinstance(edit, RowEdit)]
	assert {"value": text} in afters
	assert {"defvalue": text} in afters
	with pytest.raises(UsageError, match="15 minutes"):
		planned(site, "portal.set_session_expiry", expiry="14 min")


def test_settings_are_mended_while_the_cache_is_down(site: SampleSite) -> None:
	site.set_single("System Settings", disable_user_pass_login=1, login_with_email_link=0)
	site.bench.redis_cache.stop()
	works = engine(site)
	run = to_the_end(works, start(works, "allow-password-login", {}, site), site)
	assert run.state is RunState.SUCCEEDED, run.said


def test_sessions_are_ended_that_began_after_the_plan_and_their_ids_are_shown_nowhere(
	any_site: SampleSite,
) -> None:
	add_sessions(any_site, EVA, 3, hours=2)
	sids = {str(row["sid"]) for row in any_site.rows("Sessions", {}, ["sid"])}
	works = engine(any_site)
	run = start(works, "end-sessions", {"names": [EVA], "keep": 1}, any_site)
	add_sessions(any_site, EVA, 2, hours=1)
	for sid in sids:
		any_site.cache.hset(any_site.cache_key("session"), sid, b"kept")
	run = to_the_end(works, run, any_site)
	assert run.state is RunState.SUCCEEDED, run.said
	assert any_site.count("Sessions", {"user": EVA}) == 1
	assert any_site.count("Sessions", {"user": ANNA}) == 1
	shown = str(shown_plan(run.plans[0][1]))
	assert not any(sid in shown for sid in sids)
	assert any_site.cache.hlen(any_site.cache_key("session")) == len(sids) - 3


def test_no_session_is_deleted_that_the_cache_would_go_on_with(site: SampleSite) -> None:
	add_sessions(site, EVA, 3, hours=2)
	works = engine(site)
	run = start(works, "end-sessions", {"names": [EVA]}, site)
	site.bench.redis_cache.stop()
	for _step in range(3):
		run = works.advance(run.id, REQUESTER)
	assert run.state.is_open
	assert site.count("Sessions", {"user": EVA}) == 3


def test_expired_sessions_hide_their_ids_in_what_is_shown(site: SampleSite) -> None:
	add_sessions(site, EVA, 2, hours=24 * 30)
	plan = planned(site, "portal.clear_expired_sessions")
	sids = {str(row["sid"]) for row in site.rows("Sessions", {"user": EVA}, ["sid"])}
	shown = str(shown_plan(plan))
	assert sids
	assert not any(sid in shown for sid in sids)


def test_two_factor_goes_to_no_method_that_cannot_work(site: SampleSite) -> None:
	turn_two_factor_on(site, "Telegram")
	for method in ("SMS", "Telegram", "sms"):
		with pytest.raises(UsageError):
			planned(site, "portal.set_two_factor", method=method)
	assert planned(site, "portal.set_two_factor", method="OTP App").count == 1
	assert "password alone" in planned(site, "portal.set_two_factor").warnings[0]


@pytest.mark.parametrize(
	("given", "mended"),
	[
		("10.0.0.0/8", "10."),
		("192.0.2.0/24, 10.1.*.*", "192.0.2.,10.1."),
		("192.0.2.7/32\n192.0.2.8", "192.0.2.7,192.0.2.8"),
		("192.0.2.7, 10.1", "192.0.2.7, 10.1"),
		("10.0.0.0/12", None),
		("192.0.2.1-192.0.2.9", None),
		("fd00::/8", None),
		("office", None),
	],
)
def test_a_restriction_is_mended_exactly_or_not_at_all(given: str, mended: str | None) -> None:
	assert _rewritten(given) == mended


def test_roles_are_added_to_those_that_are_there(any_site: SampleSite) -> None:
	changes = save_of(any_site, "portal.give_role", role="Supplier", names=[EVA])
	before, after = changes[EVA]
	assert [row["role"] for row in before["roles"]] == ["Customer", "Verenigingen Member"]
	assert after["roles"] == (*before["roles"], {"role": "Supplier"})
	assert planned(any_site, "portal.give_role", role="Customer", names=[EVA]).count == 0
	for role in ("System Manager", "Administrator", "Guest", "Nobody's Role"):
		with pytest.raises(UsageError):
			planned(any_site, "portal.give_role", role=role, names=[EVA])


def test_a_missing_portal_row_goes_to_the_one_customer_of_the_contact(any_site: SampleSite) -> None:
	any_site.delete("Portal User", {"user": EVA})
	[batch] = planned(any_site, "portal.mend_chain").batches
	[edit] = batch.edits
	assert isinstance(edit, DocumentEdit)
	assert edit.doctype == "Customer"
	assert edit.after == {"portal_users": ({"user": EVA},)}
	contact = any_site.value("Contact", {"user": EVA}, "name")
	any_site.insert(
		"Dynamic Link",
		parent=contact,
		parenttype="Contact",
		parentfield="links",
		link_doctype="Customer",
		link_name="Gijs Peters",
	)
	plan = planned(any_site, "portal.mend_chain")
	assert plan.count == 0
	assert [left.subject.name for left in plan.left_out] == [EVA]


def test_the_least_that_lets_somebody_read_is_one_document(any_site: SampleSite) -> None:
	user = add_user(any_site, "clerk@example.org", "Inbox User", user_type="System User")
	contact = any_site.value("Contact", {"user": EVA}, "name")
	given = {"user": user, "doctype": "Contact"}
	plan = planned(any_site, "portal.grant_least", document=contact, **given)
	[edit] = list(plan.edits)
	assert isinstance(edit, DocumentEdit)
	assert (edit.doctype, edit.operation) == ("DocShare", "insert")
	assert plan.evidence["chosen"] == "share"
	assert "permission: Contact for the role Inbox User" in plan.evidence["choices"]
	rule = planned(any_site, "portal.grant_least", by="permission", **given)
	inserted = [edit for edit in rule.edits if isinstance(edit, DocumentEdit)]
	assert len(inserted) == any_site.count("DocPerm", {"parent": "Contact"}) + 1
	assert inserted[-1].after is not None
	assert inserted[-1].after["role"] == "Inbox User"
	assert "write" not in inserted[-1].after
	for wrong in ({"right": "fly"}, {"by": "magic"}, {"doctype": "No Such"}, {"document": "nobody"}):
		with pytest.raises(UsageError):
			planned(any_site, "portal.grant_least", **{**given, **wrong})


def test_nothing_is_granted_where_nothing_is_missing(site: SampleSite) -> None:
	plan = planned(site, "portal.grant_least", user=ANNA, doctype="User", right="read")
	assert plan.count == 0
	assert "already" in plan.says()


@pytest.mark.parametrize(
	("text", "users"),
	[
		("email\na@b.org\n", ["a@b.org"]),
		("\ufeffName;E-mail\nA;a@b.org\n\nB;c@b.org\nC;a@b.org\n", ["a@b.org", "c@b.org"]),
		('user,note\r\n"a@b.org","one, two"\r\n', ["a@b.org"]),
		("User ID\tName\na@b.org\tA\n", ["a@b.org"]),
	],
)
def test_a_list_of_users_is_read_in_its_usual_forms(text: str, users: list[str]) -> None:
	assert read_users(text)[0] == users


@pytest.mark.parametrize(
	("text", "says"),
	[
		("", "empty"),
		("\n \n", "empty"),
		("name,street\nA,B\n", "'name', 'street'"),
		("email\n", "nobody"),
		("email\n=HYPERLINK(1)\na@b.org\n", "line 2: the cell is a formula"),
		("email\n@SUM(A1)\n", "line 2: the cell is a formula"),
		("email,name\na@b.org\n", "line 2: it has 1 cells"),
		("email,name\n,A\n", "line 2: the cell is empty"),
		("email\njane\n", "line 2: this is no e-mail address"),
		("email\n<b>a@b.org</b>\n", "line 2: this is no e-mail address"),
		("email\nJos\ufffd@b.org\n", "not UTF-8"),
		('email\n"a@b.org\n', "quotes"),
		("email\n" + "a@b.org\n" * 10_000, "10001 lines"),
	],
)
def test_a_list_that_cannot_be_used_is_refused_line_by_line(text: str, says: str) -> None:
	with pytest.raises(UsageError) as refused:
		read_users(text)
	assert says in refused.value.message


def test_links_go_to_users_of_this_site_who_are_enabled(site: SampleSite) -> None:
	add_user(site, "former@example.org", enabled=False)
	text = f"email\n{EVA}\nformer@example.org\n{EVA}\nAdministrator@example.org\n"
	with pytest.raises(UsageError, match="1 of the 3 users"):
		planned(site, "portal.send_reset_links", csv_text=text)
	plan = planned(site, "portal.send_reset_links", csv_text=text.replace("Administrator@example.org\n", ""))
	assert [batch.subject.name for batch in plan.batches] == [EVA]
	assert [left.subject.name for left in plan.left_out] == ["former@example.org"]
	assert plan.evidence["named_twice"] == 1
	for wrong in ({}, {"names": [EVA], "csv_text": text}, {"names": [EVA], "per_minute": 61}):
		with pytest.raises(UsageError):
			planned(site, "portal.send_reset_links", **wrong)


def test_the_last_system_manager_keeps_the_role_whatever_the_profile_says(any_site: SampleSite) -> None:
	holders = [
		str(row["parent"])
		for row in any_site.rows("Has Role", {"role": "System Manager", "parenttype": "User"}, ["parent"])
	]
	last, *others = sorted({*holders} - {"Administrator"})
	for other in others:
		any_site.update("User", other, enabled=0)
	give_profile(any_site, last, "Accounts User")
	with pytest.raises(UsageError, match="Nobody would be System Manager"):
		planned(any_site, "portal.follow_role_profile", keep="profile")
	assert planned(any_site, "portal.follow_role_profile", keep="roles").count


def test_roles_that_still_open_something_are_not_taken_from_anybody(any_site: SampleSite) -> None:
	all_faults()["portal.role_of_removed_app"].breaks(any_site)
	any_site.insert("Custom DocPerm", parent="Contact", role="Librarian", read=1)
	any_site.delete("Role", "System Manager")
	plan = planned(any_site, "portal.remove_lost_roles")
	assert {edit.before["role"] for edit in plan.edits if isinstance(edit, RowEdit)} == {"Event Organiser"}
	assert {left.subject.name for left in plan.left_out} == {"Librarian", "System Manager"}
	for role in ("Librarian", "System Manager"):
		with pytest.raises(UsageError, match="still opens"):
			planned(any_site, "portal.remove_lost_roles", roles=[role])


@pytest.mark.parametrize("doctype", ["User", "Custom DocPerm", "Server Script", "Role"])
def test_no_right_is_granted_with_which_a_user_could_take_all(site: SampleSite, doctype: str) -> None:
	with pytest.raises(UsageError, match="can take every right"):
		planned(site, "portal.grant_least", user=ANNA, doctype=doctype, right="write")


def test_nobody_gets_two_links_because_a_list_was_long(site: SampleSite) -> None:
	with pytest.raises(UsageError, match="more than most=1"):
		planned(site, "portal.send_reset_links", names=[ANNA, CARLA], most=1)


def test_a_line_of_a_csv_is_named_by_the_number_that_an_editor_shows() -> None:
	with pytest.raises(UsageError, match="line 5: "):
		read_users("email\n\nanna@example.org\n\n=1+1\n")


@pytest.mark.parametrize("text", [";", "\n", " ; "])
def test_a_restriction_without_an_entry_is_not_lifted(text: str) -> None:
	assert _rewritten(text) is None or _rewritten(text) == text
