"""`why`: a question on the command line, with an exit status that a script can use."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from recovery_console.rescue.cli import cli
from recovery_console.rescue.commands import COMMANDS
from tests.faults import all_faults
from tests.support.sample import SampleSite

USER = "anna.bakker@example.org"


def call(site: SampleSite, *arguments: str) -> Result:
	named = ("--bench", str(site.bench.folder), "--site", site.name, "why")
	return CliRunner().invoke(cli, (*named, *arguments))


def test_there_is_a_command_for_each_question() -> None:
	group = next(command for command in COMMANDS if command.name == "why")
	assert list(group.commands) == ["login", "permission", "email", "import", "payment", "job"]


def test_says_each_step_the_cause_and_the_repair(site: SampleSite) -> None:
	site.set_password("User", USER, "secret")
	site.update("User", {"name": USER}, enabled=0)
	answer = call(site, "login", USER)
	assert answer.exit_code == 1
	for part in (
		f"Why can {USER} not log in?",
		"  ✓ Is there such a user?",
		"  ✗ Is the account enabled? No:",
		"      Do: Find out in its timeline",
		f"\nThe account of {USER} is disabled.\n",
		f"  Repair: recovery-console run enable-users --param names={USER}",
	):
		assert part in answer.stdout


def test_ends_with_zero_where_nothing_stands_in_the_way(site: SampleSite) -> None:
	site.set_password("User", USER, "secret")
	answer = call(site, "login", USER, "--format", "json")
	assert answer.exit_code == 0, answer.stdout
	found = json.loads(answer.stdout)
	assert (found["version"], found["verdict"], found["repairs"]) == (1, "ok", [])
	assert all(step["verdict"] in ("ok", "skipped") for step in found["steps"])


def test_ends_with_three_where_it_could_not_look(site: SampleSite) -> None:
	site.set_password("User", USER, "secret")
	site.update("User", {"name": USER}, restrict_ip="10.1.", last_ip="")
	answer = call(site, "login", USER)
	assert answer.exit_code == 3, answer.stdout
	assert "  ? Do their addresses fit Restrict IP?" in answer.stdout
	assert call(site, "login", USER, "--address", "10.1.2.3").exit_code == 0


def test_asks_about_mails_imports_payments_and_jobs(site: SampleSite) -> None:
	all_faults()["email.stuck_in_sending"].breaks(site)
	assert "release-stuck-emails --param names=stuck1" in call(site, "email", "stuck1").stdout
	assert "has been in Sending" in call(site, "email", "b@example.com").stdout
	assert "no Data Import x" in call(site, "import", "x").stdout
	assert "no Sales Invoice x" in call(site, "payment", "Sales Invoice", "x").stdout
	# The sample stands still while its jobs become due: how it ends is for the tests in core, which stop the clock.
	assert (
		"Why does the job frappe.email.queue.flush not run?"
		in call(site, "job", "frappe.email.queue.flush").stdout
	)
	document = call(site, "email", "--doctype", "Sales Invoice", "--name", "x")
	assert "never put such a mail into its queue" in document.stdout


def test_permissions_need_frappe_and_it_says_what_to_do_instead(site: SampleSite) -> None:
	answer = call(site, "permission", USER, "User")
	assert answer.exit_code == 64
	assert "inside the site only" in answer.stderr
	assert "diagnose --check portal.custom_permissions" in answer.stderr


def test_a_wrong_call_is_no_verdict(site: SampleSite) -> None:
	assert call(site, "weather").exit_code == 64
	assert call(site, "login").exit_code == 64
	assert call(site, "email").exit_code == 64
	assert call(site, "import", "x", "--doctype", "User").exit_code == 64
