"""Notices on real benches: real processes, a real web server and a real mail server, and what dies in between."""

from __future__ import annotations

import email
import email.policy
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from recovery_console.core.times import UTC
from recovery_console.core.webhook import is_genuine
from tests.bench.benches import BenchSite, result
from tests.support.services.receiver import Answer, Call, Receiver
from tests.support.services.smtp import SmtpServer

SECRET = "signs every call of the test"
TITLE = "A problem of the test <b>bold</b>"
#: Every process knows the mail server by the configuration of its site.
MAIL = """
def mail(port):
	frappe.conf.update({"mail_server": "127.0.0.1", "mail_port": int(port), "auto_email_id": "console@example.org",
		"mute_emails": 0, "disable_mail_smtp_authentication": 1})
"""
PREPARE = """
channels, severity, how_many = json.loads(args[0])
for name, values in channels.items():
	doc = frappe.new_doc("Recovery Channel")
	doc.update(values)
	doc.insert(set_name=name)
names = []
for number in range(how_many):
	doc = frappe.new_doc("Incident")
	doc.update({"title": args[1], "fingerprint": f"test.notices:{frappe.generate_hash()}", "check_id": "test.notices",
		"family": "email", "severity": severity, "count": 12, "gravity": "critical", "cause": "password=hunter2",
		"first_seen": frappe.utils.now_datetime()})
	doc.flags.from_console = True
	doc.insert()
	names.append(doc.name)
frappe.db.commit()
print(json.dumps(names))
"""
TELL = """
from recovery_console.in_site import notices
kind, detail, names = args[0], args[1], args[2:]
print(json.dumps([notices.tell(kind, name, detail) for name in names]))
frappe.db.commit()
"""
DELIVER = (
	MAIL
	+ """
import time
from datetime import datetime, timedelta, timezone
from recovery_console.in_site import notices
minutes, port, begins = args
if int(port):
	mail(port)
time.sleep(max(0, float(begins) - time.time()))
print(json.dumps(notices.deliver(datetime.now(timezone.utc) + timedelta(minutes=float(minutes)))))
"""
)
LOOK = """
rows = frappe.get_all("Recovery Notice", filters={"incident": ("in", args)}, order_by="creation asc",
	fields=["name", "kind", "state", "channel_kind", "channel", "address", "attempts", "error", "uncertain", "stands_in_for"])
lines = frappe.get_all("Incident Event", filters={"incident": ("in", args), "event": "Notified"}, order_by="number asc",
	pluck="detail")
print(json.dumps({"rows": rows, "lines": lines}, default=str))
"""
QUEUE = (
	MAIL
	+ """
mail(args[0])
from frappe.email.queue import flush
flush()
names = frappe.get_all("Recovery Notice", filters={"incident": ("in", args[1:])}, pluck="name")
ids = [f"recovery-{name}@{frappe.local.site}" for name in names]
print(json.dumps(frappe.get_all("Email Queue", filters={"message_id": ("in", ids or ["-"])}, pluck="status")))
"""
)
FORGET = """
channels, names = json.loads(args[0])
mails = frappe.get_all("Email Queue", filters={"message_id": ("like", f"recovery-%@{frappe.local.site}")}, pluck="name")
frappe.db.delete("Email Queue Recipient", {"parent": ("in", mails or ["-"])})
frappe.db.delete("Email Queue", {"name": ("in", mails or ["-"])})
for doctype, field in (("Recovery Notice", "incident"), ("Incident Event", "incident"), ("Incident", "name"),
	("Notification Log", "document_name")):
	frappe.db.delete(doctype, {field: ("in", names or ["-"])})
frappe.db.delete("Recovery Channel", {"name": ("in", channels)})
frappe.db.delete("__Auth", {"doctype": "Recovery Channel", "name": ("in", channels)})
frappe.db.commit()
"""


@dataclass
class Scene:
	"""Incidents and channels of one test on one site."""

	site: BenchSite
	channels: list[str] = field(default_factory=list)
	incidents: list[str] = field(default_factory=list)

	def set_up(self, channels: dict[str, Any], *, severity: str = "S2", incidents: int = 1) -> None:
		self.channels = list(channels)
		self.incidents = self.site.python(PREPARE, json.dumps([channels, severity, incidents]), TITLE)

	def tell(self, kind: str, detail: str = "") -> list[int]:
		told: list[int] = self.site.python(TELL, kind, detail, *self.incidents)
		return told

	def deliver(self, minutes: float = 0, mail: SmtpServer | None = None) -> int:
		return int(self.site.python(DELIVER, str(minutes), str(mail.port if mail else 0), "0"))

	def found(self) -> tuple[list[dict[str, Any]], list[str]]:
		said = self.site.python(LOOK, *self.incidents)
		return said["rows"], said["lines"]

	def flush(self, smtp: SmtpServer) -> list[str]:
		"""Let Frappe's own queue send what it would, and return how our mails stand."""
		found: list[str] = self.site.python(QUEUE, str(smtp.port), *self.incidents)
		return found

	def mails(self, smtp: SmtpServer) -> list[EmailMessage]:
		"""The mails about these incidents that arrived."""
		found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in smtp.messages]
		return [mail for mail in found if any(name in mail["Subject"] for name in self.incidents)]  # type: ignore[misc]

	def ours(self, receiver: Receiver) -> list[tuple[Call, dict[str, Any]]]:
		"""The calls about these incidents: others may be at work on the site."""
		calls = [(call, json.loads(call.body)) for call in receiver.calls]
		return [
			(call, body) for call, body in calls if (body["incident"] or {}).get("name") in self.incidents
		]


