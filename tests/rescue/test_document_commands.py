"""The commands of the documents are typed as they stand there, at a sample site that has something to repair."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Samples
from tests.document_commands import Command, commands
from tests.faults import all_faults
from tests.support.sample import SampleSite

#: The names of the documents that stand for something of the site.
SITE, RUN, INCIDENT = "SITE", "RUN", "INCIDENT"
RUNBOOK = "release-stuck-emails"
#: From here on an exit status says that the call made no sense, not how the site is.
USAGE = 64
#: What somebody says who is asked, and what comes down a pipe.
ANSWERS = "y\ny\ny\n"
AN_ERROR = "pymysql.err.OperationalError: (1213, 'Deadlock found')\n"
CASES = [case for case in commands() if case.runs and not case.in_bench]


@pytest.fixture(scope="module")
def broken(samples: Samples, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SampleSite, Path]]:
	"""A site with stuck mails, and a folder in which somebody stands."""
	site = samples.site("sqlite")
	all_faults()["email.stuck_in_sending_many"].breaks(site)
	card = Path(site.path) / "private" / "recovery_console" / "contacts.txt"
	card.parent.mkdir(parents=True, exist_ok=True)
	card.write_text("E1 Ada, +31 20 555 0100\n")
	yield site, tmp_path_factory.mktemp("here")
	site.bench.restore()


def typed(site: SampleSite, arguments: list[str], said: str = "") -> subprocess.CompletedProcess[str]:
	environment = {name: value for name, value in os.environ.items() if not name.startswith("FRAPPE_")}
	return subprocess.run(
		[sys.executable, "-m", "recovery_console.rescue", *arguments],
		cwd=site.bench.folder,
		env=environment,
		input=said,
		capture_output=True,
		text=True,
		timeout=180,
	)


def given(site: SampleSite, name: str, command: Command) -> str:
	"""Return what a name of the documents stands for at this site."""
	here = ["--site", site.name]
	if name == SITE:
		return site.name
	if name == INCIDENT:
		made = typed(site, [*here, "incident", "open", "The till is down", "--severity", "S3"])
		assert made.returncode == 0, made.stderr
		return made.stdout.split()[0]
	wanted = [*here, "run", RUNBOOK, "--reason", "a test", "--format", "json"]
	typed(site, [*wanted, *(["--yes"] if "undo" in command.arguments else [])])
	newest: dict[str, str] = json.loads(typed(site, [*here, "runs", "--format", "json"]).stdout)[0]
	return newest["id"]


@pytest.mark.parametrize("command", CASES, ids=str)
def test_a_command_of_the_documents_does_what_it_says(
	broken: tuple[SampleSite, Path], command: Command
) -> None:
	site, here = broken
	outside = {".": str(site.bench.folder)}
	arguments = [
		outside.get(word) or (given(site, _name(word), command) if _name(word) else word)
		for word in command.arguments
	]
	if "--site" not in arguments and "--all-sites" not in arguments:
		arguments = ["--site", site.name, *arguments]
	for place, word in enumerate(arguments):
		if word == "--output":
			arguments[place + 1] = str(here / arguments[place + 1])
		if word == "--file":
			arguments[place + 1] = str(_file(site, arguments[place + 1]))
	done = typed(site, arguments, ANSWERS if _asks(arguments) else AN_ERROR)
	assert done.returncode < USAGE, done.stderr
	assert done.stdout or done.stderr


def _asks(arguments: list[str]) -> bool:
	return bool({"run", "undo"}.intersection(arguments))


def _name(word: str) -> str:
	"""Return what a word stands for; empty where it means itself."""
	return RUN if re.fullmatch(r"RC-RUN-[\dA-F-]+", word) else word if word in (SITE, RUN, INCIDENT) else ""


def _file(site: SampleSite, name: str) -> Path:
	path = Path(site.bench.folder) / name
	if not path.exists() or not path.read_text().strip():
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text("frappe.exceptions.DoesNotExistError: nothing\n")
	return path


def test_there_are_some() -> None:
	assert len(CASES) >= 15
