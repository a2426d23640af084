"""However one asks, a site gives the same answer."""

from __future__ import annotations

import json
from typing import Any

from tests.bench.benches import BenchSite, break_glass

#: A request through Frappe's own web stack, by a user who has the role and nothing else.
OVER_HTTP = """
from werkzeug.test import Client
from frappe.app import application
user = frappe.new_doc("User", email="recovery-operator@example.org", first_name="Operator", send_welcome_email=0)
user.flags.no_welcome_mail = True
user.append("roles", {"role": "Recovery Operator"})
user.api_key, user.api_secret = "recovery-console-test", frappe.generate_hash(length=20)
secret = user.api_secret
user.insert(ignore_permissions=True)
frappe.db.commit()
try:
	response = Client(application).post(
		"/api/method/recovery_console.api.diagnose",
		headers={"Host": site, "X-Frappe-Site-Name": site, "Authorization": f"token recovery-console-test:{secret}"},
	)
	text = response.get_data(as_text=True)
finally:
	frappe.init(site, sites_path=".", **({"force": True} if "force" in frappe.init.__code__.co_varnames else {}))
	frappe.connect()
	frappe.delete_doc("User", "recovery-operator@example.org", force=True)
	frappe.db.commit()
assert response.status_code == 200, text
print(json.dumps(json.loads(text)["message"]))
"""


def said(report: dict[str, Any]) -> list[Any]:
	"""Reduce a report to what must not depend on who asks, and when within a minute.

	How many jobs wait does: making and removing the user of the request puts some into the queue.
	"""
	return [
		(
			check["id"],
			check["status"],
			check["reason"],
			[
				(
					found["fingerprint"],
					found["severity"],
					None if check["id"] == "jobs.backlog" else found["count"],
					found["caused_by"],
				)
				for found in check["findings"]
			],
		)
		for check in report["checks"]
	]


def test_api_execute_bench_and_break_glass_say_the_same(installed: BenchSite) -> None:
	over_http = said(installed.python(OVER_HTTP))
	executed = installed.run("execute", "recovery_console.api.diagnose")
	in_bench = installed.run("recovery", "diagnose", "--format", "json", check=False)
	outside = break_glass(installed, "diagnose", "--format", "json")
	assert outside.returncode == in_bench.returncode in (0, 1, 2, 3), outside.stderr + in_bench.stderr
	assert said(json.loads(outside.stdout)) == over_http
	assert said(json.loads(in_bench.stdout)) == over_http
	assert said(json.loads(executed.stdout)) == over_http


def test_usage_errors_are_no_state_of_the_site(installed: BenchSite) -> None:
	for wrong in (("--family", "nope"), ("--check", "nope"), ("--nope",)):
		assert installed.run("recovery", "diagnose", *wrong, check=False).returncode == 64
		assert break_glass(installed, "diagnose", *wrong).returncode == 64


def test_a_snapshot_from_the_shell_is_kept_as_a_document(installed: BenchSite) -> None:
	done = installed.run("recovery", "snapshot")
	name = done.stderr.strip().splitlines()[-1].rpartition(" ")[2]
	code = (
		"print(json.dumps(frappe.db.get_value('Health Snapshot', args[0], ['status', 'taken_by'])))\n"
		"frappe.db.delete('Health Snapshot', {'name': args[0]}); frappe.db.commit()"
	)
	status, taken_by = installed.python(code, name)
	assert (status.lower(), taken_by) == (done.stdout.strip(), "Command Line")
