"""Whether somebody who agrees is somebody else."""

from __future__ import annotations

import pytest

from recovery_console.core.approval import RefusedError
from recovery_console.core.people import Actor
from recovery_console.rescue.repairing import _second

SHELL = Actor("shell:frappe@host")


@pytest.mark.parametrize(
	("actor", "requester", "same"),
	[
		("anna@example.org", "anna@example.org", True),
		("Anna@Example.org", "anna@example.org", True),
		("bert@example.org", "anna@example.org", False),
		("shell:frappe@host", "shell:frappe@host", True),
		("anna@example.org (named by shell:frappe@host)", "anna@example.org", True),
		("ANNA@example.org  (named by shell:frappe@host)", "anna@example.org", True),
		("frappe (named by shell:bert@host)", "shell:frappe@host", True),
		("bert (named by shell:frappe@host)", "shell:frappe@host", False),
		("bert (named by shell:frappe@host)", "anna@example.org", False),
	],
)
def test_who_asked_is_known_again(actor: str, requester: str, same: bool) -> None:
	assert Actor(actor).is_same(requester) is same


@pytest.mark.parametrize(
	"name", ["frappe", "FRAPPE", " frappe ", "frappe@host", "shell:frappe@host", "frappe (named by anna)"]
)
def test_nobody_at_a_shell_names_himself(name: str) -> None:
	with pytest.raises(RefusedError, match="no second person"):
		_second(SHELL, name)


def test_a_name_of_blanks_is_nobody() -> None:
	assert _second(SHELL, "  ") == SHELL
	assert _second(SHELL, "anna ").name == "anna (named by shell:frappe@host)"
