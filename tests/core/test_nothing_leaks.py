"""Secrets and account numbers are planted in every place that the console reads, and looked for in all it gives out."""

from __future__ import annotations

import gzip
import html
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from recovery_console.core.bundle import write
from recovery_console.core.file_journal import FileJournal
from recovery_console.core.impact import assess
from recovery_console.core.redact import redact
from recovery_console.core.report import Report, finding_as_dict
from recovery_console.core.site import open_site
from recovery_console.core.snapshot import append
from recovery_console.rescue.cli import cli
from recovery_console.rescue.formats import render
from tests.conftest import look_at
from tests.core.test_redact import PLANTED
from tests.support.sample import SampleSite

#: Too short to be told from what stands there by chance.
LEAST = 7
SECRETS = {kind: secret for kind, (secret, _around) in PLANTED.items() if len(secret) >= LEAST}
TEXTS = {kind: around.format(secret) for kind, (secret, around) in PLANTED.items() if kind in SECRETS}
TRACE = 'Traceback (most recent call last):\n  File "apps/acme/acme/{n}.py", line 1, in go\n    go()\nacme.Error{n}: {text}'


def leaks(outputs: dict[str, str]) -> list[str]:
	"""Say which secrets stand in which outputs, as they are or as JSON, HTML or a URL writes them."""
	found = []
	for place, text in outputs.items():
		for kind, secret in SECRETS.items():
			for form in {secret, json.dumps(secret)[1:-1], html.escape(secret), secret.replace("\n", " ")}:
				at = text.find(form)
				if at >= 0:
					found.append(f"{kind} in {place}: …{text[max(0, at - 60) : at + 40]}…")
	return found


# -- places


def texts(place: str) -> list[str]:
	"""The texts to plant in a place, each with a mark by which is told that the place was read."""
	return [f"{text} seen in {place}" for text in TEXTS.values()]


def _error_log(site: SampleSite) -> None:
	for number, text in enumerate(texts("error log")):
		site.insert(
			"Error Log",
			method=text[:140],
			error=TRACE.format(n=number, text=text),
			creation=site.hours_ago(1),
		)


def _jobs(site: SampleSite) -> None:
	for number, text in enumerate(texts("jobs")):
		trace = TRACE.format(n=number, text=text)
		site.add_job("default", method="acme.pay", kwargs={"note": text}, status="failed", exc=trace)
		site.add_job("long", method="acme.wait", kwargs={"password": text})


def _scheduled_jobs(site: SampleSite) -> None:
	job = site.rows("Scheduled Job Type", {}, ["name"])[0]["name"]
	for number, text in enumerate(texts("scheduled jobs")):
		details = TRACE.format(n=number, text=text)
		site.insert("Scheduled Job Log", scheduled_job_type=job, status="Failed", details=details)


def _mails(site: SampleSite) -> None:
	for text in texts("mails"):
		site.insert("Email Queue", status="Error", error=text, message=text, creation=site.hours_ago(2))


def _integrations(site: SampleSite) -> None:
	for text in texts("integrations"):
		site.insert(
			"Integration Request",
			status="Failed",
			integration_request_service="Acme",
			request_description=text[:140],
			url=f"https://api.example.org/pay?{text}",
			request_headers=text,
			data=text,
			output=text,
			error=text,
			creation=site.hours_ago(1),
		)


def _imports(site: SampleSite) -> None:
	name = site.insert(
		"Data Import", reference_doctype="Customer", status="Error", creation=site.hours_ago(2)
	)
	for text in texts("imports"):
		site.insert(
			"Data Import Log", data_import=name, success=0, docname=text[:140], exception=text, messages=text
		)


def _names(site: SampleSite) -> None:
	for name in dict.fromkeys(" ".join(text.split())[:130] for text in texts("names")):
		site.insert("Role", name=name, role_name=name, creation=site.hours_ago(1))
		site.insert("Server Script", name=name, script_type="API", allow_guest=1, script=name, api_method="x")
		site.insert("Property Setter", name=name, doc_type="Customer", property="label", value=name)
		site.insert("Patch Log", patch=name, creation=site.minutes_ago(30))


