"""What monitors ask, by a real web server: the probe, details and metrics, with Redis and without."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from tests.bench.benches import BenchSite
from tests.bench.browsers import served, wait_for
from tests.bench.test_desk_runs import NO_USERS, USERS

OPENMETRICS = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
PREPARE = """
from datetime import timedelta
from frappe.utils import now_datetime
from frappe.utils.password import get_decrypted_password, set_encrypted_password
settings = "Recovery Settings"
before = get_decrypted_password(settings, settings, "health_token", raise_exception=False)
set_encrypted_password(settings, settings, args[0], "health_token")
report = {"families": {"email": "critical", "jobs": "ok"}, "checks": [
	{"id": "email.stuck_sending", "family": "email", "status": "critical", "duration_ms": 8.1,
	 "findings": [{"severity": "critical", "title": "12 mails of alice@example.org"}]}]}
doc = frappe.new_doc("Health Snapshot")
doc.update({"status": args[1], "title": "a test", "started": now_datetime() + timedelta(minutes=5),
	"duration_ms": 412, "critical_count": 1, "families": json.dumps(report["families"]),
	"measurements": json.dumps({"email.stuck_sending.oldest_hours": 31.5}), "report": json.dumps(report)})
doc.insert(ignore_permissions=True)
frappe.db.commit()
print(json.dumps({"name": doc.name, "before": before}))
"""
CLEAN = """
from frappe.utils.password import remove_encrypted_password, set_encrypted_password
settings = "Recovery Settings"
given = json.loads(args[0])
if given["before"]:
	set_encrypted_password(settings, settings, given["before"], "health_token")
else:
	remove_encrypted_password(settings, settings, "health_token")
