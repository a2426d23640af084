"""The command `why` on a real site: the same answer inside Frappe and without it; permissions only inside."""

from __future__ import annotations

import json

from tests.bench.benches import BenchSite, break_glass


def test_the_same_answer_with_frappe_and_without(installed: BenchSite) -> None:
	for question, exit_status in (
		(("login", "nobody-at-all@example.org"), 1),
		(("import", "no such import"), 1),
		(("email", "no-such-mail"), 1),
		(("payment", "ToDo", "x"), 0),
	):
		inside = installed.run("recovery", "why", *question, "--format", "json", check=False)
		outside = break_glass(installed, "why", *question, "--format", "json")
		assert (inside.returncode, outside.returncode) == (exit_status, exit_status), (
			inside.stderr + outside.stderr
		)
		assert json.loads(inside.stdout) == json.loads(outside.stdout)


def test_permissions_are_answered_inside_the_site(installed: BenchSite) -> None:
	done = installed.run(
		"recovery", "why", "permission", "Administrator", "User", "--right", "write", check=False
	)
	assert done.returncode == 0, done.stderr
	assert "Nothing stands in the way: Administrator may do this." in done.stdout
	done = installed.run("recovery", "why", "permission", "Guest", "User", "--format", "json", check=False)
	assert done.returncode == 1, done.stderr
	assert json.loads(done.stdout)["verdict"] == "blocked"
	refused = break_glass(installed, "why", "permission", "Guest", "User")
	assert refused.returncode == 64
	assert "inside the site only" in refused.stderr
