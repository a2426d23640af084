"""The rules of the house, each with a message that says what to do."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import recovery_console
from recovery_console.core.registry import FAMILIES, all_checks
from recovery_console.core.thresholds import parse, show

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "recovery_console"
CHECKS = list(all_checks().values())
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "doctype" not in path.parts)
MARKDOWN = sorted(path for path in ROOT.rglob("*.md") if not {".venv", "node_modules"} & set(path.parts))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_asks_one_question_and_states_its_cost(check: type) -> None:
	text = (check.__doc__ or "").strip()
	assert text.splitlines()[0].endswith("?"), f"{check.id}: the first line of the docstring is the question"
	assert "Cost:" in text, f"{check.id}: say what it costs, after `Cost:`"
	assert check.title, f"{check.id}: give it a title for lists"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_can_be_loaded(check: type) -> None:
	importlib.import_module(check.__module__)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_checks_causes_exist(check: type) -> None:
	unknown = sorted(set(check.explained_by) - set(all_checks()))
	assert not unknown, f"{check.id}: explained_by names checks that do not exist"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_threshold_reads_back_as_it_is_shown(check: type) -> None:
	for name, value in check.parameters().items():
		assert parse(check, name, show(value)) == value


def test_every_folder_of_checks_is_a_family() -> None:
	folders = {path.name for path in (PACKAGE / "core" / "checks").iterdir() if path.is_dir()} - {
		"__pycache__"
	}
	assert sorted(folders - set(FAMILIES)) == [], "add it to FAMILIES in core/registry.py"


def test_core_works_where_frappe_cannot_be_imported() -> None:
	code = (
		"import sys; sys.modules['frappe'] = None\n"
		"from recovery_console.core.registry import all_checks\n"
		"import recovery_console.rescue.cli\n"
		"assert all_checks()"
	)
	subprocess.run([sys.executable, "-c", code], check=True)


def test_the_command_line_starts_without_the_database_drivers() -> None:
	code = (
		"import sys, recovery_console.rescue.cli\n"
		"heavy = {'pymysql', 'psycopg2', 'redis', 'psutil', 'schwifty', 'frappe'} & set(sys.modules)\n"
		"assert not heavy, heavy"
	)
	subprocess.run([sys.executable, "-c", code], check=True)


def test_every_import_of_our_own_resolves() -> None:
	"""Also those inside functions, where a mistake shows only when somebody needs them."""
	broken = []
	for path in SOURCES:
		for node in ast.walk(ast.parse(path.read_text())):
			if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recovery_console.core"):
				module = importlib.import_module(node.module or "")
				for alias in node.names:
					if not hasattr(module, alias.name):
						try:
							importlib.import_module(f"{node.module}.{alias.name}")
						except ModuleNotFoundError:
							broken.append(f"{path.relative_to(ROOT)}: {node.module}.{alias.name}")
	assert broken == []


def test_the_changelog_begins_with_this_version() -> None:
	found = re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
	assert found is not None
	assert found[1] == recovery_console.__version__


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_in_markdown_lead_somewhere(path: Path) -> None:
	links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text())
	assert [link for link in links if not (path.parent / link).exists()] == []


def test_no_file_is_a_leftover() -> None:
	leftovers = re.compile(r"^(debug|fix|temp|tmp)(_|$)|_(v2|new|old|enhanced)$")
	names = [path for path in [*SOURCES, *ROOT.glob("tests/**/*.py")] if leftovers.search(path.stem)]
	assert names == [], "finish it under its own name, or delete it"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_has_one_room(path: Path) -> None:
	lines = len(path.read_text().splitlines())
	most = 400 if "checks" not in path.parts or path.name.startswith("_") else 150
	assert lines <= most, f"{path.relative_to(ROOT)} has {lines} lines: is there a second room inside?"


def test_nothing_of_core_runs_a_shell_or_unpickles() -> None:
	banned = {"pickle", "subprocess", "marshal", "shelve"}
	allowed = {
		PACKAGE / "core" / "knowledge" / "sandbox.py",  # a process of our own, to stop a site's slow patterns
		# The database's own programs, which alone can dump and load it; called with a list of arguments of ours.
		PACKAGE / "core" / "actions" / "backups" / "_programs.py",
	}
	used = []
	for path in sorted(set((PACKAGE / "core").rglob("*.py")) - allowed):
		for node in ast.walk(ast.parse(path.read_text())):
			names = []
			if isinstance(node, ast.Import):
				names = [alias.name for alias in node.names]
			elif isinstance(node, ast.ImportFrom):
				names = [node.module or ""]
			used += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in banned]
	assert used == []
	assert not any("shell=" in path.read_text() for path in allowed)


def test_checks_name_columns_in_the_way_that_binds_values() -> None:
	"""`table.field("x")` gives a plain PyPika field on a subquery; inside Frappe that one fails."""
	used = [
		f"{path.relative_to(ROOT)}:{number}"
		for path in sorted((PACKAGE / "core" / "checks").rglob("*.py"))
		for number, line in enumerate(path.read_text().splitlines(), start=1)
		if ".field(" in line
	]
	assert used == [], 'write table["x"]'


def test_what_is_logged_names_its_text() -> None:
	"""Without a message Frappe keeps the values of all variables: addresses with a key in them, what somebody typed."""
	silent = [
		f"{path.relative_to(ROOT)}:{node.lineno}"
		for path in PACKAGE.rglob("*.py")
		for node in ast.walk(ast.parse(path.read_text()))
		if isinstance(node, ast.Call)
		and isinstance(node.func, ast.Attribute)
		and node.func.attr == "log_error"
		and not any(given.arg == "message" for given in node.keywords)
	]
	assert not silent, "say message=frappe.get_traceback()"
