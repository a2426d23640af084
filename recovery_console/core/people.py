"""Who asks for a run and who agrees to it."""

from __future__ import annotations

import getpass
import os
import socket

from recovery_console.core.record import dataclass

OPERATOR = "Recovery Operator"
MANAGER = "Recovery Manager"


@dataclass(frozen=True)
class Actor:
	"""Somebody who acts, or something.

	Args:
		name: ``user@example.org`` in a site, ``shell:frappe@host`` in a shell, ``scheduler`` by itself.
		roles: What they may do. Whoever has the bench's shell can do everything already.
	"""

	name: str
	roles: frozenset[str] = frozenset()

	def has(self, role: str) -> bool:
		return role in self.roles or "System Manager" in self.roles

	def is_same(self, name: str) -> bool:
		"""Tell whether a name is this person's, however it is written: as typed at a shell, too."""
		return bool(_names(self.name) & _names(name))


def _names(name: str) -> set[str]:
	"""Return what a person is called, by whomever: also without what says that it was at a shell."""
	named = name.casefold().partition(" (named by ")[0].strip()
	user = named.removeprefix("shell:")
	return {named} if user == named else {named, user, user.partition("@")[0]}


def shell_actor() -> Actor:
	"""Return who sits at this shell."""
	try:
		user = os.environ.get("SUDO_USER") or getpass.getuser()
	except (KeyError, OSError):
		user = str(os.getuid())
	return Actor(f"shell:{user}@{socket.gethostname()}", frozenset({OPERATOR, MANAGER}))


#: What the scheduler may start by itself: nothing that anybody must agree to.
SCHEDULER = Actor("scheduler", frozenset({OPERATOR}))
