"""Logs and long work of a site in use: log-ins, versions, imports, reports, web calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.fill.users import CUSTOMERS, STAFF

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


def add_file(site: SampleSite, name: str, content: str, doctype: str, document: str, **values: object) -> str:
	"""A private file on disk with its File row, attached to a document. The file's URL."""
	path = site.path / "private" / "files" / name
	path.write_text(content)
	url = f"/private/files/{name}"
	site.insert(
		"File",
		file_name=name,
		file_url=url,
		is_private=1,
		file_size=len(content.encode()),
		attached_to_doctype=doctype,
		attached_to_name=document,
		content_hash=site.new_name("content"),
		**values,
	)
	return url


def fill(site: SampleSite) -> None:
	"""Everything that happened lately went well."""
	_logins(site)
	_data_import(site)
	_reports(site)
	_integrations(site)
	_notifications(site)


def _logins(site: SampleSite) -> None:
	people = (*STAFF, *CUSTOMERS)
	for number in range(20):
		person = people[number % len(people)]
		moment = site.hours_ago(1 + 6 * number)
		site.insert(
			"Activity Log",
			subject=f"{person.full_name} logged in",
			operation="Login",
			status="Success",
			user=person.email,
			full_name=person.full_name,
			ip_address="192.0.2.10",
			communication_date=moment,
			creation=moment,
			owner=person.email,
		)
	for number, person in enumerate(STAFF):
		site.insert(
			"Version",
			ref_doctype="User",
			docname=person.email,
			data=json.dumps(
				{"changed": [["language", "nl", "en"]], "added": [], "removed": [], "row_changed": []}
			),
			creation=site.days_ago(20 + number),
		)


def _data_import(site: SampleSite) -> None:
	name = f"Contact Import on {site.days_ago(4):%Y-%m-%d %H:%M:%S.%f}"
	lines = "\n".join(f"{person.first},{person.email}" for person in CUSTOMERS)
	url = add_file(
		site, "contacts.csv", f"First Name,Email\n{lines}\n", "Data Import", name, creation=site.days_ago(4)
	)
	site.insert(
		"Data Import",
		name=name,
		reference_doctype="Contact",
		import_type="Insert New Records",
		import_file=url,
		status="Success",
		payload_count=len(CUSTOMERS),
		template_options="{}",
		template_warnings="",
		mute_emails=1,
		creation=site.days_ago(4),
	)
	site.insert_many(
		"Data Import Log",
		[
			{
				"data_import": name,
				"docname": person.full_name,
				"success": 1,
				"row_indexes": json.dumps([number + 1]),
				"log_index": number,
				"messages": "[]",
				"creation": site.days_ago(4),
			}
			for number, person in enumerate(CUSTOMERS, 1)
		],
	)


def _reports(site: SampleSite) -> None:
	moment = site.hours_ago(30)
	name = site.insert(
		"Prepared Report",
		report_name="Database Storage Usage By Tables",
		status="Completed",
		filters="{}",
		report_end_time=moment,
		creation=moment,
	)
	add_file(site, f"{name}.json", "[]", "Prepared Report", name, creation=moment)
	site.insert(
		"Submission Queue",
		job_id=site.job_id(site.new_name("job")),
		status="Finished",
		ref_doctype="Contact",
		ref_docname=CUSTOMERS[0].full_name,
		creation=site.days_ago(2),
		ended_at=site.days_ago(2),
	)


def _integrations(site: SampleSite) -> None:
	site.insert_many(
		"Integration Request",
		[
			{
				"integration_request_service": "Mollie",
				"status": "Completed",
				"is_remote_request": 1,
				"request_description": "Payment",
				"data": "{}",
				"output": "{}",
				"creation": site.hours_ago(10 * number),
			}
			for number in range(1, 4)
		],
	)
	webhook = site.insert(
		"Webhook",
		name="HOOK-0001",
		webhook_doctype="Contact",
		webhook_docevent="after_insert",
		request_url="https://hooks.example.org/contact",
		request_method="POST",
		enabled=1,
		creation=site.days_ago(100),
	)
	site.insert(
		"Webhook Request Log",
		webhook=webhook,
		reference_document=CUSTOMERS[0].full_name,
		url="https://hooks.example.org/contact",
		headers="{}",
		data="{}",
		response='{"ok": true}',
		creation=site.days_ago(3),
	)


def _notifications(site: SampleSite) -> None:
	site.insert_many(
		"Notification Log",
		[
			{
				"subject": "A document was assigned to you",
				"for_user": person.email,
				"from_user": "Administrator",
				"type": "Assignment",
				"document_type": "Contact",
				"document_name": CUSTOMERS[0].full_name,
				"read": 1,
				"creation": site.days_ago(1),
			}
			for person in STAFF
		],
	)
