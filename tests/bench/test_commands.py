"""The commands that runbooks name are those of the real bench: asked of each one that is found."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.bench.benches import BenchSite, environment
from tests.core.test_runbook_commands import _BENCH, BENCH, commands

#: Only one of the versions has these.
_ONE_VERSION = {"add-database-index", "describe-database-table", "remove-database-index"}


def of_frappe(site: BenchSite) -> set[str]:
	done = subprocess.run(
		[*site.frappe[:-1], "get-frappe-commands"],
		cwd=site.bench / "sites",
		env=environment(),
		capture_output=True,
		text=True,
		timeout=120,
		check=True,
	)
	return set(json.loads(done.stdout.strip().splitlines()[-1]))


def of_bench() -> set[str]:
	program = shutil.which("bench")
	if program is None:
		pytest.skip("NOT COMPARED with bench: it is not installed here")
	# Its own help lists those of Frappe, too, and differs from place to place; its code does not.
	python = Path(program).read_text("utf-8").splitlines()[0].removeprefix("#!").strip()
	code = (
		"import json; from bench.commands import bench_command; print(json.dumps([*bench_command.commands]))"
	)
	done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=120, check=True)
	return set(json.loads(done.stdout.strip().splitlines()[-1]))


def test_every_command_that_a_runbook_names_is_there(site: BenchSite) -> None:
	named = {match[2] for _runbook, text in commands() for match in _BENCH.finditer(text)}
	there = of_frappe(site) | of_bench() | {"recovery"}
	assert named <= BENCH
	assert named - there - _ONE_VERSION == set()