frappe.db.delete("Health Snapshot", {"name": given["name"]})
frappe.db.commit()
"""


@dataclass(frozen=True)
class Answer:
	status: int
	text: str
	headers: Any


@dataclass(frozen=True)
class Outside:
	"""A site that is served, with the token of its monitors."""

	address: str
	token: str

	def ask(self, method: str, verb: str = "GET", **headers: str) -> Answer:
		given = {name.replace("_", "-"): value for name, value in headers.items()}
		request = urllib.request.Request(
			f"{self.address}/api/method/recovery_console.api_health.{method}", headers=given, method=verb
		)
		try:
			with urllib.request.urlopen(request, timeout=30) as answer:
				return Answer(answer.status, answer.read().decode(), answer.headers)
		except urllib.error.HTTPError as error:
			with error:
				return Answer(error.code, error.read().decode(), error.headers)


def prepared(site: BenchSite, status: str) -> tuple[str, str]:
	token = secrets.token_urlsafe(24)
	return token, json.dumps(site.python(PREPARE, token, status))


@pytest.fixture
def outside(installed: BenchSite, tmp_path: Path) -> Iterator[Outside]:
	token, made = prepared(installed, "Critical")
	try:
		with served(installed, tmp_path / "web.log") as address:
			yield Outside(address, token)
	finally:
		installed.python(CLEAN, made)


def test_strangers_are_told_one_word_and_nothing_else(outside: Outside) -> None:
	said = outside.ask("health")
	assert (said.status, said.text) == (503, "critical\n")
	assert said.headers["Content-Type"] == "text/plain; charset=utf-8"
	assert "no-store" in said.headers["Cache-Control"]
	head = outside.ask("health", "HEAD")
	assert (head.status, head.text) == (503, "")
	for method in ("details", "metrics"):
		refused = outside.ask(method)
		assert (refused.status, refused.text) == (401, "token or role missing\n")
		assert refused.headers["WWW-Authenticate"].startswith("Bearer")
	assert outside.ask("health", "POST").status == 403


@pytest.mark.parametrize("way", ["bearer", "own header"])
def test_the_token_opens_details_and_metrics(outside: Outside, way: str) -> None:
	def asked(method: str, token: str) -> Answer:
		if way == "bearer":
			return outside.ask(method, Authorization=f"Bearer {token}", Accept=OPENMETRICS)
		return outside.ask(method, X_Recovery_Token=token, Accept=OPENMETRICS)

	details = json.loads(asked("details", outside.token).text)
	assert details["status"] == "critical"
	assert details["snapshot"]["families"]["email"] == "critical"
	assert details["snapshot"]["counts"]["critical"] == 1
	metrics = asked("metrics", outside.token)
	assert metrics.headers["Content-Type"].startswith("application/openmetrics-text")
	found = {family.name: family.samples for family in read_openmetrics(metrics.text)}
	assert found["recovery_console_email_stuck_sending_oldest_seconds"][0].value == 31.5 * 3600
	assert {sample.labels["source"]: sample.value for sample in found["recovery_console_source_up"]} == {
		"database": 1,
		"cache": 1,
		"queue": 1,
	}
	assert found["recovery_console_queue_waiting_jobs"]
	assert "alice" not in metrics.text + json.dumps(details)
	for wrong in (outside.token[:-1], outside.token.swapcase(), f"{outside.token}x", "x"):
		for method in ("details", "metrics"):
			assert asked(method, wrong).status == 401


@pytest.mark.parametrize(("role", "status"), [("Recovery Operator", 200), ("Blogger", 401)])
def test_a_role_opens_them_too(installed: BenchSite, outside: Outside, role: str, status: int) -> None:
	email, password = f"{secrets.token_hex(4)}@example.org", secrets.token_urlsafe(16)
	people = json.dumps({email: role})
	installed.python(USERS, people, password)
	try:
		given = urllib.parse.urlencode({"usr": email, "pwd": password}).encode()
		with urllib.request.urlopen(f"{outside.address}/api/method/login", given, timeout=30) as answer:
			cookies = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie")]
		for method in ("details", "metrics"):
			assert outside.ask(method, Cookie="; ".join(cookies)).status == status
	finally:
		installed.python(NO_USERS, people)


def test_the_token_opens_nothing_else_of_the_site(outside: Outside) -> None:
	bearer = f"Bearer {outside.token}"
	for path in ("frappe.auth.get_logged_user", "recovery_console.api.latest_snapshot"):
		request = urllib.request.Request(
			f"{outside.address}/api/method/{path}?recovery_console.api_health.x=1",
			headers={"Authorization": bearer, "X-Recovery-Token": outside.token},
		)
		with pytest.raises(urllib.error.HTTPError) as refused:
			urllib.request.urlopen(request, timeout=30)
		refused.value.close()
		assert refused.value.code in (401, 403)


def test_the_older_format_is_what_promtool_likes(outside: Outside) -> None:
	said = outside.ask("metrics", X_Recovery_Token=outside.token)
	assert said.headers["Content-Type"].startswith("text/plain; version=0.0.4")
	assert "recovery_console_build_info" in said.text
	assert list(read_prometheus(said.text))
	promtool = shutil.which("promtool")
	if promtool is None:
		pytest.skip("NOT COMPARED with promtool: it is not installed here (apt install prometheus)")
	done = subprocess.run(
		[promtool, "check", "metrics"], input=said.text, capture_output=True, text=True, timeout=60
	)
	assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_who_asks_too_often_is_sent_away(outside: Outside) -> None:
	statuses = [outside.ask("health").status for _question in range(125)]
	assert statuses[0] == 503
	assert statuses[-1] == 429


def test_a_probe_works_while_redis_does_not(
	installed: BenchSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setenv("FRAPPE_REDIS_CACHE", "redis://127.0.0.1:1")
	monkeypatch.setenv("FRAPPE_REDIS_QUEUE", "redis://127.0.0.1:1")
	token, made = prepared(installed, "Warning")
	try:
		with served(installed, tmp_path / "web.log") as address:
			outside = Outside(address, token)
			said = outside.ask("health")
			assert (said.status, said.text) == (200, "warning\n")
			assert outside.ask("metrics", X_Recovery_Token=token).status == 200
	finally:
		installed.python(CLEAN, made)


def test_a_real_prometheus_scrapes_it(outside: Outside, tmp_path: Path) -> None:
	program = shutil.which("prometheus")
	if program is None:
		pytest.skip("NOT SCRAPED by Prometheus: it is not installed here (apt install prometheus)")
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		port = free.getsockname()[1]
	(tmp_path / "token").write_text(outside.token)
	(tmp_path / "prometheus.yml").write_text(
		f"""
scrape_configs:
  - job_name: recovery
    scrape_interval: 1s
    metrics_path: /api/method/recovery_console.api_health.metrics
    authorization: {{credentials_file: {tmp_path / "token"}}}
    static_configs: [{{targets: ["{outside.address.removeprefix("http://")}"]}}]
"""
	)
	command = [
		program,
		f"--config.file={tmp_path / 'prometheus.yml'}",
		f"--storage.tsdb.path={tmp_path / 'data'}",
		f"--web.listen-address=127.0.0.1:{port}",
	]
	with (tmp_path / "prometheus.log").open("w") as log:
		process = subprocess.Popen(command, stdout=log, stderr=log)
		try:
			found = wait_for(lambda: scraped(port), f"Prometheus scraped; see {log.name}", seconds=40)
		finally:
			process.terminate()
			process.wait(timeout=20)
	assert found[0]["metric"]["status"] == "critical"


def scraped(port: int) -> Any:
	query = urllib.parse.urlencode({"query": "recovery_console_site_status == 1"})
	try:
		with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{query}", timeout=5) as answer:
			return json.load(answer)["data"]["result"]
	except (urllib.error.URLError, OSError):
		return []