@pytest.fixture
def scene(installed: BenchSite) -> Iterator[Scene]:
	made = Scene(installed)
	try:
		yield made
	finally:
		made.site.python(FORGET, json.dumps([made.channels or ["-"], made.incidents]))


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[SmtpServer]:
	with SmtpServer(tmp_path / "smtp") as server:
		yield server


def hook(receiver: Receiver, **values: Any) -> dict[str, Any]:
	return {
		"kind": "Webhook",
		"secret_url": f"{receiver.url}/hook",
		"secret": SECRET,
		"least_severity": "S4",
		**values,
	}


def mails(address: str = "anna@example.org, ben@example.org") -> dict[str, Any]:
	return {"kind": "E-mail", "address": address, "least_severity": "S4"}


def states(rows: list[dict[str, Any]], **wanted: Any) -> list[str]:
	return [row["state"] for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_a_webhook_that_fails_first_is_called_again_and_knows_that_we_are_we(scene: Scene) -> None:
	busy = Answer(503, {"Retry-After": "900"})
	with Receiver(Answer(500, text="password=hunter2"), busy, Answer()) as receiver:
		scene.set_up({"test-hook": hook(receiver)})
		assert scene.tell("Opened", "IBAN NL91ABNA0417164300") == [1]
		assert scene.tell("Opened", "IBAN NL91ABNA0417164300") == [0]  # the same is told once
		assert scene.deliver() == 0
		assert scene.deliver() == 0  # not before its time
		assert len(scene.ours(receiver)) == 1
		scene.deliver(2)
		scene.deliver(10)  # asked to wait for a quarter of an hour
		assert len(scene.ours(receiver)) == 2
		scene.deliver(30)
		calls = scene.ours(receiver)
	rows, lines = scene.found()
	assert states(rows, channel="test-hook") == ["Sent"]
	assert lines == ["Told test-hook (Webhook): Opened."]
	assert [call.headers["X-Recovery-Attempt"] for call, _body in calls] == ["1", "2", "3"]
	assert {call.headers["X-Recovery-Notice"] for call, _body in calls} == {
		body["id"] for _call, body in calls
	}
	assert len({body["id"] for _call, body in calls}) == 1
	for call, body in calls:
		assert is_genuine(SECRET, call.headers, call.body, datetime.now(UTC), most_seconds=120)
		assert not is_genuine("another secret", call.headers, call.body, datetime.now(UTC))
		assert (body["event"], body["incident"]["severity"], body["incident"]["count"]) == (
			"Opened",
			"S2",
			12,
		)
		assert "NL91ABNA0417164300" not in call.body.decode()
		assert "hunter2" not in call.body.decode()


def test_two_deliverers_at_once_send_each_notice_once(scene: Scene) -> None:
	with Receiver() as receiver:
		scene.set_up({"test-hook": hook(receiver, most_per_hour=0)}, incidents=8)
		assert scene.tell("Opened") == [1] * 8
		begins = str(time.time() + 4)
		both = [scene.site.start(DELIVER, "0", "0", begins) for _number in range(2)]
		sent = [result(process) for process in both]
		calls = scene.ours(receiver)
	assert sum(sent) >= 8  # others may have waited on this site, too
	assert sorted(body["incident"]["name"] for _call, body in calls) == sorted(scene.incidents)
	rows, lines = scene.found()
	assert states(rows, channel="test-hook") == ["Sent"] * 8
	assert len(lines) == 8


def test_what_a_killed_sender_was_at_is_sent_by_another_and_says_that_it_may_be_twice(scene: Scene) -> None:
	with Receiver(Answer(hang=True), Answer()) as receiver:
		scene.set_up({"test-hook": hook(receiver)})
		scene.tell("Opened")
		process = scene.site.start(DELIVER, "0", "0", "0")
		receiver.wait(1)
		process.kill()
		process.communicate()
		assert states(scene.found()[0], channel="test-hook") == ["Sending"]
		scene.deliver(5)
		assert len(scene.ours(receiver)) == 1, "it may still be at it"
		scene.deliver(11)
		scene.deliver(15)
		[(_first, before), (_second, after)] = scene.ours(receiver)
	assert before["id"] == after["id"]
	assert "may have reached you before" in after["text"]
	assert "may have reached you before" not in before["text"]
	assert states(scene.found()[0], channel="test-hook") == ["Sent"]


def test_mails_reach_each_receiver_once_and_stay_together(scene: Scene, smtp: SmtpServer) -> None:
	scene.set_up({"test-mail": mails()})
	scene.tell("Opened", "<i>Seen</i> twice.")
	scene.deliver(mail=smtp)
	scene.tell("Resolved")
	scene.deliver(mail=smtp)
	found = scene.mails(smtp)
	assert sorted(message["To"] for message in found) == ["anna@example.org"] * 2 + ["ben@example.org"] * 2
	for address in ("anna@example.org", "ben@example.org"):
		opened, resolved = (message for message in found if message["To"] == address)
		assert scene.incidents[0] in opened["Subject"]
		assert resolved["Subject"] == f"Re: {opened['Subject']}"
		assert resolved["In-Reply-To"] == opened["Message-Id"]
		body = opened.get_body(("html",)).get_content()
		assert "<i>" not in body
		assert "<b>bold" not in body
		assert "hunter2" not in body
		assert "Resolved: the problem is gone." in resolved.get_body(("plain",)).get_content()
	rows, lines = scene.found()
	assert states(rows, channel="test-mail") == ["Sent"] * 4
	assert "Told anna@example.org (E-mail, test-mail): Opened." in lines


def test_when_mail_is_broken_the_fallback_says_so_and_the_mail_comes_later_once(
	scene: Scene, smtp: SmtpServer
) -> None:
	with Receiver() as receiver:
		scene.set_up({"test-mail": mails("anna@example.org"), "test-hook": hook(receiver, is_fallback=1)})
		smtp.behaviour = "drop"
		scene.tell("Opened")
		scene.deliver(mail=smtp)
		[(_call, body)] = scene.ours(receiver)
		assert "because" in body["text"]
		assert "mail" in body["text"]
		assert states(scene.found()[0], channel="test-mail") == ["Failed"]
		assert scene.mails(smtp) == []
		smtp.behaviour = "accept"
		# Frappe's own queue leaves it to us.
		assert scene.flush(smtp) == ["Error"]
		assert scene.mails(smtp) == []
		scene.deliver(3, mail=smtp)
		scene.deliver(60, mail=smtp)
		assert scene.flush(smtp) == ["Sent"]
		assert len(scene.mails(smtp)) == 1
		scene.tell("Resolved")
		scene.deliver(61, mail=smtp)
		assert [body["event"] for _call, body in scene.ours(receiver)] == ["Opened", "Resolved"]
	assert len(scene.mails(smtp)) == 2


def test_a_receiver_that_does_not_exist_is_no_harm_to_the_others(scene: Scene, smtp: SmtpServer) -> None:
	with Receiver() as receiver:
		scene.set_up({"test-mail": mails("anna@example.org"), "test-hook": hook(receiver, is_fallback=1)})
		smtp.behaviour = "refuse recipient"
		scene.tell("Opened")
		scene.deliver(mail=smtp)
		rows, lines = scene.found()
		assert states(rows, channel="test-mail") == ["Given Up"]
		assert any("550 5.1.1 No such user here" in line for line in lines)
		assert len(scene.ours(receiver)) == 1


def test_a_mail_whose_sender_was_killed_is_not_sent_twice_and_others_are_told(
	scene: Scene, smtp: SmtpServer
) -> None:
	with Receiver() as receiver:
		scene.set_up({"test-mail": mails("anna@example.org"), "test-hook": hook(receiver, is_fallback=1)})
		smtp.behaviour = "silent"
		scene.tell("Opened")
		process = scene.site.start(DELIVER, "0", str(smtp.port), "0")
		_wait_for_sending(scene)
		process.kill()
		process.communicate()
		smtp.behaviour = "accept"
		scene.deliver(11, mail=smtp)
		scene.deliver(60, mail=smtp)
		assert scene.mails(smtp) == []
		[row] = [row for row in scene.found()[0] if row["channel"] == "test-mail"]
		assert (row["state"], row["uncertain"]) == ("Given Up", 1)
		assert "may have arrived" in row["error"]
		[(_call, body)] = scene.ours(receiver)
		assert "mail" in body["text"]
		assert scene.flush(smtp) == ["Error"]
		assert scene.mails(smtp) == []


def _wait_for_sending(scene: Scene, seconds: float = 60) -> None:
	ends = time.monotonic() + seconds
	while time.monotonic() < ends:
		code = """print(json.dumps(frappe.get_all("Email Queue", filters={"status": "Sending",
			"message_id": ("like", f"recovery-%@{frappe.local.site}")}, pluck="name")))"""
		if scene.site.python(code):
			return
	raise AssertionError("no mail was begun")