def _versions(site: SampleSite) -> None:
	for text in texts("versions"):
		site.insert(
			"Version",
			ref_doctype="Customer",
			docname="x",
			data=json.dumps({"changed": [["note", text, text]]}),
		)
		site.insert(
			"Activity Log", subject=text[:140], operation="Login", status="Failed", user="Administrator"
		)


def _logs(site: SampleSite) -> None:
	moment = f"{site.bench.now.astimezone():%Y-%m-%d %H:%M:%S},000"
	lines = "".join(f"{moment} ERROR {text}\n" for text in texts("logs"))
	traces = "".join(f"{moment} ERROR\n{TRACE.format(n=n, text=t)}\n" for n, t in enumerate(texts("logs")))
	for folder in (site.path / "logs", site.bench.folder / "logs"):
		folder.mkdir(exist_ok=True)
		(folder / "frappe.log").write_text(lines)
		(folder / "worker.error.log").write_text(traces)
		(folder / "web.error.log.1.gz").write_bytes(gzip.compress(traces.encode()))
		for path in folder.iterdir():
			os.utime(path, (site.bench.now.timestamp(),) * 2)


def _configuration(site: SampleSite) -> None:
	site.set_config(**{f"acme_{number}": text for number, text in enumerate(texts("configuration"))})
	site.set_config(
		mail_password=SECRETS["json"], acme_api_key=SECRETS["api key"], host_name=TEXTS["query string"]
	)
	site.bench.set_common_config(
		acme_list=list(texts("configuration")), acme_nested={"deep": list(texts("configuration"))}
	)


def _commits(site: SampleSite) -> None:
	path = site.bench.folder / "apps" / "frappe" / ".git" / "logs" / "HEAD"
	path.parent.mkdir(parents=True, exist_ok=True)
	second = int(site.bench.now.timestamp()) - 60
	with path.open("a") as file:
		for text in texts("commits"):
			said = " ".join(text.split())
			file.write(f"{'a' * 40} {'b' * 40} Anna <a@example.org> {second} +0000\tcommit: {said}\n")


PLACES: tuple[Callable[[SampleSite], None], ...] = (
	*(_error_log, _jobs, _scheduled_jobs, _mails, _integrations, _imports),
	*(_names, _versions, _logs, _configuration, _commits),
)


#: Places of which something is shown; of the others only numbers are.
READ = (*("error log", "jobs", "scheduled jobs", "mails", "imports", "names", "logs", "commits"),)


@pytest.fixture
def processes(site: SampleSite) -> Iterator[None]:
	"""Processes of the bench with secrets in their arguments and in their environment."""
	arguments = [[" ".join(text.split())] for text in TEXTS.values()]
	environment = {**os.environ, "FRAPPE_DB_PASSWORD": SECRETS["json"]}
	started = [
		subprocess.Popen(
			[sys.executable, "-c", "import sys; sys.stdin.read()", *given],
			cwd=site.bench.folder,
			env=environment,
			stdin=subprocess.PIPE,
		)
		for given in arguments[:12]
	]
	yield
	for process in started:
		process.kill()
		process.communicate()


@pytest.fixture
def planted(site: SampleSite, processes: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SampleSite]:
	monkeypatch.setenv("FRAPPE_ACME_PASSWORD", SECRETS["json"])
	for plant in PLACES:
		plant(site)
	yield site
	for folder in (site.path / "logs", site.bench.folder / "logs"):
		for name in ("frappe.log", "worker.error.log", "web.error.log.1.gz"):
			(folder / name).unlink(missing_ok=True)


# -- outputs


