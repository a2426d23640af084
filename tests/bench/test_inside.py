"""The tests that live inside the app, run by Frappe's own test runner on every test site."""

from __future__ import annotations

import re

from tests.bench.benches import BenchSite


def test_the_apps_own_tests_pass(installed: BenchSite) -> None:
	done = installed.run("run-tests", "--app", "recovery_console", check=False)
	said = done.stdout + done.stderr
	assert done.returncode == 0, said[-6000:]
	ran = sum(int(number) for number in re.findall(r"Ran (\d+) tests?", said))
	assert ran > 0, f"no test was run:\n{said[-3000:]}"
