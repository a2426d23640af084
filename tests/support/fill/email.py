"""Email: the default account, a queue in which everything was sent, the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.fill.users import CUSTOMERS, Person

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite

ACCOUNT = "Notifications"
ADDRESS = "notifications@example.org"
PASSWORD = "correct horse battery"


def fill(site: SampleSite) -> None:
	"""A default outgoing account that can log in, and three days of sent mail."""
	smtp = site.bench.smtp
	site.insert(
		"Email Account",
		name=ACCOUNT,
		email_account_name=ACCOUNT,
		email_id=ADDRESS,
		enable_outgoing=1,
		default_outgoing=1,
		enable_incoming=0,
		default_incoming=0,
		smtp_server=smtp.host if smtp else "smtp.example.org",
		smtp_port=str(smtp.port if smtp else 587),
		use_tls=0 if smtp else 1,
		auth_method="Basic",
		password="*" * 20,
		creation=site.days_ago(150),
	)
	site.set_password("Email Account", ACCOUNT, PASSWORD)
	for number in range(24):
		_sent(site, number, CUSTOMERS[number % len(CUSTOMERS)])


def _sent(site: SampleSite, number: int, person: Person) -> None:
	created = site.hours_ago(3 * number + 0.5)
	sent = site.hours_ago(3 * number + 0.4)
	message_id = f"{number:06d}.sample@{site.name}"
	communication = site.insert(
		"Communication",
		subject=f"Notice {number}",
		communication_type="Communication",
		communication_medium="Email",
		sent_or_received="Sent",
		status="Linked",
		sender=ADDRESS,
		recipients=person.email,
		content="<p>Hello</p>",
		delivery_status="Sent",
		message_id=message_id,
		email_account=ACCOUNT,
		reference_doctype="User",
		reference_name=person.email,
		creation=created,
		modified=sent,
	)
	name = site.insert(
		"Email Queue",
		sender=f"Notifications <{ADDRESS}>",
		status="Sent",
		message=f"From: {ADDRESS}\nTo: <!--recipient-->\nSubject: Notice {number}\n\nHello",
		message_id=message_id,
		reference_doctype="User",
		reference_name=person.email,
		communication=communication,
		email_account=ACCOUNT,
		creation=created,
		modified=sent,
	)
	site.insert(
		"Email Queue Recipient",
		parent=name,
		recipient=person.email,
		status="Sent",
		creation=created,
		modified=sent,
	)