def _reports(site: SampleSite, report: Report) -> dict[str, str]:
	now = site.bench.now
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		found = {form: render(report, form, opened, colour=False) for form in ("text", "json", "html")}
		findings = [redact(finding_as_dict(finding)) for finding in report.findings]
		found["impact"] = json.dumps(assess(opened, findings[:10]).as_dict(), ensure_ascii=False)
		found["impact sentence"] = assess(opened, findings[:10]).sentence
	found["snapshot"] = append(site.path, report.as_dict()).read_text()
	return found


def _bundle(site: SampleSite, report: Report, path: Path) -> dict[str, str]:
	now = site.bench.now
	incident: dict[str, Any] = {
		"name": "INC-1",
		"title": " ".join(TEXTS.values())[:2000],
		"description": "\n".join(TEXTS.values()),
		"first_seen": now.isoformat(),
		"timeline": [
			{"number": n, "detail": text, "actor": text} for n, text in enumerate(TEXTS.values(), 1)
		],
		"findings": [finding_as_dict(finding) for finding in report.findings],
		"impact": {"groups": [_group(text) for text in TEXTS.values()], "unknown": list(TEXTS.values())},
	}
	with open_site(site.bench.folder, site.name, clock=lambda: now) as opened:
		journal = FileJournal(opened.path)
		manifest = write(opened, incident, path, journal=journal, whole_bench=True)
	found = {"manifest as returned": json.dumps(manifest, ensure_ascii=False)}
	with zipfile.ZipFile(path) as packed:
		names = packed.namelist()
		found |= {f"bundle {name}": packed.read(name).decode("utf-8", "replace") for name in names}
		found["names in the bundle"] = "\n".join(names)
	return found


def _group(text: str) -> dict[str, Any]:
	return {"kind": "others", "doctype": text, "count": 1, "exact": True, "amounts": {}, "samples": [text]}


def _command_line(site: SampleSite) -> dict[str, str]:
	"""Everything that break-glass prints and keeps, given the texts to say."""
	base = ["--bench", str(site.bench.folder), "--site", site.name]
	everything = "\n".join(TEXTS.values())
	opened = CliRunner().invoke(cli, [*base, "incident", "open", "A problem", "--description", everything])
	name = opened.stdout.strip()
	calls = {
		"open": [],
		"note": ["incident", "note", name, everything],
		"show": ["incident", "show", name],
		"show json": ["incident", "show", name, "--format", "json"],
		"report": ["incident", "report", name],
		"list": ["incident", "list", "--format", "json"],
		"diagnose": ["diagnose", "--format", "json"],
		"explain": ["explain", everything],
		"run": ["run", "release-stuck-emails", "--plan-only", "--reason", everything],
		"errors": ["run", "clear-errors", "--plan-only", "--format", "json"],
	}
	found = {"open": opened.output}
	for call, arguments in calls.items():
		if arguments:
			done = CliRunner().invoke(cli, [*base, *arguments])
			found[call] = done.stdout + done.stderr
	assert name, opened.output
	return {f"command {call}": text for call, text in found.items()}


def _kept(site: SampleSite) -> dict[str, str]:
	"""Every file that the console wrote beside the site."""
	folder = site.path / "private" / "recovery_console"
	return {
		str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
		for path in sorted(folder.rglob("*"))
		if path.is_file()
	}


def test_there_are_enough_kinds() -> None:
	assert len(SECRETS) >= 30
	assert sum("iban" in kind for kind in SECRETS) >= 8
	assert leaks({"x": f"before {SECRETS['json']} after"})


def test_no_secret_and_no_account_number_leaves(
	planted: SampleSite, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
	report = look_at(planted)
	outputs = {
		**_reports(planted, report),
		**_bundle(planted, report, tmp_path / "evidence.zip"),
		**_command_line(planted),
		**_kept(planted),
		"what was logged": caplog.text,
	}
	assert len(outputs) > 30
	everything = "\n".join(outputs.values())
	unread = [place for place in READ if f"seen in {place}" not in everything]
	assert not unread, "planted where nothing is read, or what was read is not shown"
	found = leaks(outputs)
	assert not found, "\n".join(found)
