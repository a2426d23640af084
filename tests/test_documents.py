"""Commands in the documents exist: each is given to the real command line, as far as it can go without a site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from recovery_console.core.registry import all_checks
from recovery_console.core.runbooks import all_runbooks
from recovery_console.rescue.cli import cli
from tests.document_commands import Command, commands
from tests.generate_docs import PAGES
from tests.guides import KINDS, read_coverage

ROOT = Path(__file__).parents[1]
CASES = commands()


def test_the_documents_have_commands() -> None:
	assert len([case for case in CASES if case.runs]) >= 20


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_command_of_the_documents_exists(case: Command) -> None:
	done = CliRunner().invoke(cli, [*case.arguments, "--help"])  # parses the options, runs nothing
	assert done.exit_code == 0, done.output


def test_the_break_glass_page_fits_a_printed_page() -> None:
	lines = (ROOT / "docs" / "break-glass.md").read_text().splitlines()
	assert len(lines) <= 80, "it must fit a printed page"


def test_each_emergency_fits_a_printed_page() -> None:
	pages = (ROOT / "docs" / "emergencies.md").read_text().split("page-break-before")
	assert len(pages) > 20
	for page in pages[1:]:
		title = re.search(r"^## (.+)$", page, re.MULTILINE)
		assert title
		assert len(page.splitlines()) <= 80, f"{title[1]} must fit a printed page"


def test_the_table_of_emergencies_leads_to_each() -> None:
	text = (ROOT / "docs" / "emergencies.md").read_text()
	titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
	assert re.findall(r"^\| \[(.+?)\]\(#", text, re.MULTILINE) == titles
	assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_document_is_up_to_date(name: str) -> None:
	assert (ROOT / "docs" / name).read_text() == PAGES[name](), "run: python -m tests.generate_docs"


def test_every_item_of_the_guides_has_exactly_one_answer() -> None:
	coverage = read_coverage()
	ids = [item.id for item in coverage.items]
	accounted = sorted([*ids, *coverage.outside, *coverage.not_applicable])
	assert accounted == list(range(1, coverage.total + 1)), "each number once, none left out"
	assert ids == sorted(ids)
	for item in coverage.items:
		answers = [answer for answer in (item.checks, item.report, item.runbooks) if answer]
		assert len(answers) == 1, f"{item.id}: give it checks, a report or runbooks"
		assert item.kind in KINDS, item.id
		assert set(item.runbooks) <= set(all_runbooks()), f"{item.id}: names a runbook that does not exist"
		assert item.mentions() <= set(all_checks()), f"{item.id}: names a check that does not exist"
		assert len(item.asks.split()) <= 12, f"{item.id}: say it in fewer words"
