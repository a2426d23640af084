"""Secrets are given to everything inside a site that people and errors can give them to, and looked for in all it keeps.

What is looked through: every row of the console's DocTypes, mails and notifications that it wrote, its own Error Log
entries, comments and versions, the answers of the API, the metrics, and each file of the evidence bundle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.benches import BenchSite
from tests.core.test_nothing_leaks import SECRETS, TEXTS, leaks

OPEN = """
from recovery_console import api_incidents
from recovery_console.in_site import bundles, notices, reviews, evidence, chronicle
from datetime import datetime, timezone
frappe.set_user("Administrator")
texts = json.loads(args[0])
every = "\\n".join(texts)
now = datetime.now(timezone.utc)
for number, text in enumerate(texts):
	doc = frappe.new_doc("Error Log")
	doc.method, doc.error = f"leak test {number}", f"Traceback (most recent call last):\\n  File \\"apps/acme/x.py\\", line {number}, in go\\nacme.Error: {text}"
	doc.insert(ignore_permissions=True)
answers = []
mark = frappe.generate_hash(length=8)
name = api_incidents.open_incident(f"Leak {mark} {texts[0]}", "S3", description=every)["name"]
answers.append(api_incidents.note(name, every))
answers.append(api_incidents.act(name, "acknowledge", every))
answers.append(api_incidents.set_severity(name, "S2", every[:1000]))
answers.append(api_incidents.pause(name, "Vendor", every[:1000]))
answers.append(api_incidents.go_on(name))
tomorrow = str(frappe.utils.add_days(frappe.utils.now_datetime(), 1))
answers.append(api_incidents.snooze(name, tomorrow, every[:1000]))
answers.append(api_incidents.wake(name))
other = api_incidents.open_incident(f"Leak {mark} twin {texts[1]}", "S3", description=every)["name"]
answers.append(api_incidents.merge(other, name))
contact = frappe._dict(contact_name="Anna", email="anna@example.org", user="Administrator", channel="")
notices.tell("Worse", name, every, contacts=[contact], now=now)
communication = frappe.new_doc("Communication", communication_type="Communication", subject=" ".join(texts[:3])[:200],
	content="x", sent_or_received="Sent", reference_doctype="Incident", reference_name=name)
communication.insert(ignore_permissions=True)
doc = frappe.get_doc("Incident", name)
doc.business_impact, doc.severity_reason = every[:1000], every[:1000]
doc.save()
frappe.db.commit()
evidence.gather(now)
chronicle.tell_of_mails(name)
answers.append(api_incidents.act(name, "resolve", every))
review = reviews.draft(name, asked=True)
file = bundles.make(name, "Administrator")
frappe.db.commit()
notices.deliver()
print(json.dumps({"names": [name, other], "review": review, "file": file, "communication": communication.name,
	"answers": json.dumps(answers, default=str, ensure_ascii=False)}))
"""
READ = """
import zipfile
from recovery_console import api_health, api_incident_page, api_incidents
frappe.set_user("Administrator")
names, review, file = json.loads(args[0]), args[1], args[2]
found = {}
for doctype in frappe.get_all("DocType", {"module": "Recovery", "issingle": 0}, pluck="name"):
	rows = frappe.db.sql(f"select * from `tab{doctype}` order by creation desc limit 3000", as_dict=True)
	found[doctype] = json.dumps(rows, default=str, ensure_ascii=False)
for doctype, filters in (
	("Email Queue", {"reference_doctype": ("in", ["Incident", "Recovery Notice", "Incident Review"])}),
	("Notification Log", {"document_type": ("in", ["Incident", "Recovery Notice", "Incident Review"])}),
	("Error Log", {"method": ("like", "%Recovery Console%")}),
	("Comment", {"reference_doctype": ("in", ["Incident", "Incident Review"])}),
	("Version", {"ref_doctype": ("in", ["Incident", "Incident Review"])}),
	("ToDo", {"reference_type": "Incident"}),
):
	rows = frappe.get_all(doctype, filters=filters, fields=["*"], limit_page_length=500, order_by="creation desc")
	found[doctype] = json.dumps(rows, default=str, ensure_ascii=False)
found["api incident"] = json.dumps(api_incidents.incident(names[0]), default=str, ensure_ascii=False)
found["api list"] = json.dumps(api_incidents.incidents(), default=str, ensure_ascii=False)
found["api story"] = json.dumps(api_incident_page.story(names[0]), default=str, ensure_ascii=False)
from recovery_console.in_site import health
found["metrics"] = health.metrics(openmetrics=True)
found["details"] = json.dumps(health.details(), default=str, ensure_ascii=False)
path = frappe.get_site_path(frappe.db.get_value("File", file, "file_url").lstrip("/"))
with zipfile.ZipFile(path) as packed:
	for part in packed.namelist():
		found[f"bundle {part}"] = packed.read(part).decode("utf-8", "replace")
print(json.dumps(found, ensure_ascii=True))
"""
FORGET = """
import os
for name in frappe.get_all("Incident", {"title": ("like", "Leak %")}, pluck="name"):
	for row in frappe.get_all("File", {"attached_to_name": name}, ["name", "file_url"]):
		path = frappe.get_site_path(row.file_url.lstrip("/"))
		os.path.exists(path) and os.unlink(path)
		frappe.db.delete("File", {"name": row.name})
	frappe.db.delete("Recovery Notice", {"incident": name})
	frappe.db.delete("Incident Event", {"incident": name})
	for doctype in ("Comment", "Communication"):
		frappe.db.delete(doctype, {"reference_name": name})
	frappe.db.delete("Version", {"docname": name})
	frappe.db.delete("Incident Review", {"incident": name})
	frappe.db.delete("Incident", {"name": name})
frappe.db.delete("Error Log", {"method": ("like", "leak test%")})
frappe.db.commit()
"""


@pytest.fixture
def planted(installed: BenchSite) -> Iterator[dict[str, Any]]:
	try:
		yield installed.python(OPEN, json.dumps(list(TEXTS.values())))
	finally:
		installed.python(FORGET)


def test_no_secret_and_no_account_number_is_kept_or_told(
	installed: BenchSite, planted: dict[str, Any]
) -> None:
	assert len(SECRETS) >= 30
	found = installed.python(READ, json.dumps(planted["names"]), planted["review"], planted["file"])
	found["answers"] = planted["answers"]
	for place in (
		"Incident",
		"Incident Event",
		"Recovery Notice",
		"Incident Review",
		"bundle errors.json",
		"answers",
	):
		assert "[redacted]" in found[place], f"nothing that was planted came to {place}"
	shown = leaks(found)
	assert not shown, "\n".join(shown)
