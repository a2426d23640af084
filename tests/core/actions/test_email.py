"""Repairs of mail plan exactly what they should: boundaries, what is left out, what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from recovery_console.core.action import build
from recovery_console.core.action_registry import find_action
from recovery_console.core.backends.secrets import reveal
from recovery_console.core.edits import CacheDrop, RowEdit
from recovery_console.core.errors import ConsoleError, UsageError
from recovery_console.core.plan import Plan
from tests.conftest import Samples
from tests.core.actions._trying import acts_done, breaks, planned
from tests.faults.email._mail import REFUSED_LOGIN, message, queue, refused_recipient, use_server
from tests.support.fill.email import ACCOUNT, ADDRESS, PASSWORD
from tests.support.sample import SampleSite

MANY = tuple(f"p{number}@example.com" for number in range(4))
HOSTILE = ("' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "%(p0)s", "`tabUser`")


def after(plan: Plan, table: str) -> dict[str, dict[str, Any]]:
	"""Return what a plan sets, by the name of the row."""
	return {
		str(edit.key["name"]): dict(edit.after or {})
		for edit in plan.edits
		if isinstance(edit, RowEdit) and edit.table == f"tab{table}"
	}


# -- stuck in Sending


def test_certain_recipients_are_sent_to_and_the_unclear_one_is_kept_apart(any_site: SampleSite) -> None:
	queue(any_site, "mailing", *MANY[1:], sent=MANY[:1], status="Sending", minutes=50)
	plan = planned(any_site, "email.release_stuck")
	mails = after(plan, "Email Queue")
	assert mails.pop("mailing")["status"] == "Partially Sent"
	((apart, row),) = mails.items()
	assert row["status"] == "Error"
	assert "UnclearDeliveryError" in row["error"]
	(moved,) = after(plan, "Email Queue Recipient").items()
	assert moved[1] == {"parent": apart}
	assert any_site.value("Email Queue Recipient", moved[0], "recipient") == MANY[1]
	assert MANY[1] in plan.left_out[0].why
	assert plan.evidence["certainly_waiting"] == 2


def test_the_unclear_one_is_sent_to_only_on_request(site: SampleSite) -> None:
	queue(site, "single", "a@example.com", status="Sending", minutes=50)
	assert after(planned(site, "email.release_stuck"), "Email Queue")["single"]["status"] == "Error"
	sent = planned(site, "email.release_stuck", unclear="send")
	assert after(sent, "Email Queue")["single"] == {
		"status": "Not Sent",
		"modified": after(sent, "Email Queue")["single"]["modified"],
	}
	assert "a@example.com" in sent.warnings[0]


def test_a_mail_whose_recipients_were_all_served_is_sent(site: SampleSite) -> None:
	queue(site, "done", sent=MANY, status="Sending", minutes=50)
	assert after(planned(site, "email.release_stuck"), "Email Queue")["done"]["status"] == "Sent"


@pytest.mark.parametrize(("minutes", "found"), [(15, 0), (15.02, 1)])
def test_a_mail_is_stuck_after_fifteen_minutes(site: SampleSite, minutes: float, found: int) -> None:
	queue(site, "sending", status="Sending", minutes=minutes)
	assert planned(site, "email.release_stuck").count == found


def test_a_mailing_that_moves_is_left_alone(any_site: SampleSite) -> None:
	queue(any_site, "moving", *MANY[1:], sent=MANY[:1], status="Sending", minutes=50)
	any_site.update("Email Queue Recipient", {"recipient": MANY[0]}, modified=any_site.minutes_ago(1))
	assert planned(any_site, "email.release_stuck").count == 0
	with pytest.raises(UsageError, match="being sent now"):
		planned(any_site, "email.release_stuck", names=["moving"])


@pytest.mark.parametrize(("begun", "left"), [(60, 1), (40, 0)])
@pytest.mark.parametrize("frappe", [15, 16])
def test_a_mail_that_a_live_worker_may_be_at_is_left_out(
	samples: Samples, frappe: int, begun: int, left: int
) -> None:
	site = samples.site("sqlite" if frappe == 16 else "mariadb", frappe)
	queue(site, "single", status="Sending", minutes=50)
	site.add_job(
		"short",
		method="frappe.email.queue.flush",
		status="started",
		enqueued_at=site.minutes_ago(begun + 1),
		started_at=site.minutes_ago(begun),
		last_heartbeat=site.minutes_ago(1),
	)
	plan = planned(site, "email.release_stuck")
	assert plan.count == 1 - left
	assert any("may be at this one" in each.why for each in plan.left_out) == bool(left)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_are_no_mails_are_refused(site: SampleSite, name: str) -> None:
	for action in ("release_stuck", "requeue_failed", "purge_failed", "drop_waiting", "resend"):
		with pytest.raises(UsageError, match="no mail"):
			planned(site, f"email.{action}", names=[name])


def test_a_limit_is_kept_and_said(site: SampleSite) -> None:
	breaks(site, "email.stuck_in_sending_many")
	plan = planned(site, "email.release_stuck", most=10, unclear="send")
	assert plan.count == 10
	assert "Run it again" in plan.warnings[-1]


# -- failed mails


def test_only_what_may_do_better_is_tried_again(any_site: SampleSite) -> None:
	queue(any_site, "login", *MANY[1:], sent=MANY[:1], status="Error", retry=3, error=REFUSED_LOGIN)
	queue(any_site, "unknown", status="Error", retry=3, error=refused_recipient("x@example.com"))
	queue(any_site, "unclear", status="Error", retry=0, error="UnclearDeliveryError: it may have arrived\n")
	link = message("Reset", "https://erp.example.org/update-password?key=abcdef0123")
	queue(
		any_site,
		"link",
		status="Error",
		retry=3,
		error=REFUSED_LOGIN,
		message=link,
		reference_doctype=None,
		minutes=60 * 24 * 5,
	)
	any_site.set_single("System Settings", reset_password_link_expiry_duration=3600)
	plan = planned(any_site, "email.requeue_failed")
	(row,) = after(plan, "Email Queue").values()
	assert (row["status"], row["retry"], row["error"], row["send_after"]) == ("Partially Sent", 0, None, None)
	assert {each.subject.name for each in plan.left_out} == {"unknown", "unclear", "link"}
	assert planned(any_site, "email.requeue_failed", names=["unclear"]).count == 1


def test_mails_are_spread_over_time(site: SampleSite) -> None:
	for number in range(5):
		queue(site, f"lost{number}", status="Error", retry=3, error=REFUSED_LOGIN, minutes=100 - number)
	plan = planned(site, "email.requeue_failed", per_minute=2)
	due = [row["send_after"] for row in after(plan, "Email Queue").values()]
	assert [moment and round((moment - site.now).total_seconds() / 60) for moment in due] == [
		None,
		None,
		1,
		1,
		2,
	]


def test_failed_mails_are_chosen_by_the_kind_that_the_finding_names(site: SampleSite) -> None:
	queue(site, "login", status="Error", retry=3, error=REFUSED_LOGIN)
	queue(site, "other", status="Error", retry=3, error="ValueError: no\n")
	plan = planned(site, "email.requeue_failed", error="InvalidEmailCredentials 535")
	assert list(after(plan, "Email Queue")) == ["login"]


def test_suspended_sending_is_said(site: SampleSite) -> None:
	site.set_default("suspend_email_queue", 1)
	queue(site, "login", status="Error", retry=3, error=REFUSED_LOGIN)
	assert any("suspended" in text for text in planned(site, "email.requeue_failed").warnings)


# -- sending again what was sent


def test_nobody_gets_two_mails_about_one_document(any_site: SampleSite) -> None:
	day = any_site.days_ago(2).replace(hour=10, minute=0, second=0, microsecond=0)
	for name, document, hour in (
		("first", "A", 0),
		("second", "A", 1),
		("other", "B", 1),
		("redone", "C", 1),
	):
		moment = day.replace(hour=10 + hour)
		values = {"reference_name": document, "creation": moment, "modified": moment}
		queue(any_site, name, sent=("a@example.com",), status="Sent", **values)
	queue(any_site, "since", sent=("a@example.com",), status="Sent", reference_name="C", minutes=60)
	plan = planned(any_site, "email.resend", day=f"{day:%Y-%m-%d}", reference_doctype="Sales Invoice")
	assert set(after(plan, "Email Queue")) == {"second", "other"}
	assert {each.subject.name for each in plan.left_out} == {"first", "redone"}


@pytest.mark.parametrize("given", [{}, {"day": "yesterday", "reference_doctype": "X"}, {"day": "2026-01-01"}])
def test_resending_needs_to_be_told_what(site: SampleSite, given: dict[str, str]) -> None:
	with pytest.raises(UsageError, match="Nothing says which"):
		planned(site, "email.resend", **given)


# -- accounts


def test_a_password_is_tried_stored_encrypted_and_kept_nowhere_else(any_site: SampleSite) -> None:
	use_server(any_site, users=((ADDRESS, "the new one"),))
	with pytest.raises(UsageError, match="refused the log-in") as refused:
		planned(any_site, "email.set_account_password", account=ACCOUNT, password="a wrong one")
	assert "a wrong one" not in str(refused.value)
	plan = planned(any_site, "email.set_account_password", account=ACCOUNT, password="the new one")
	assert "the new one" not in str(plan.as_dict())
	(edit,) = [edit for edit in plan.edits if isinstance(edit, RowEdit) and edit.table == "__Auth"]
	assert edit.before is not None
	assert edit.after is not None
	assert reveal(any_site.encryption_key, edit.before["password"]) == PASSWORD
	assert reveal(any_site.encryption_key, edit.after["password"]) == "the new one"


def test_without_a_key_no_password_is_stored(site: SampleSite) -> None:
	site.unset_config("encryption_key")
	with pytest.raises(UsageError, match="encryption_key"):
		planned(site, "email.set_account_password", account=ACCOUNT, password="x", try_first=False)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_account_that_is_not_there_is_refused(site: SampleSite, name: str) -> None:
	for action, given in (
		("set_account_password", {"password": "x"}),
		("set_server", {}),
		("reset_incoming", {}),
	):
		with pytest.raises(UsageError, match="no Email Account"):
			planned(site, f"email.{action}", account=name, **given)


@pytest.mark.parametrize(
	("given", "said"),
	[
		({"server": "http://smtp.example.org"}, "no name of a mail server"),
		({"server": "smtp.example.org", "port": 70000}, "no port"),
		({"encryption": "rot13"}, "no encryption"),
		({"server": "127.0.0.1", "port": 1}, "could not be reached"),
	],
)
def test_a_server_that_cannot_be_is_refused(site: SampleSite, given: dict[str, Any], said: str) -> None:
	with pytest.raises(UsageError, match=said):
		planned(site, "email.set_server", account=ACCOUNT, **given)


def test_frappes_kept_copy_of_an_account_is_dropped_before_and_after(any_site: SampleSite) -> None:
	key = any_site.cache_key(f"document_cache::Email Account::{ACCOUNT}")
	any_site.cache.set(key, pickle.dumps({}, protocol=4))
	breaks(any_site, "email.no_default_account")
	edits = list(planned(any_site, "email.choose_default_account", account=ACCOUNT).edits)
	assert edits[0] == edits[-1] == CacheDrop("cache", key.encode())


def test_two_accounts_that_send_leave_the_choice_to_a_person(site: SampleSite) -> None:
	breaks(site, "email.no_default_account")
	site.insert("Email Account", name="Second", email_id="second@example.org", enable_outgoing=1)
	with pytest.raises(UsageError, match="not clear"):
		planned(site, "email.choose_default_account")


def test_a_muted_copy_stays_muted(site: SampleSite) -> None:
	site.set_config(mute_emails=1)
	with pytest.raises(UsageError, match="real site"):
		planned(site, "email.unmute", real_site=False)


def test_only_this_site_is_unmuted(site: SampleSite) -> None:
	site.bench.set_common_config(mute_emails=1)
	(edit,) = planned(site, "email.unmute", real_site=True).edits
	assert (edit.file, edit.after) == ("site", 0)  # type: ignore[attr-defined]


# -- a test mail


def test_a_test_mail_goes_to_the_account_itself(any_site: SampleSite) -> None:
	server = use_server(any_site)
	server.messages.clear()
	_plan, said = acts_done(any_site, "email.send_test")
	assert "took the mail" in said[0]
	assert f"To: {ADDRESS}".encode() in server.messages[0]


@pytest.mark.parametrize("to", ["somebody@elsewhere.example", "a@b.example\r\nBcc: c@d.example"])
def test_a_test_mail_goes_to_nobody_else(site: SampleSite, to: str) -> None:
	use_server(site)
	with pytest.raises(UsageError):
		planned(site, "email.send_test", to=to)


def test_a_test_mail_that_is_refused_says_so(site: SampleSite) -> None:
	use_server(site, "refuse recipient")
	with pytest.raises(ConsoleError, match="was not sent"):
		acts_done(site, "email.send_test")


def test_dropping_needs_to_be_told_what(site: SampleSite) -> None:
	queue(site, "waits")
	with pytest.raises(UsageError, match="Nothing says which"):
		planned(site, "email.drop_waiting")
	assert planned(site, "email.drop_waiting", reference_doctype="Sales Invoice").count == 1
	assert planned(site, "email.drop_waiting", reference_doctype="' OR 1=1 --").count == 0


def test_folders_are_read_from_their_beginning(any_site: SampleSite) -> None:
	any_site.insert("Email Account", name="Support", email_id="support@example.org", enable_incoming=1)
	with pytest.raises(UsageError, match="no IMAP folder"):
		planned(any_site, "email.reset_incoming", account="Support")
	read = {"folder_name": "INBOX", "uidvalidity": "7", "uidnext": "4000"}
	folder = any_site.insert("IMAP Folder", parent="Support", **read)
	edits = after(planned(any_site, "email.reset_incoming", account="Support"), "IMAP Folder")
	assert edits == {folder: {"uidvalidity": "", "uidnext": ""}}


@pytest.mark.parametrize(
	("given", "said"),
	[
		({"template": HOSTILE[0], "kind": "Notification"}, "no Notification"),
		({"template": HOSTILE[0], "kind": "Server Script"}, "holds no template"),
		({"template": "x", "doctype": HOSTILE[1]}, "no DocType"),
		({"template": "x", "doctype": "User", "document": HOSTILE[2]}, "no User"),
	],
)
def test_a_template_is_tried_for_a_document_that_is_there(
	any_site: SampleSite, given: dict[str, str], said: str
) -> None:
	with pytest.raises(UsageError, match=said):
		planned(any_site, "email.try_template", **given)


def test_mails_that_were_kept_as_nothing_cannot_be_taken_in(any_site: SampleSite) -> None:
	breaks(any_site, "email.mails_not_taken_in")
	any_site.update("Unhandled Email", "unhandled0", raw="can't be parsed")
	any_site.update("Unhandled Email", "unhandled1", email_account="Gone")
	plan = planned(any_site, "email.take_in")
	assert plan.count == 4
	assert {each.subject.name for each in plan.left_out} == {"unhandled0", "unhandled1"}
	with pytest.raises(UsageError):
		planned(any_site, "email.take_in", names=[HOSTILE[0]])


@pytest.mark.parametrize(("mails", "said"), [(0, "cannot be"), (5001, "cannot be")])
def test_a_batch_has_its_limits(site: SampleSite, mails: int, said: str) -> None:
	with pytest.raises(UsageError, match=said):
		planned(site, "email.set_batch_size", mails=mails)
	assert planned(site, "email.set_batch_size", mails=500).count == 0
	(edit,) = planned(site, "email.set_batch_size", mails=2000).edits
	assert (edit.key, edit.after) == ("email_queue_batch_size", 2000)  # type: ignore[attr-defined]


@pytest.mark.parametrize("most", [0, 10_001, 10**9])
def test_a_limit_beyond_all_measure_is_refused_before_anything_is_read(most: int) -> None:
	for action in ("email.requeue_failed", "email.release_stuck", "email.purge_failed"):
		with pytest.raises(UsageError, match="is no limit"):
			build(find_action(action), {"most": most})


def test_a_stored_password_is_told_to_no_other_server_by_a_plan(site: SampleSite) -> None:
	"""The fake server refuses every log-in: a plan that tried one would say so."""
	use_server(site, users=(("nobody", "nothing"),))
	row = site.rows("Email Account", {"name": ACCOUNT}, ["smtp_server", "smtp_port"])[0]
	with pytest.raises(UsageError, match="refused the log-in"):
		planned(site, "email.set_server", account=ACCOUNT)
	site.update("Email Account", ACCOUNT, smtp_server="former.example.org")
	plan = planned(
		site, "email.set_server", account=ACCOUNT, server=row["smtp_server"], port=int(row["smtp_port"])
	)
	assert any("does not go there" in warning for warning in plan.warnings)
	assert any("another server" in warning for warning in plan.warnings)
