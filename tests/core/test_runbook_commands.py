"""Manual steps name commands that exist: those of bench and of Frappe by name, our own by the real command line."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from recovery_console.core.registry import all_checks
from recovery_console.core.runbooks import all_runbooks
from recovery_console.rescue.cli import cli

#: Commands of bench 5 and of Frappe 15 and 16 that runbooks may name; both sources were searched for each.
BENCH = frozenset(
	{
		*(
			"backup",
			"build",
			"build-search-index",
			"bypass-patch",
			"clear-cache",
			"clear-log-table",
			"clear-website-cache",
		),
		*(
			"config",
			"console",
			"create-rq-users",
			"db-console",
			"destroy-all-sessions",
			"disable-user",
			"doctor",
			"download-translations",
		),
		*(
			"enable-scheduler",
			"disable-scheduler",
			"execute",
			"export-csv",
			"export-doc",
			"export-json",
			"find",
			"get-app",
		),
		*(
			"import-doc",
			"init",
			"install-app",
			"list-apps",
			"migrate",
			"migrate-to",
			"new-site",
			"partial-restore",
		),
		*(
			"pip",
			"purge-jobs",
			"ready-for-migration",
			"rebuild-global-search",
			"recovery",
			"reload-doc",
			"reload-doctype",
		),
		*(
			"remove-app",
			"remove-from-installed-apps",
			"renew-lets-encrypt",
			"request",
			"reset-perms",
			"restart",
			"restore",
		),
		*(
			"run-patch",
			"scheduler",
			"set-admin-password",
			"set-config",
			"set-maintenance-mode",
			"set-password",
			"setup",
		),
		*(
			"show-config",
			"show-pending-jobs",
			"start",
			"start-recording",
			"stop-recording",
			"switch-to-branch",
		),
		*(
			"transform-database",
			"trigger-scheduler-event",
			"trim-database",
			"trim-tables",
			"uninstall-app",
			"update",
			"use",
		),
		*(
			"add-database-index",
			"add-system-manager",
			"add-user",
			"data-import",
			"drop-site",
			"describe-database-table",
		),
		*("version", "worker", "schedule", "serve", "watch", "exclude-app", "include-app", "data-import"),
	}
)
_BENCH = re.compile(r"(?:^|[;&|]\s*|sudo\s+|`)bench\s+((?:--\S+\s+(?:\{site\}|\S+)\s+)*)([a-z][a-z-]+)")


def commands() -> list[tuple[str, str]]:
	"""Return each command and instruction of a manual step with its runbook."""
	return [
		(runbook.id, text)
		for runbook in all_runbooks().values()
		for step in runbook.steps
		for text in (step.command, step.instruction)
		if text
	]


def test_commands_of_bench_exist() -> None:
	unknown = {
		f"{runbook}: bench {match[2]}"
		for runbook, text in commands()
		for match in _BENCH.finditer(text)
		if match[2] not in BENCH
	}
	assert not unknown


OWN = [
	(runbook, match[1].strip())
	for runbook, text in commands()
	for match in re.finditer(r"recovery-console((?: [^;|&]+)?)", text)
	if "…" not in match[1] and match[1].strip()
]


@pytest.mark.parametrize(("runbook", "call"), OWN)
def test_our_own_commands_exist(runbook: str, call: str) -> None:
	words = [word for word in shlex.split(call) if word != "-"]
	done = CliRunner().invoke(cli, [*words, "--help"])
	assert done.exit_code == 0, f"{runbook}: {call}: {done.output}"
	for name in re.findall(r"--check (\S+)", call):
		assert name in all_checks(), f"{runbook}: there is no check {name}"
